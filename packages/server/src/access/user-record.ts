import type { User } from '@ips-sdk/types';
import type { UserRow } from '../db/rows.js';
import { userHandle } from '../handles.js';

/** A user as returned by the API. */
export function userRecord(row: UserRow): User {
  return {
    userHandle: userHandle(row),
    firstName: row.firstName,
    lastName: row.lastName,
    email: row.email,
    ...(row.imsUserId === null ? {} : { imsUserId: row.imsUserId }),
    isValid: row.isValid,
    isIpsAdmin: row.isIpsAdmin,
    passwordExpires: (row.passwordExpires ?? never(row.createdAt)).toISOString(),
  };
}

/** Years that mean never: the expiry shown for a password without one, counted from the creation of the account. */
export const YEARS_OF_NEVER = 100;

function never(createdAt: Date): Date {
  const date = new Date(createdAt);
  date.setUTCFullYear(date.getUTCFullYear() + YEARS_OF_NEVER);
  return date;
}
