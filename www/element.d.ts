/** The types of `element.js`, for pages that are written in TypeScript. docs/embedding.md explains each word. */

/** What the element is doing; the fallback shows in every state but `ready`. */
export type BilikState = 'waiting' | 'loading' | 'ready' | 'failed';

/** `unreachable`: no mirror's frame was ready in time. `refused`: the site has another election, or another key. */
export type BilikFailure = { reason: 'unreachable' | 'refused' };

/** None of the events tells anything of what is typed, searched or answered. */
export interface BilikEvents {
  /** The lookup is shown. */
  'bilik-ready': CustomEvent<null>;
  /** Somebody set the focus into it for the first time. */
  'bilik-touch': CustomEvent<null>;
  /** The fallback stays. A slow frame may still follow, and `bilik-ready` with it. */
  'bilik-error': CustomEvent<BilikFailure>;
}

export class BilikLookup extends HTMLElement {
  /** Registers the element unless the name is taken. */
  static define(name?: string, registry?: CustomElementRegistry): void;
  static readonly observedAttributes: string[];

  /** Base URLs that serve the page of the lookup, separated by spaces. Empty: the site that this script came from. */
  mirrors: string;
  /** Keys that the site must have, separated by spaces; for `inline` the keys that are trusted. */
  publicKey: string;
  /** For `inline`: how many of the keys must have signed. */
  threshold: number;
  /** The election's id, which the site must have; for `inline` the election that is asked for. */
  election: string;
  get theme(): 'auto' | 'light' | 'dark';
  set theme(theme: string);
  get loading(): 'lazy' | 'eager';
  set loading(loading: string);
  /** In the page itself and not in a frame: only for pages that the operator owns. */
  inline: boolean;

  readonly state: BilikState;
  /** The mirror whose frame is shown. */
  readonly mirror: string | undefined;

  /** Loads now, wherever it stands; after a failure, once more. */
  load(): void;

  addEventListener<K extends keyof BilikEvents>(
    type: K,
    listener: (this: BilikLookup, event: BilikEvents[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: BilikLookup, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'bilik-lookup': BilikLookup;
  }
}
