import { randomBytes, timingSafeEqual } from 'node:crypto';
import { HashPool, type HashPoolOptions } from './hash-pool.js';
import type { DeriveRequest } from './hash-worker.js';
import { MAX_PASSWORD } from './password-rules.js';
import {
  costOf,
  DEFAULT_COST,
  type HashCost,
  KEY_BYTES,
  padding,
  readHash,
  SALT_BYTES,
  workOf,
  writeHash,
} from './stored-hash.js';

/** Options of {@link PasswordHasher}. */
export interface PasswordHasherOptions extends HashPoolOptions {
  /** The binary logarithm of scrypt's N. Default: 17. */
  readonly cost?: number | undefined;
}

/** Makes and checks hashes of passwords. */
export class PasswordHasher {
  readonly #pool: HashPool;
  readonly #cost: HashCost;

  constructor({ cost, ...pool }: PasswordHasherOptions = {}) {
    this.#cost = costOf(cost ?? DEFAULT_COST);
    this.#pool = new HashPool(pool);
  }

  /** Passwords that are hashed at once. */
  get threads(): number {
    return this.#pool.threads;
  }

  /**
   * Hashes a password. The result includes salt and parameters.
   *
   * @param key - Who wants it: each waits for its own.
   * @throws HashOverloadError when too many wait, RangeError for a password of more than 1024 characters.
   */
  async hash(password: string, key: string): Promise<string> {
    if (password.length > MAX_PASSWORD)
      throw new RangeError(
        `a password of ${password.length} characters is too long; at most ${MAX_PASSWORD}`,
      );
    const salt = randomBytes(SALT_BYTES);
    const [derived] = await this.#pool.derive(key, [request(password, salt, this.#cost)]);
    return writeHash({ cost: this.#cost, salt, key: Buffer.from(derived ?? []) });
  }

  /**
   * Whether a password is right. The check takes the same time for every user, even if there is none or the
   * stored hash is of a lower cost.
   *
   * @param stored - The stored hash; `undefined` for a user who does not exist.
   * @throws HashOverloadError when too many wait.
   */
  async verify(password: string, stored: string | undefined, key: string): Promise<boolean> {
    const hash = stored === undefined || password.length > MAX_PASSWORD ? undefined : readHash(stored);
    const given = password.slice(0, MAX_PASSWORD);
    if (hash === undefined) {
      await this.#pool.derive(key, [request(given, Buffer.alloc(SALT_BYTES), this.#cost)]);
      return false;
    }
    const costs = [hash.cost, ...padding(hash.cost, this.#cost)];
    const [derived] = await this.#pool.derive(
      key,
      costs.map((cost) => request(given, hash.salt, cost)),
    );
    return derived !== undefined && derived.length === KEY_BYTES && timingSafeEqual(derived, hash.key);
  }

  /** Whether a stored hash takes less work than a new one would. */
  isOutdated(stored: string): boolean {
    const hash = readHash(stored);
    return hash !== undefined && workOf(hash.cost) < workOf(this.#cost);
  }

  /** Ends the threads; what waits is rejected. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}

function request(password: string, salt: Uint8Array, cost: HashCost): DeriveRequest {
  return { password: password.normalize('NFKC'), salt, length: KEY_BYTES, ...cost };
}
