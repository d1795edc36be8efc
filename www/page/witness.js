/**
 * What outsiders say of the age of the data. Pages that name witnesses load this, and no others. A witness states, signed, which head
 * it saw as the newest one and when (`bilik witness`); mirrors carry its statement beside the head. Where too few have seen this head
 * lately, further mirrors are asked for a newer one; then the page says so, and goes on.
 */
import { h, p, within } from './kit.js';
import en from '../i18n/en.json' with { type: 'json' };
import id from '../i18n/id.json' with { type: 'json' };
import jv from '../i18n/jv.json' with { type: 'json' };
import su from '../i18n/su.json' with { type: 'json' };

/** @typedef {{ threshold: number, maxAge: number, named: { name: string, key: string, path: string }[] }} Witnesses as `bilik build` writes them */
/** @typedef {{ bytes: Uint8Array, said: [seen: string, seconds: number] }} Statement */

/** By what the module calls them. */
const SEEN = ['this', 'older', 'newer', 'other'];
/** A statement is no longer, and no mirror is read past it. */
const LENGTH = 160;
/** What was looked at is good for so long. */
const FRESH_MS = 60_000;
/** By then the heads of slow mirrors have come (src/wasm/source.rs). */
const LATE_MS = 9000;

/** @type {Record<string, Record<string, string>>} */
const WORDS = { id, jv, su, en };

/** As the module asks for data (src/wasm/fetch.rs). @type {RequestInit} */
const ASK = { credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', cache: 'no-store' };

/** @param {Response} response */
async function read(response) {
  const reader = response.ok ? response.body?.getReader() : undefined;
  const bytes = new Uint8Array(LENGTH);
  for (let length = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) return length === LENGTH ? bytes : undefined;
    // Longer than a statement: this throws.
    bytes.set(value, length);
    length += value.length;
  }
  throw new Error('no such file');
}

/** @param {string} url */
async function fetchStatement(url) {
  const abort = new AbortController();
  try {
    return await within('districts', fetch(url, { ...ASK, signal: abort.signal }).then(read));
  } catch {
    return undefined;
  } finally {
    abort.abort();
  }
}

class Watch {
  #ui;
  #mirrors;
  #witnesses;
  /** The latest statement of each witness, by its key. @type {Map<string, Statement>} */
  #statements = new Map();
  /** The serial of the newest head, and of the one that the screen was made from. */
  #serial = 0;
  #shown = Infinity;
  #lookedAt = -FRESH_MS;
  #isOver = false;
  #announced = '';

  /** @param {Ui} ui @param {string[]} mirrors @param {Witnesses} witnesses */
  constructor(ui, mirrors, witnesses) {
    this.#ui = ui;
    this.#mirrors = mirrors;
    this.#witnesses = witnesses;
  }

  /** Another screen is shown. */
  async show() {
    this.#shown = Infinity;
    this.paint();
    const { data } = await this.#ui.client.prepare('');
    if (data) this.#shown = data.serial;
    await this.look();
  }

