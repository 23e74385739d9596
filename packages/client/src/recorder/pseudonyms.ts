import { createHmac } from 'node:crypto';

const DAY = 86_400_000;

/** What every pseudonym of a text looks like. */
export const PSEUDONYM: RegExp = /anon[0-9a-f]{10}/;

/** What stands in place of passwords and tokens. */
export const SECRET = '[secret]';

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?=$|[T\-Z+])/;

/**
 * Invents names for texts and numbers. The same key gives the same text the same name, so that a folder that is recorded in several
 * runs is consistent; without the key nobody can find out, or test a guess, what a name stands for.
 */
export class Pseudonyms {
  readonly #key: Buffer;
  readonly #weeks: number;

  constructor(key: Buffer) {
    this.#key = key;
    // Whole weeks, so that times of day and days of the week still agree with schedules.
    this.#weeks = 52 + (this.#hash('weeks').readUInt32BE() % 520);
  }

  /** A short name of the key itself, by which a folder recognizes it. */
  get fingerprint(): string {
    return this.#hash('fingerprint').toString('hex').slice(0, 16);
  }

  name(text: string): string {
    return text === '' ? '' : `anon${this.#hash(`text:${text}`).toString('hex').slice(0, 10)}`;
  }

  /** E-mail addresses are compared without regard to case. */
  email(text: string): string {
    return `${this.name(text.toLowerCase())}@example.com`;
  }

  host(text: string): string {
    return `${this.name(text.toLowerCase())}.example.com`;
  }

  /** Another number, of nine digits. One or two digits say nothing, and stay. */
  number(digits: string): string {
    if (digits.length <= 2) return digits;
    return String(100_000_000 + (this.#hash(`number:${digits}`).readUInt32BE() % 900_000_000));
  }

  /** The text with its leading date moved; the rest stays, so that the form and the time of day are seen. */
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
