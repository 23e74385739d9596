import { createHmac, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

const COST = { N: 16384, r: 8, p: 1 };

/** Hashes a password with scrypt. The result includes salt and parameters. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString('base64')}$${key.toString('base64')}`;
}

/** Stored instead of a hash if no password matches until a new one is set. */
export const NO_PASSWORD = '!';

/** Checks passwords. Caches matches for a while, because each check is slow by design. */
export class PasswordChecker {
  readonly #secret: Buffer = randomBytes(32);
  readonly #known = new Map<string, true>();

  async check(password: string, hash: string): Promise<boolean> {
    const tag = createHmac('sha256', this.#secret)
      .update(hash)
      .update('\0')
      .update(password)
      .digest('base64');
    if (this.#known.has(tag)) return true;
    if (hash === NO_PASSWORD) {
      // Takes as long as for a user with a password.
      await derive(password, Buffer.alloc(16));
      return false;
    }
    const [, n, r, p, salt, key] = hash.split('$');
    const expected = Buffer.from(key ?? '', 'base64');
    const found = await derive(password, Buffer.from(salt ?? '', 'base64'), {
      N: Number(n),
      r: Number(r),
      p: Number(p),
    });
    const equal = found.length === expected.length && timingSafeEqual(found, expected);
    if (equal) {
      if (this.#known.size >= 1000) this.#known.delete(this.#known.keys().next().value ?? '');
      this.#known.set(tag, true);
    }
    return equal;
  }
}

const LETTERS = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '#$%+-=?@_'] as const;

/** A random password of 12 characters, at least one of each class. */
export function generatePassword(): string {
  const all = LETTERS.join('');
  const pick = (from: string): string => from[randomInt(from.length)] ?? '';
  const characters = [...LETTERS.map(pick), ...Array.from({ length: 8 }, () => pick(all))];
  for (let index = characters.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [characters[index], characters[other]] = [characters[other] ?? '', characters[index] ?? ''];
  }
  return characters.join('');
}

/** What is wrong with a new password; `undefined` when nothing is. */
export function passwordProblem(password: string): string | undefined {
  if (password.length < 8) return 'at least 8 characters';
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((pattern) => pattern.test(password)).length;
  return classes < 2 ? 'characters of at least two kinds: lower case, upper case, digits, others' : undefined;
}

function derive(
  password: string,
  salt: Buffer,
  cost: { N: number; r: number; p: number } = COST,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
