import { type Pseudonyms, SECRET } from './pseudonyms.js';
import { contractNames, contractValues, FILE_ENDING, isServiceWord, upperValues } from './vocabulary.js';

/** The shortest secret that is looked for inside of other texts. A shorter one could be a part of any word. */
const SHORTEST_SECRET = 6;

/** So many names are found as a whole in messages; of more, the words are replaced one by one. */
const MOST_NAMES = 5000;

const EMAIL = /^[^\s@<>"'|,;()[\]/]+@[^\s@<>"'|,;()[\]/]+$/;
const URL_FORM = /^[a-z][a-z\d+.-]*:\/\//i;
const HANDLE = /^[a-z]{1,3}\|/;
/** The name of a run: that of its job, and when it began. */
const RUN = /^(.*)_(\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d\.\d{1,3})$/s;
const DATE_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
/** Classes of the service and of what it is made of. */
const CLASS_NAME = /^(?:com\.scene7|java|javax|org\.apache)(?:\.[A-Za-z$]+)+$/;
/** Delimiters of paths and queries. */
const DELIMITERS = /([/\\?&=#;:,]+)/;
/** Parts of paths that every company has. */
const COMMON_PARTS: ReadonlySet<string> = new Set(['is', 'image', 'content', 'agm', 'render', 'scene7']);

/** What a message of the service consists of: quoted texts, URLs, handles, words, and what stands between. */
const MESSAGE_PARTS = /[a-z][a-z\d+.-]*:\/\/[^\s<>"']+|\b[a-z]{1,3}\|[^\s"'<>]*|[^\s"'<>()[\]{},;|]+/gi;

/** Replaces texts by what they mean. What is not known to be the service's own counts as somebody's. */
export class TextScrubber {
  readonly #pseudonyms: Pseudonyms;
  readonly #kept: ReadonlySet<string>;
  readonly #secrets = new Set<string>();
  /** Names of several words, which a message may hold, with their pseudonyms. */
  readonly #phrases = new Map<string, string>();
  /** Names that are words of the service too. */
  readonly #words = new Map<string, string>();

  /** @param kept - Words that need not be replaced. */
  constructor(pseudonyms: Pseudonyms, kept: Iterable<string>) {
    this.#pseudonyms = pseudonyms;
    this.#kept = new Set(kept);
  }

  /** From now on no text may contain this one, nor what it is in base64. */
  addSecret(text: string): void {
    if (text.length < SHORTEST_SECRET || text === SECRET) return;
    this.#secrets.add(text);
    this.#secrets.add(Buffer.from(text).toString('base64').replace(/=+$/, ''));
    this.#secrets.add(encodeURIComponent(text));
  }

  /** From now on the name is found in messages as a whole. */
  addName(text: string): void {
    const name = text.trim();
    if (name.length < 3 || this.#phrases.size >= MOST_NAMES) return;
    if (/[\s"'<>()[\]{},;|]/.test(name)) this.#phrases.set(name, this.value(name));
    else if (isServiceWord(name)) this.#words.set(name, this.value(name));
  }

  /** Whether a text contains a secret. */
  isSecret(text: string): boolean {
    for (const secret of this.#secrets) if (text.includes(secret)) return true;
    return false;
  }

  /** A value that belongs to somebody, in its form: an address, a URL, a handle, a path, a date, a number or a name. */
  value(text: string): string {
    if (text.trim() === '') return text === '' ? '' : ' ';
    if (this.isSecret(text)) return SECRET;
    if (this.#kept.has(text)) return text;
    if (/^(?:true|false)$/.test(text)) return text;
    if (/^\d+$/.test(text)) return this.#pseudonyms.number(text);
    if (DATE_TIME.test(text)) return this.date(text);
    if (URL_FORM.test(text)) return this.#url(text);
    if (HANDLE.test(text)) return this.handle(text);
    if (EMAIL.test(text)) return this.#pseudonyms.email(text);
    if (/[/\\]/.test(text)) return this.#path(text);
    return this.#name(text);
  }

  /** A value that the contract may list. */
  listed(text: string): string {
    return contractValues.has(text) && !this.isSecret(text) ? text : this.value(text);
  }

  /** The path of fields in an answer, such as `assetArray/items/name`. */
  fieldPath(text: string): string {
    return text.split(/[./]/).every((step) => contractNames.has(step)) ? text : this.value(text);
  }

  /** A handle, part by part, so that it still fits those that it names. */
  handle(text: string): string {
    if (this.isSecret(text)) return SECRET;
    const parts = text.split('|');
    const kind = parts[0] ?? '';
    if (parts.length === 1) return this.listed(text);
    return parts
      .map((part, i) => {
        if (i === 0 && /^[a-z]{1,3}$/.test(kind)) return kind;
        // The code of a type, which the handles of assets, image maps and zoom targets hold.
        if (/^\d{1,2}$/.test(part) && (kind === 'a' ? i === 2 : /^\d+$/.test(kind) && i === 1)) return part;
        if (/^\d+$/.test(part)) return this.#identifier(part);
        return kind === 'm' && upperValues.has(part) ? part : this.value(part);
      })
      .join('|');
  }

  /** A date and time, moved; anything else as a value. */
  date(text: string): string {
    const moved = DATE_TIME.test(text) ? this.#pseudonyms.date(text) : undefined;
    return moved ?? this.#name(text);
  }

  /** The number of something. Short ones are replaced too, since handles consist of them. */
  #identifier(digits: string): string {
    return this.#pseudonyms.number(digits.padStart(3, '0'));
  }

  /** The number of a company where it stands alone, as in its handle. */
  identifier(text: string): string {
    return /^\d+$/.test(text) ? this.#identifier(text) : this.value(text);
  }

  /** A sentence of the service, of which only its own words stay. */
  message(text: string): string {
    if (this.isSecret(text)) return SECRET;
    let found = text;
    for (const [name, pseudonym] of this.#phrases) found = found.replaceAll(name, pseudonym);
    return found.replace(MESSAGE_PARTS, (part) => this.#part(part));
  }

  #part(part: string): string {
    if (/^anon[0-9a-f]{10}(?:[@.]|$)/.test(part)) return part;
    if (URL_FORM.test(part)) return this.#url(part);
    if (HANDLE.test(part)) return this.handle(part);
    const [, word = '', end = ''] = /^(.*?)([.:!?]*)$/s.exec(part) ?? [];
    return this.#word(word) + end;
  }

  #word(word: string): string {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    if (word === '' || this.#isOwn(word)) return word;
    if (EMAIL.test(word) || DATE_TIME.test(word) || /[/\\]/.test(word)) return this.value(word);
    if (RUN.test(word)) return this.#name(word);
    const parts = word.split(/([:=])/);
    if (parts.length > 1 && parts.some((part) => /[A-Za-z]/.test(part)))
      return parts.map((part) => (/^[:=]?$/.test(part) ? part : this.#part(part))).join('');
    return this.value(word);
  }

  #isOwn(word: string): boolean {
    if (this.#kept.has(word) || isServiceWord(word) || CLASS_NAME.test(word)) return true;
    return /^-?\d{1,2}(?:\.\d{1,2})?%?$/.test(word) || !/[\p{L}\p{N}]/u.test(word);
  }

  #url(text: string): string {
    if (!URL.canParse(text)) return this.#name(text);
    const { protocol, username, host, pathname, search, hash } = new URL(text);
    const known = /^(?:https?|ftps?|sftp):$/.test(protocol) ? protocol : 'https:';
    const user = username === '' ? '' : `${this.#pseudonyms.name(username)}:${SECRET}@`;
    const server = host === '' ? '' : this.#pseudonyms.host(host);
    return `${known}//${user}${server}${this.#path(pathname)}${this.#path(search)}${this.#path(hash)}`;
  }

  /** Each step of a path, and each part of a query, by itself: a folder has one name wherever it stands. */
  #path(text: string): string {
    return text
      .split(DELIMITERS)
      .map((part, i) => (i % 2 === 1 || part === '' || COMMON_PARTS.has(part) ? part : this.#step(part)))
      .join('');
  }

  #step(part: string): string {
    const plain = decoded(part);
    return EMAIL.test(plain) ? this.#pseudonyms.email(plain) : this.#name(plain);
  }

  #name(text: string): string {
    const [, job, began] = RUN.exec(text) ?? [];
    if (job !== undefined && began !== undefined) {
      const moved = this.#pseudonyms.date(began);
      if (moved !== undefined) return `${this.value(job)}_${moved}`;
    }
    if (this.#kept.has(text)) return text;
    const [ending = ''] = FILE_ENDING.exec(text) ?? [];
    const stem = text.slice(0, text.length - ending.length);
    return stem === '' ? this.#pseudonyms.name(text) : this.#pseudonyms.name(stem) + ending.toLowerCase();
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
