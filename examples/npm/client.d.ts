/** The types of `client.js`: the lookup without a form, for a page that you own. */
import type { Bilik, BilikOptions, LookupOptions, Outcome, Problem, Question } from './pkg/bilik.js';

export type {
  BilikOptions,
  Election,
  LookupOptions,
  Outcome,
  Prepared,
  Problem,
  Progress,
  Provenance,
  Question,
  Saved,
  Searched,
  Station,
  Village,
  Warning,
} from './pkg/bilik.js';

/** Why the module cannot run on this device, or under this page's policy. */
export interface Stopped {
  outcome: 'unreachable' | 'out_of_memory' | 'no_wasm' | 'forbidden';
  problems: Problem[];
}

/** What a lookup gives. Show all of them: `not_found` never means "not registered". */
export type Answer = Outcome | Stopped;

/** The module, in workers where there can be any. Nothing is fetched before `start` or the first call. */
export class BilikClient {
  constructor(options: BilikOptions);
  /** Starts the module ahead of the first call. */
  start(): void;
  /** Rejects only with an `AbortError`. */
  lookup(question: Question, options?: LookupOptions): Promise<Answer>;
  readonly prepare: Bilik['prepare'];
  readonly villages: Bilik['villages'];
  readonly stations: Bilik['stations'];
  readonly regency: Bilik['regency'];
  readonly save: Bilik['save'];
  readonly saved: Bilik['saved'];
  readonly remove: Bilik['remove'];
  readonly forget: Bilik['forget'];
}
