import { RecentMap } from './recent.js';

/** Failures of one user from one address before they have to wait. */
export const FREE_FAILURES = 5;

/** The longest delay, in seconds. */
export const MAX_DELAY = 30;

/** Milliseconds without a failure after which earlier ones are forgotten. */
export const FORGET_AFTER = 15 * 60_000;

/** Wrong passwords during delays, within an hour, that a user's own address may present before remembered logins from it wait too. */
export const MAX_GUESSES = 1000;

const HOUR = 60 * 60_000;

/** Entries of each table; each takes about 200 bytes. */
const MOST = 10_000;

interface Failures {
  readonly count: number;
  /** Milliseconds since the epoch of the last one. */
  readonly last: number;
}

interface Guesses {
  readonly count: number;
  readonly since: number;
}

/**
 * Delays that grow with the failed logins of a user from an address: none for the first five, then 1, 2, 4 seconds and so on, at most
 * 30. Failures from other addresses cause no delay. A user who is logged in from an address is spared the
 * delays that others cause there, up to a number of guesses.
 *
 * All times are in milliseconds, from the clock of the server.
 */
export class LoginDelays {
  readonly #failures: RecentMap<Failures>;
  /** Pairs of user and address with a successful login, and the wrong passwords that they presented during delays. */
  readonly #known: RecentMap<Guesses>;

  /** @param most - Pairs of user and address to remember. */
  constructor(most = MOST) {
    this.#failures = new RecentMap(most);
    this.#known = new RecentMap(most);
  }

  /** Seconds that the next attempt has to wait; 0 when it need not. */
  delay(key: string, now: number): number {
    const failures = this.#current(key, now);
    if (failures === undefined) return 0;
    return Math.max(0, Math.ceil((failures.last - now) / 1000 + delayAfter(failures.count)));
  }

  /** Counts an attempt as failed. A right password forgives it, and one that was not checked is taken back. */
  begin(key: string, now: number): void {
    this.#failures.set(key, { count: (this.#current(key, now)?.count ?? 0) + 1, last: now });
  }

  /** Takes back an attempt that was not checked. */
  takeBack(key: string, now: number): void {
    const failures = this.#current(key, now);
    if (failures === undefined) return;
    if (failures.count <= 1) this.#failures.delete(key);
    else this.#failures.set(key, { ...failures, count: failures.count - 1 });
  }

  /** Forgives all failures. Not for remembered logins: those of a user at work would forgive what a guesser at that address does. */
  forgive(key: string): void {
    this.#failures.delete(key);
  }

  /** Records that the user logged in from the address. */
  know(key: string, now: number): void {
    if (this.#known.get(key) === undefined) this.#known.set(key, { count: 0, since: now });
  }

  /** Whether a remembered login is accepted during a delay. */
  isSpared(key: string, now: number): boolean {
    const guesses = this.#known.get(key);
    return guesses !== undefined && (guesses.count < MAX_GUESSES || now - guesses.since >= HOUR);
  }

  /** Counts a wrong password during a delay. */
  guess(key: string, now: number): void {
    const guesses = this.#known.get(key);
    if (guesses === undefined) return;
    const isOver = now - guesses.since >= HOUR;
    this.#known.set(key, isOver ? { count: 1, since: now } : { ...guesses, count: guesses.count + 1 });
  }

  /** Forgets everything. */
  clear(): void {
    this.#failures.clear();
    this.#known.clear();
  }

  #current(key: string, now: number): Failures | undefined {
    const failures = this.#failures.get(key);
    return failures === undefined || now - failures.last >= FORGET_AFTER ? undefined : failures;
  }
}

/** Seconds to wait after a number of failures. */
function delayAfter(failures: number): number {
  return failures < FREE_FAILURES ? 0 : Math.min(MAX_DELAY, 2 ** Math.min(failures - FREE_FAILURES, 10));
}
