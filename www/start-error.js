/** Why the module cannot run, as the outcome of a lookup that is told to the voter. */
import { assetUrl } from './assets.js';

/** What the host's policy has forbidden to this app so far, for the details. @type {Set<string>} */
const violations = new Set();

/** Those without which no lookup is possible: without a worker, and without Trusted Types, there is another way. */
const isDecisive = (/** @type {string} */ violation) => /^(connect|script|default)-src.* forbids (?!blob)/.test(violation);

/** @param {string} directive @param {string} blocked */
export const noteViolation = (directive, blocked) => violations.add(`${directive} forbids ${blocked}`);

// On a page of somebody else, others break its rules too.
const isOurs = (/** @type {string} */ blocked) =>
  /^(wasm-eval|blob|trusted-types)/.test(blocked) || blocked.startsWith(assetUrl('.'));

globalThis.document?.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, disposition }) => {
  if (disposition === 'enforce' && isOurs(blockedURI)) noteViolation(effectiveDirective, blockedURI);
});

export class StartError extends Error {
  /** @param {Stopped['outcome']} outcome @param {string} [file] @param {string} [reason] */
  constructor(outcome, file = '', reason = '') {
    super(`${file}: ${reason}`);
    /** @type {Stopped} */
    this.outcome = { outcome, problems: [{ source: assetUrl('.'), file, reason }] };
  }
}

/** What an exception at the start of the module means. @param {unknown} error @param {string} file @returns {StartError} */
export function startError(error, file) {
  if (error instanceof StartError) return error;
  const { name, message } = /** @type {Error} */ (error);
  // Firefox and WebKit tell of a policy in the exception alone.
  const isForbidden = violations.has('script-src forbids wasm-eval') || /unsafe-eval|content security/i.test(message);
  if (isForbidden) return new StartError('forbidden', file, `Content-Security-Policy: ${message}`);
  const isMemory = name === 'RangeError' || /memory/i.test(message);
  return new StartError(isMemory ? 'out_of_memory' : 'unreachable', file, message);
}

/** Where the host's policy stands in the way of a lookup, that is the outcome. @param {Answer} outcome @returns {Answer} */
export function withViolations(outcome) {
  if (outcome.outcome !== 'unreachable' || ![...violations].some(isDecisive)) return outcome;
  const told = [...violations].map((reason) => ({
    source: assetUrl('.'),
    file: '',
    reason: `Content-Security-Policy: ${reason}`,
  }));
  return { outcome: 'forbidden', problems: [...told, ...outcome.problems] };
}
