/** `<bilik-lookup>` in Vue's templates: `import type {} from 'bilik/vue'` in one file of the app. */
import type { DefineComponent } from 'vue';
import type { BilikAttributes } from './attributes.js';

declare module 'vue' {
  interface GlobalComponents {
    'bilik-lookup': DefineComponent<BilikAttributes>;
  }
}
