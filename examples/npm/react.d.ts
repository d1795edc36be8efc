/** `<bilik-lookup>` in JSX, for React 18 and 19: `import type {} from 'bilik/react'` in one file of the app. */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { BilikAttributes } from './attributes.js';
import type { BilikEvents, BilikLookup } from './element.js';

/** React 19 listens to events of elements by their own names; with React 18, take a ref. */
type Listeners = { [Type in keyof BilikEvents as `on${Type}`]?: (event: BilikEvents[Type]) => void };

export type BilikLookupProps = DetailedHTMLProps<HTMLAttributes<BilikLookup>, BilikLookup> & BilikAttributes & Listeners;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'bilik-lookup': BilikLookupProps;
    }
  }
}
