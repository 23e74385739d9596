// Hashes as a server stores them, made in this process.
import { randomBytes, scryptSync } from 'node:crypto';
import { costOf, KEY_BYTES, SALT_BYTES, writeHash } from '../../src/passwords/stored-hash.js';

/** What servers of tests pay for a hash, to be fast. */
export const TEST_COST = 4;

/** A stored hash of a password. The default cost is that of tests; 14 was that of earlier versions. */
export function storedHashOf(password: string, cost = TEST_COST): string {
  const salt = randomBytes(SALT_BYTES);
  const parameters = costOf(cost);
  return writeHash({
    cost: parameters,
    salt,
    key: scryptSync(password.normalize('NFKC'), salt, KEY_BYTES, parameters),
  });
}