  /** Looks once, and paints what it sees; a look that was a moment ago is enough. */
  async look() {
    if (performance.now() < this.#lookedAt + FRESH_MS) return;
    this.#lookedAt = performance.now();
    this.#isOver = false;
    try {
      if (!(await this.#readHead())) {
        // The page itself says that there is no data.
        this.#lookedAt = -FRESH_MS;
        return;
      }
      // In no fixed order, so that no mirror carries this alone.
      const [first = '', ...others] = [...this.#mirrors].sort(() => Math.random() - 0.5);
      await this.#ask(first);
      if (!this.#isEnough()) await Promise.all(others.map((mirror) => this.#ask(mirror)));
      if (!this.#isEnough()) {
        await this.#ui.client.call('witnessed', new Uint8Array(), '');
        await this.#readHead();
        this.#isOver = true;
        this.paint();
        await new Promise((resolve) => setTimeout(resolve, LATE_MS));
        await this.#readHead();
      }
    } catch {
      // The module did not come, which the page says where it matters.
    }
    this.#isOver = true;
    this.paint();
  }

  /** What the newest head is now, and what was said of it. Whether there is one. */
  async #readHead() {
    const { data } = await this.#ui.client.prepare('');
    if (!data) return false;
    this.#serial = data.serial;
    for (const { key } of this.#witnesses.named) await this.#judge(key, this.#statements.get(key)?.bytes);
    return true;
  }

  /** @param {string} mirror */
  async #ask(mirror) {
    await Promise.all(
      this.#witnesses.named.map(async ({ key, path }) => this.#judge(key, await fetchStatement(mirror + path))),
    );
  }

  /** Keeps a statement if the witness signed it, and later than the one that is here. @param {string} key @param {Uint8Array} [bytes] */
  async #judge(key, bytes) {
    if (!bytes) return;
    const said = await this.#ui.client.call('witnessed', bytes, key);
    const [seen, seconds] = [SEEN[said % 4], Math.floor(said / 4)];
    const before = this.#statements.get(key);
    if (!seen || (before && before.bytes !== bytes && before.said[1] <= seconds)) return;
    this.#statements.set(key, { bytes, said: [seen, seconds] });
  }

  /** Whether as many as must have seen this head, or one before it, lately, and nobody another one. */
  #isEnough() {
    const said = [...this.#statements.values()].map(({ said }) => said);
    const lately = said.filter(([, seconds]) => seconds <= this.#witnesses.maxAge);
    return lately.length >= this.#witnesses.threshold && said.every(([seen]) => seen === 'this' || seen === 'older');
  }

  /** What each of them says. */
  #lines() {
    return this.#witnesses.named.map(({ name, key }) => {
      const [seen, seconds] = this.#statements.get(key)?.said ?? ['silent', 0];
      return this.#t(`witness.${seen}`, { name, ago: this.#ago(seconds) });
    });
  }

  /** Writes it into the answer or the place that is shown, if that is made from data. */
  paint() {
    const slot = this.#ui.byId('answer');
    for (const line of slot.querySelectorAll('[data-witness]')) line.remove();
    const footer = slot.querySelector('.provenance');
    if (!this.#isOver || !footer) return;
    const isEnough = this.#isEnough();
    if (isEnough) {
      for (const [at, { key }] of this.#witnesses.named.entries()) {
        if (this.#statements.has(key)) footer.append(h('span', { 'data-witness': 'seen' }, this.#lines()[at] ?? ''));
      }
    }
    const keys = isEnough ? [] : ['witness.unsure'];
    if (this.#serial > this.#shown) keys.push('witness.found');
    const texts = keys.map((key) => this.#t(key));
    if (!isEnough) texts.push(...this.#lines(), this.#t('witness.still'));
    if (!texts.length) return;
    const text = texts.join(' ');
    const line = p(text, 'doubt');
    line.dataset.witness = isEnough ? 'newer' : 'unsure';
    slot.querySelector('h1')?.after(line);
    if (text !== this.#announced) this.#ui.announce(text);
    this.#announced = text;
  }

  /** @param {string} key @param {Record<string, string>} [values] */
  #t(key, values = {}) {
    const text = WORDS[this.#ui.language.code]?.[key] ?? /** @type {Record<string, string>} */ (id)[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  }

  /** "4 menit yang lalu". @param {number} seconds */
  #ago(seconds) {
    /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
    const units = [
      ['day', 86400],
      ['hour', 3600],
      ['minute', 60],
    ];
    const { language } = this.#ui;
    const [unit, length] = units.find(([, length]) => seconds >= length) ?? [];
    if (!unit || !length) return language.t('data.now');
    return new Intl.RelativeTimeFormat(language.locale).format(-Math.floor(seconds / length), unit);
  }
}

/**
 * Looks when the page is first touched, and again with each answer.
 * @param {Ui} ui
 * @param {Config} config
 */
export function watch(ui, { options, witnesses }) {
  const lookout = new Watch(ui, options.mirrors, JSON.parse(witnesses));
  const slot = ui.byId('answer');
  ui.root.addEventListener('focusin', () => void lookout.look(), { once: true });
  const show = () => slot.firstChild && lookout.show().catch(() => {});
  new MutationObserver(show).observe(slot, { childList: true });
  show();
}
