import { createHmac, randomBytes } from 'node:crypto';
import type { Metrics } from '../metrics.js';
import { HashOverloadError } from './hash-pool.js';
import { LoginDelays } from './login-delays.js';
import { PasswordHasher, type PasswordHasherOptions } from './password-hasher.js';
import { RecentMap } from './recent.js';

/** Logins to remember. */
const MOST_REMEMBERED = 1000;

/** Refused: the user's failed logins from the address are too many. */
export class LoginDelayError extends Error {
  override readonly name = 'LoginDelayError';
  /** Seconds after which the next attempt is checked. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super(`too many failed logins; retry in ${retryAfter} s`);
    this.retryAfter = retryAfter;
  }
}

/** Presented credentials, and what is stored for them. */
export interface LoginAttempt {
  /** As presented; case and surrounding spaces do not count. */
  readonly user: string;
  readonly password: string;
  /** The stored hash; `undefined` for a user who does not exist. */
  readonly stored: string | undefined;
  /** Where the attempt comes from, as one of the keys of `addressKey`. */
  readonly address: string;
  readonly now: Date;
}

/** How a login ended, as the label of `ips_logins_total`. */
export type LoginOutcome = 'right' | 'remembered' | 'wrong' | 'delayed' | 'overloaded';

/** Options of {@link Logins}. */
export interface LoginsOptions extends Omit<PasswordHasherOptions, 'onWaiting'> {
  readonly metrics: Metrics;
}

/**
 * Checks passwords of strangers: within bounds, with delays after failures, and without showing which users exist. Remembers right
 * passwords, since hashing each time is slow by design. A remembered login ends when the stored hash changes.
 */
export class Logins {
  readonly hasher: PasswordHasher;
  readonly #metrics: Metrics;
  readonly #secret: Buffer = randomBytes(32);
  readonly #remembered = new RecentMap<true>(MOST_REMEMBERED);
  readonly #delays = new LoginDelays();
  /** Checks in progress, which equal attempts share. */
  readonly #checking = new Map<string, Promise<boolean>>();
  /** Stored hashes that are being replaced. */
  readonly #renewing = new Set<string>();

  constructor({ metrics, ...options }: LoginsOptions) {
    this.#metrics = metrics;
    this.hasher = new PasswordHasher({
      ...options,
      onWaiting: (waiting) => metrics.passwordsWaiting.set(waiting),
    });
  }

  /**
   * Checks a login.
   *
   * @throws LoginDelayError after failed logins of the user from the address, HashOverloadError when too many logins wait.
   */
  async check(attempt: LoginAttempt): Promise<boolean> {
    const { user, password, stored, address } = attempt;
    const now = attempt.now.getTime();
    const pair = this.#digest(normalized(user), address);
    const tag = this.#tag(user, password, stored);
    const delay = this.#delays.delay(pair, now);
    if (stored !== undefined && this.#remembered.get(tag) !== undefined) {
      if (delay > 0 && !this.#delays.isSpared(pair, now)) return this.#refuse(delay);
      this.#delays.know(pair, now);
      return this.#end('remembered', true);
    }
    const own = `${tag} ${pair}`;
    const shared = this.#checking.get(own);
    if (shared !== undefined) return shared;
    if (delay > 0) {
      this.#delays.guess(pair, now);
      return this.#refuse(delay);
    }
    // Counted before it is checked: of many at once, only a few are.
    this.#delays.begin(pair, now);
    const checking = this.#verify(attempt, tag, pair).finally(() => this.#checking.delete(own));
    this.#checking.set(own, checking);
    return checking;
  }

  /** Remembers a password whose hash was just made. */
  remember(user: string, password: string, stored: string): void {
    this.#remembered.set(this.#tag(user, password, stored), true);
  }

  /**
   * A new hash of a right password whose stored hash costs less than one of today.
   *
   * @returns `undefined` when the hash is good enough, when another login is renewing it, or when there is too much to do.
   */
  async renewed({ password, stored, address }: LoginAttempt): Promise<string | undefined> {
    if (stored === undefined || this.#renewing.has(stored) || !this.hasher.isOutdated(stored))
      return undefined;
    this.#renewing.add(stored);
    try {
      return await this.hasher.hash(password, address);
    } catch (error) {
      if (error instanceof HashOverloadError) return undefined;
      throw error;
    } finally {
      this.#renewing.delete(stored);
    }
  }

  /** Forgets failed logins and their delays. */
  forgetFailures(): void {
    this.#delays.clear();
  }

  /** Ends the threads that hash. */
  close(): Promise<void> {
    return this.hasher.close();
  }

  async #verify({ password, stored, address, now }: LoginAttempt, tag: string, pair: string) {
    let isRight: boolean;
    try {
      isRight = await this.hasher.verify(password, stored, address);
    } catch (error) {
      this.#delays.takeBack(pair, now.getTime());
      if (error instanceof HashOverloadError) this.#metrics.logins.inc({ outcome: 'overloaded' });
      throw error;
    }
    if (!isRight || stored === undefined) return this.#end('wrong', false);
    this.#delays.forgive(pair);
    this.#delays.know(pair, now.getTime());
    this.#remembered.set(tag, true);
    return this.#end('right', true);
  }

  #refuse(delay: number): never {
    this.#metrics.logins.inc({ outcome: 'delayed' satisfies LoginOutcome });
    throw new LoginDelayError(delay);
  }

  #end(outcome: LoginOutcome, isRight: boolean): boolean {
    this.#metrics.logins.inc({ outcome });
    return isRight;
  }

  #tag(user: string, password: string, stored: string | undefined): string {
    return this.#digest(normalized(user), stored ?? '', password);
  }

  /** Texts of any length as one of a fixed length, which shows nothing of them. */
  #digest(...texts: readonly string[]): string {
    const hmac = createHmac('sha256', this.#secret);
    for (const text of texts) hmac.update(`${text.length}:`).update(text);
    return hmac.digest('base64');
  }
}

/** A user's address as the database compares it. */
function normalized(user: string): string {
  return user.trim().toLowerCase();
}
