import { createHmac } from 'node:crypto';

const DAY = 86_400_000;

/** The form of the pseudonyms of text. */
export const PSEUDONYM: RegExp = /anon[0-9a-f]{10}/;

/** The replacement for passwords and tokens. */
export const SECRET = '[secret]';

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?=$|[T\-Z+])/;

/**
 * Creates pseudonyms for text and numbers. The same key and text result in the same pseudonym, so several runs in a folder are consistent.
 * Without the key, a guess about a pseudonym cannot be verified.
 */
export class Pseudonyms {
  readonly #key: Buffer;
  readonly #weeks: number;

  constructor(key: Buffer) {
    this.#key = key;
    // Whole weeks, to keep times and weekdays consistent with schedules.
    this.#weeks = 52 + (this.#hash('weeks').readUInt32BE() % 520);
  }

  /** Identifies the key. */
  get fingerprint(): string {
    return this.#hash('fingerprint').toString('hex').slice(0, 16);
  }

  name(text: string): string {
    return text === '' ? '' : `anon${this.#hash(`text:${text}`).toString('hex').slice(0, 10)}`;
  }

  /** The case of e-mail addresses is ignored. */
  email(text: string): string {
    return `${this.name(text.toLowerCase())}@example.com`;
  }

  host(text: string): string {
    return `${this.name(text.toLowerCase())}.example.com`;
  }

  /** A number of nine digits. Numbers of one or two digits are kept. */
  number(digits: string): string {
    if (digits.length <= 2) return digits;
    return String(100_000_000 + (this.#hash(`number:${digits}`).readUInt32BE() % 900_000_000));
  }

  /** Shifts the date at the start of a text. The rest is kept, to show the form and the time of day. */
  date(text: string): string | undefined {
    const [found, year, month, day] = DATE.exec(text) ?? [];
    if (found === undefined) return undefined;
    const moved = this.moment(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    return Number.isNaN(moved.getTime())
      ? undefined
      : moved.toISOString().slice(0, 10) + text.slice(found.length);
  }

  moment(milliseconds: number): Date {
    return new Date(milliseconds - this.#weeks * 7 * DAY);
  }

  #hash(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
