/** The cost parameters of scrypt. */
export interface HashCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** A stored hash, read. */
export interface StoredHash {
  readonly cost: HashCost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** The default binary logarithm of scrypt's N; with r = 8 and p = 1 the minimum that OWASP recommends. */
export const DEFAULT_COST = 17;

/** The largest binary logarithm of N; a hash takes N KiB of memory. */
export const MAX_COST = 20;

/** In place of a hash: no password is right, until a new one is set. */
export const NO_PASSWORD = '!';

/** Bytes of salts and keys. */
export const SALT_BYTES = 16;
export const KEY_BYTES = 32;

/**
 * The parameters of a cost.
 *
 * @param cost - The binary logarithm of N, from 1 to 20.
 * @throws RangeError for any other value.
 */
export function costOf(cost: number): HashCost {
  if (!Number.isInteger(cost) || cost < 1 || cost > MAX_COST)
    throw new RangeError(
      `passwordCost: expected a whole number from 1 to ${MAX_COST}, found ${String(cost)}`,
    );
  return { N: 2 ** cost, r: 8, p: 1 };
}

/** How much work a hash is, in units of one block. */
export function workOf({ N, r, p }: HashCost): number {
  return N * r * p;
}

/** A hash as text, with its parameters and its salt. */
export function writeHash({ cost: { N, r, p }, salt, key }: StoredHash): string {
  return ['scrypt', N, r, p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** Reads a stored hash; `undefined` for any other text, which no password matches. */
export function readHash(text: string): StoredHash | undefined {
  const found = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([\w+/]+={0,2})\$([\w+/]+={0,2})$/.exec(text);
  if (found === null) return undefined;
  const [N, r, p] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const isPossible = N >= 2 && Number.isInteger(Math.log2(N)) && r >= 1 && p >= 1;
  if (!isPossible || workOf({ N, r, p }) > 2 ** MAX_COST * 8) return undefined;
  const salt = Buffer.from(found[4] ?? '', 'base64');
  const key = Buffer.from(found[5] ?? '', 'base64');
  return key.length === KEY_BYTES ? { cost: { N, r, p }, salt, key } : undefined;
}

/**
 * The costs of hashes that make up the difference between the work of a stored hash and that of a new one. With them, checking an old
 * hash takes as long as checking a new one, or looking up an unknown user.
 */
export function padding(stored: HashCost, wanted: HashCost): HashCost[] {
  const costs: HashCost[] = [];
  let left = Math.floor((workOf(wanted) - workOf(stored)) / 8);
  // The rest is less than a sixteenth of the work.
  while (left > wanted.N / 16) {
    const N = 2 ** Math.floor(Math.log2(left));
    costs.push({ N, r: 8, p: 1 });
    left -= N;
  }
  return costs.filter(({ N }) => N >= 2);
}
