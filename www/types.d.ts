/** Names for the checker only: no browser ever loads this file. */

type Bilik = import('../pkg/bilik.js').Bilik;
type BilikOptions = import('../pkg/bilik.js').BilikOptions;
type Question = import('../pkg/bilik.js').Question;
type Outcome = import('../pkg/bilik.js').Outcome;
type Prepared = import('../pkg/bilik.js').Prepared & { data?: Provenance };
type Progress = import('../pkg/bilik.js').Progress;
type LookupOptions = import('../pkg/bilik.js').LookupOptions;
type Election = import('../pkg/bilik.js').Election;
type Warning = import('../pkg/bilik.js').Warning;
type Provenance = import('../pkg/bilik.js').Provenance;
type Problem = import('../pkg/bilik.js').Problem;
type Searched = import('../pkg/bilik.js').Searched;
type Station = import('../pkg/bilik.js').Station;
type Village = import('../pkg/bilik.js').Village;
type Saved = import('../pkg/bilik.js').Saved;

/** The outcome of that kind, or of those kinds. */
type Of<Kind extends Outcome['outcome']> = Extract<Outcome, { outcome: Kind }>;
type BadInput = Of<'bad_input'>;
/** What a screen can show; `broken` is for what should not happen. */
type Shown = Exclude<Outcome, BadInput> | { outcome: 'broken' };

/** The module's methods, wherever it runs. */
type Client = import('./client.js').BilikClient;
/** A module that runs: in a worker or on the page. */
interface Engine {
  call(method: string, args: unknown[], options?: LookupOptions): Promise<any>;
}

/** A call that waits for its answer from the worker. */
interface Call {
  done(value: any): void;
  failed(error: Error): void;
  onProgress: LookupOptions['onProgress'];
}

/** What somebody can do from an answer. */
interface Actions {
  client: Client;
  /** Back to the form, with what was typed. */
  edit(): void;
  /** Back to an empty form. */
  clear(): void;
  /** Ask the same again. */
  retry(): void;
  /** When the same is asked again by itself. */
  waiting(): HTMLElement;
  /** Ask again with the village on the identity card: 10 digits. */
  choose(village: string): void;
  /** The question that the screen answers. */
  asked(): Question;
  /** Ask again with these twelve digits instead. */
  instead(digits: string): void;
}

/** A regency that is being saved. */
interface Saving {
  code: string;
  /** Bytes. */
  done: number;
  of: number;
  abort: AbortController;
  /** Shows how far it is. */
  paint(): void;
}

/** What the form tells the page. */
interface FormListener {
  /** The first sign that somebody wants to ask. */
  onTouch(): void;
  /** So many digits that files can be fetched ahead. */
  onDigits(digits: string): void;
  /** A detail changed. */
  onChange(): void;
  /** The button was pressed. */
  onAsk(): void;
}

/** What twelve digits say of a birth. */
interface Birth {
  /** `YYYY-MM-DD` */
  date: string;
  sex: 'f' | 'm';
}

/** What goes into a calendar; all of it is public. */
interface Keepsake {
  station: Station;
  /** The election's, where it is known. */
  name: string;
  title: string;
  text: string;
  /** The page of the station. */
  url: string;
}

type Child = Node | string | false | null | undefined;
/** Attributes of an element; a function listens to the event of that name. */
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

type Language = keyof typeof import('./i18n.js').LANGUAGES;
