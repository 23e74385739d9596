import pino, { type Logger } from 'pino';

/**
 * A logger that keeps the values of failed queries out of the log: the database puts all of them into its errors, and they can be
 * secrets.
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
