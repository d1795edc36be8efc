/** Names for the checker only: no browser ever loads this file. */

type Bilik = import('../pkg/bilik.js').Bilik;
/** What of the module's glue an instance is made with. */
type Glue = Pick<typeof import('../pkg/bilik.js'), 'Bilik' | 'KeyDeriver' | 'start'>;
type BilikOptions = import('../pkg/bilik.js').BilikOptions;
type Question = import('../pkg/bilik.js').Question;
type Outcome = import('../pkg/bilik.js').Outcome;
type Prepared = import('../pkg/bilik.js').Prepared & { data?: Provenance };
type Progress = import('../pkg/bilik.js').Progress;
type LookupOptions = import('../pkg/bilik.js').LookupOptions;
type Election = import('../pkg/bilik.js').Election;
type RegencyHelp = import('../pkg/bilik.js').RegencyHelp;
type Warning = import('../pkg/bilik.js').Warning;
type Provenance = import('../pkg/bilik.js').Provenance;
type Problem = import('../pkg/bilik.js').Problem;
type Searched = import('../pkg/bilik.js').Searched;
type Station = import('../pkg/bilik.js').Station;
type Village = import('../pkg/bilik.js').Village;
type Saved = import('../pkg/bilik.js').Saved;

/** What the service worker keeps: SHA-256 by path, and a version that differs when one does. `bilik build` writes it. */
declare const SHELL: { version: string; files: Record<string, string> };

/** The outcome of that kind, or of those kinds. */
type Of<Kind extends Outcome['outcome']> = Extract<Outcome, { outcome: Kind }>;
type BadInput = Of<'bad_input'>;
/** What a screen can show: outcomes, why the module cannot run, and `broken` for what should not happen. */
type Shown = Exclude<Answer, BadInput> | { outcome: 'broken'; problems?: Problem[] };

/** The module's methods, wherever it runs. */
type Client = import('./module-client.js').ModuleClient;
/** The methods of `Bilik`. */
type Method = {
  [Name in keyof Bilik]: Bilik[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof Bilik];
/** Calls one of them. */
type CallMethod = <Name extends Method>(
  method: Name,
  ...args: Parameters<Bilik[Name]>
) => Promise<Awaited<ReturnType<Bilik[Name]>>>;

/** Why the module cannot run: its own outcomes, which a lookup through the client may have. */
interface Stopped {
  outcome: 'unreachable' | 'out_of_memory' | 'no_wasm' | 'forbidden';
  problems: Problem[];
}

/** What a lookup through the client gives. */
type Answer = Outcome | Stopped;

/** Runs the module: a worker, or the page. */
interface Runner {
  send(call: PendingCall): void;
  cancel(id: number): void;
  end(): void;
}
/** What a runner tells the client. */
interface RunnerListener {
  settle(answer: CallAnswer): void;
  report(id: number, progress: Progress): void;
  /** Whether a call waits for its answer. */
  isBusy(): boolean;
  /** It has ended without a word. */
  onLost(): void;
  /** The module broke down. */
  onTrap(isMemory: boolean): void;
}

/** A call that waits for its answer. */
interface PendingCall {
  id: number;
  method: Method;
  args: unknown[];
  options: LookupOptions | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: each call has a type of its own
  resolve(value: any): void;
  reject(error: unknown): void;
  /** The module broke down over it, and it is tried once more. */
  hasTrapped: boolean;
}

/** Asks the worker to call a method; `takesOptions`: it reports progress, and may be cancelled by its id. */
interface CallMessage {
  id: number;
  method: Method;
  args: unknown[];
  takesOptions: boolean;
}
/**
 * What the page sends to worker.js: first what to start, then calls, and workers that share the derivations, or are gone; and pings, since
 * a worker may end without a word. Such a further worker is sent one message: whose derivations it shares.
 */
type ToWorker =
  | { options: BilikOptions; module: WebAssembly.Module }
  | { pool: MessagePort; module: WebAssembly.Module }
  | { deriver: MessagePort; id: number }
  | { gone: number }
  | { cancel: number }
  | CallMessage
  | 'ping';
/** What worker.js sends: that it lives; that the module runs, cannot start, or broke down; which deriver is gone; what a policy forbids it; of each call progress and its end. */
type FromWorker =
  | { state: 'alive' | 'ready' }
  | { state: 'failed'; error: { name: string; message: string } }
  | { state: 'trapped'; isMemory: boolean }
  | { lost: number }
  | { violation: [directive: string, blocked: string] }
  | { id: number; progress: Progress }
  | CallAnswer;
/** A module that runs. */
interface Instance {
  run(call: Pick<CallMessage, 'id' | 'method' | 'args'>, options?: LookupOptions): Promise<CallAnswer | undefined>;
  pool: import('./pool.js').DeriverPool;
}
/** What worker.js gives to a page that runs the module itself. */
type Instantiate = OmitFirst<typeof import('./instance.js').instantiate>;
type OmitFirst<F> = F extends (first: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;
interface CallAnswer {
  id: number;
  progress?: undefined;
  value?: unknown;
  error?: { name: string; message: string; cause?: unknown };
}

/** What one app shares (page/ui.js), and its language. */
type Ui = import('./page/ui.js').Ui;
type Language = import('./page/language.js').Language;

/** What an app is given besides its elements and its host. */
interface Config {
  options: BilikOptions;
  /** Whom to call and when stations are open, `HH:MM` twice, even if no data ever arrives. */
  help: Pick<Election, 'helpPhone' | 'helpUrl'> & {
    hours: string[];
    /** What the law says by language and list, where the page's own words do not hold. */
    rights: Record<string, Record<string, string>>;
  };
  /** Whose statements about the head the page shows, as JSON (page/witness.js); empty where there are none. */
  witnesses: string;
}

/** What an app is in (page/host.js). It dispatches `move` and `leave`. */
interface Host extends EventTarget {
  /** Carries `lang`, `data-demo` and the class `old`. */
  readonly html: HTMLElement;
  /** The address of the site. */
  readonly base: string;
  /** The language that the host asks for. */
  readonly lang: string | null;
  /** In a page of somebody else. */
  readonly isGuest: boolean;
  /** Many people use the same screen: nothing stays of a person. */
  readonly forgets?: boolean;
  /** The public place that is shown, `#/village/number`. */
  readonly hash: string;
  go(hash: string): void;
  toTop(): void;
  /** An answer is shown. */
  enterAnswer(): void;
  /** Whether an answer may be shown again where no public place is. */
  readonly isAtAnswer: boolean;
  /** Whether the host leads back to the form by itself. */
  leaveAnswer(): boolean;
  rememberLanguage(code: LanguageCode): void;
}

/** What somebody can do from an answer. */
interface Actions {
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
  /** So many digits that files can be fetched ahead, and the name when somebody rests in typing it. */
  onDetails(digits: string, name: string): void;
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
interface CalendarEntry {
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

type LanguageCode = keyof typeof import('./page/language.js').LANGUAGES;

/** A sheet that the build puts into a script as its text. */
declare module '*.css' {
  const text: string;
  export default text;
}
