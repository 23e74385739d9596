import { PSEUDONYM, type Pseudonyms, SECRET } from './pseudonyms.js';
import { contractNames, contractValues, FILE_ENDING, isServiceWord, upperValues } from './vocabulary.js';

/** The shortest secret to find inside other text. A shorter one may be part of any word. */
const SHORTEST_SECRET = 6;

const IS_PSEUDONYM = new RegExp(`^${PSEUDONYM.source}$`);

/** Maximum number of names that are replaced as a whole in messages. The words of further names are replaced one by one. */
const MOST_NAMES = 5000;

const EMAIL = /^[^\s@<>"'|,;()[\]/]+@[^\s@<>"'|,;()[\]/]+$/;
const URL_FORM = /^[a-z][a-z\d+.-]*:\/\//i;
const HANDLE = /^[a-z]{1,3}\|/;
/** The name of a run: the name of its job, and its start. */
const RUN = /^(.*)_(\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d\.\d{1,3})$/s;
const DATE_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
/** Java classes of the service and its libraries. */
const CLASS_NAME = /^(?:com\.scene7|java|javax|org\.apache)(?:\.[A-Za-z$]+)+$/;
/** Delimiters of paths and queries. */
const DELIMITERS = /([/\\?&=#;:,]+)/;
/** Path segments that are common to all companies. */
const COMMON_PARTS: ReadonlySet<string> = new Set(['is', 'image', 'content', 'agm', 'render', 'scene7']);

/** The parts of a message of the service: URLs, handles and words. */
const MESSAGE_PARTS = /[a-z][a-z\d+.-]*:\/\/[^\s<>"']+|\b[a-z]{1,3}\|[^\s"'<>]*|[^\s"'<>()[\]{},;|]+/gi;

/** Replaces private text according to its meaning. All text that is not known to be the service's own counts as private. */
export class TextScrubber {
  readonly #pseudonyms: Pseudonyms;
  readonly #kept: ReadonlySet<string>;
  readonly #secrets = new Set<string>();
  /** Names of several words, with their pseudonyms. */
  readonly #phrases = new Map<string, string>();
  /** Names that are also words of the service. */
  readonly #words = new Map<string, string>();

  /** @param kept - Words to keep. */
  constructor(pseudonyms: Pseudonyms, kept: Iterable<string>) {
    this.#pseudonyms = pseudonyms;
    this.#kept = new Set(kept);
  }

  /** Marks a text as secret, in plain form, in base64 and URL-encoded. */
  addSecret(text: string): void {
    if (text.length < SHORTEST_SECRET || text === SECRET) return;
    this.#secrets.add(text);
    this.#secrets.add(Buffer.from(text).toString('base64').replace(/=+$/, ''));
    this.#secrets.add(encodeURIComponent(text));
  }

  /** Marks a name to replace as a whole in messages. */
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

  /** Replaces a private value and keeps its form: address, URL, handle, path, date, number or name. */
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

  /** Replaces a value unless the contract lists it. */
  listed(text: string): string {
    return contractValues.has(text) && !this.isSecret(text) ? text : this.value(text);
  }

  /** Replaces a field path unless it is one of the contract, such as `assetArray/items/name`. */
  fieldPath(text: string): string {
    return text.split(/[./]/).every((step) => contractNames.has(step)) ? text : this.value(text);
  }

  /** Replaces the parts of a handle, consistently with other handles. */
  handle(text: string): string {
    if (this.isSecret(text)) return SECRET;
    const parts = text.split('|');
    const kind = parts[0] ?? '';
    if (parts.length === 1) return this.listed(text);
    return parts
      .map((part, i) => {
        if (i === 0 && /^[a-z]{1,3}$/.test(kind)) return kind;
        // The type code in the handles of assets, image maps and zoom targets.
        if (/^\d{1,2}$/.test(part) && (kind === 'a' ? i === 2 : /^\d+$/.test(kind) && i === 1)) return part;
        if (/^\d+$/.test(part)) return this.#identifier(part);
        return kind === 'm' && upperValues.has(part) ? part : this.value(part);
      })
      .join('|');
  }

  /** Shifts a date, and replaces anything else as a name. */
  date(text: string): string {
    const moved = DATE_TIME.test(text) ? this.#pseudonyms.date(text) : undefined;
    return moved ?? this.#name(text);
  }

  /** Replaces an ID. Short ones are replaced too, since they occur in handles. */
  #identifier(digits: string): string {
    return this.#pseudonyms.number(digits.padStart(3, '0'));
  }

  /** Replaces an ID as in handles. */
  identifier(text: string): string {
    return /^\d+$/.test(text) ? this.#identifier(text) : this.value(text);
  }

  /** Replaces all words of a message that are not the service's own. */
  message(text: string): string {
    if (this.isSecret(text)) return SECRET;
    let found = text;
    for (const [name, pseudonym] of this.#phrases) found = found.replaceAll(name, pseudonym);
    return found.replace(MESSAGE_PARTS, (part) => this.#part(part));
  }

  #part(part: string): string {
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

  /** Replaces each segment of a path and each part of a query separately, so a folder has the same pseudonym everywhere. */
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
    // A phrase of a message that is already replaced, for example in a path.
    if (IS_PSEUDONYM.test(text)) return text;
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
