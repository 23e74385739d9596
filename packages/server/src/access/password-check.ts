import { and, eq } from 'drizzle-orm';
import type { UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { tooManyFailedLogins, tooManyLogins } from '../faults.js';
import { addressKey } from '../net/address-key.js';
import { HashOverloadError } from '../passwords/hash-pool.js';
import { type LoginAttempt, LoginDelayError } from '../passwords/logins.js';
import type { Services } from '../services.js';

/** A password to check. */
export interface PasswordCheck {
  /** The presented e-mail address. */
  readonly user: string;
  readonly password: string;
  /** The user of that address; `undefined` if there is none. */
  readonly row: Pick<UserRow, 'id' | 'passwordHash'> | undefined;
  readonly remoteAddress: string;
  readonly now: Date;
}

/**
 * Whether a password is the one of a user. The result and the time are the same for a user who does not
 * exist. A correct password whose stored hash costs less than new ones is hashed again and stored.
 *
 * @throws IpsFault 30000 when the password was not checked: with HTTP 429 after failed logins of the user from the address, with
 *   HTTP 503 when too many passwords wait.
 */
export async function isRightPassword(
  { db, logins }: Pick<Services, 'db' | 'logins'>,
  { user, password, row, remoteAddress, now }: PasswordCheck,
): Promise<boolean> {
  const stored = row?.passwordHash;
  const attempt: LoginAttempt = { user, password, stored, address: addressKey(remoteAddress), now };
  try {
    if (!(await logins.check(attempt)) || row === undefined) return false;
  } catch (error) {
    if (error instanceof LoginDelayError) throw tooManyFailedLogins(user.trim(), error.retryAfter);
    throw overloadFault(error);
  }
  const passwordHash = await logins.renewed(attempt);
  if (passwordHash !== undefined) {
    const unchanged = and(eq(t.users.id, row.id), eq(t.users.passwordHash, row.passwordHash));
    const changed = await db
      .update(t.users)
      .set({ passwordHash })
      .where(unchanged)
      .returning({ id: t.users.id });
    if (changed.length > 0) logins.remember(user, password, passwordHash);
  }
  return true;
}

/**
 * Hashes a new password.
 *
 * @throws IpsFault 30000 with HTTP 503 when too many passwords wait.
 */
export async function newPasswordHash(
  { logins }: Pick<Services, 'logins'>,
  password: string,
  remoteAddress: string,
): Promise<string> {
  try {
    return await logins.hasher.hash(password, addressKey(remoteAddress));
  } catch (error) {
    throw overloadFault(error);
  }
}

function overloadFault(error: unknown): unknown {
  return error instanceof HashOverloadError ? tooManyLogins(error.retryAfter) : error;
}
