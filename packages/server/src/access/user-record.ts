import type { User } from '@ips-sdk/types';
import type { UserRow } from '../db/rows.js';
import { userHandle } from '../handles.js';

/** A user as the API shows it. */
export function userRecord(row: UserRow): User {
  return {
    userHandle: userHandle(row),
    firstName: row.firstName,
    lastName: row.lastName,
    email: row.email,
    ...(row.imsUserId === null ? {} : { imsUserId: row.imsUserId }),
    isValid: row.isValid,
    isIpsAdmin: row.isIpsAdmin,
    ...(row.passwordExpires === null ? {} : { passwordExpires: row.passwordExpires.toISOString() }),
  };
}
