import { DrizzleQueryError } from 'drizzle-orm/errors';

/** The database cannot be reached. Nothing was sent to it. */
export class DatabaseAwayError extends Error {
  override readonly name = 'DatabaseAwayError';
}

/** The connection was lost after the commit of a transaction was sent: it may have taken effect or not. */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError';
}

/** SQLSTATEs with which the server ends or refuses a connection: shutdown, crash, start, idle timeout, too many connections. */
const LOST_STATES = /^(?:08\w{3}|57P0[1235]|25P03|53300)$/;

/** Codes of the system for connections that cannot be made or were lost. */
const LOST_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Messages of the driver about ended connections, which have no code. */
const LOST_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client (?:has encountered a connection error|was closed))/;

/** SQLSTATEs of transactions that the database rolled back because of others: serialization failure, deadlock. */
const ROLLED_BACK: ReadonlySet<string> = new Set(['40001', '40P01']);

/** Whether an error of the driver means that its connection was lost or could not be established. */
export function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return code === undefined
    ? LOST_MESSAGES.test(error.message)
    : LOST_STATES.test(code) || LOST_CODES.has(code);
}

/**
 * Whether an error means that the database was lost, in the middle of a statement or before. An error of the same code from another
 * connection, such as that of a fetched URL, does not.
 */
export function isDatabaseLoss(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof DatabaseAwayError || each instanceof CommitUnknownError) return true;
    if (each instanceof DrizzleQueryError && isLostConnection(each.cause)) return true;
  }
  return false;
}

/** Whether the database rolled a transaction back because of another one, even at its commit: it can be repeated. */
export function isRolledBack(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (ROLLED_BACK.has(codeOf(each) ?? '')) return true;
  }
  return false;
}

/** The code of an error or of what caused it, such as `ECONNREFUSED` or `57P01`; nothing else is revealed. */
export function lossReason(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = codeOf(each);
    if (code !== undefined) return code;
    if (LOST_MESSAGES.test(each.message)) return each.message;
  }
  return 'unknown';
}

function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  // None of several addresses responded.
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? codeOf(first) : undefined;
}
