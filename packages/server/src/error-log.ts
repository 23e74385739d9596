import pino, { type Logger } from 'pino';

/**
 * A logger for errors of any origin: what the database says of a failed query has all values in it, which can be secrets, and is
 * logged without them.
 */
export function withoutValues(log: Logger): Logger {
  return log.child({}, { serializers: { err: serialized } });
}

function serialized(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (!('query' in error && 'params' in error)) return pino.stdSerializers.err(error);
  const { cause, query } = error as Error & { query: unknown };
  const inner = cause instanceof Error ? cause : new Error('a query failed', { cause });
  const { type, message, stack } = pino.stdSerializers.err(inner);
  const { code, constraint, table, column } = inner as Error & Readonly<Record<string, unknown>>;
  return { type, message, stack, query, code, constraint, table, column };
}
