import type { Logger } from 'pino';

/** Fields of errors that are logged. Other fields that libraries add can contain secrets: values, rows, connections with their keys. */
const SHOWN = [
  'code',
  'constraint',
  'table',
  'column',
  'schema',
  'severity',
  'routine',
  'errno',
  'syscall',
  'address',
  'port',
  'statusCode',
] as const;

/** Maximum number of causes logged for an error. */
const CAUSES = 5;

/**
 * A logger that logs only the message, the stack and known harmless fields of an error. The database adds the values of a failed query
 * to its errors, and the driver adds the connection, with the key that cancels its queries.
 */
export function withoutValues(log: Logger): Logger {
  return log.child({}, { serializers: { err: serialized, error: serialized } });
}

function serialized(error: unknown, depth = 0): unknown {
  // An object that is not an error is not logged, because its contents are unknown.
  if (!(error instanceof Error)) return typeof error === 'object' && error !== null ? {} : error;
  const given = error as Error & Readonly<Record<string, unknown>>;
  const { cause, query } = given;
  if (query !== undefined && 'params' in given) {
    // The error's own message contains the values.
    const inner = cause instanceof Error ? cause : new Error('a query failed');
    return { ...shown(inner, depth), query };
  }
  return shown(given, depth);
}

function shown(error: Error, depth: number): Record<string, unknown> {
  const { message, name, stack, cause } = error;
  const fields = SHOWN.flatMap((field) => {
    const value = (error as Error & Readonly<Record<string, unknown>>)[field];
    return typeof value === 'string' || typeof value === 'number' ? [[field, value] as const] : [];
  });
  return {
    type: name === 'Error' ? error.constructor.name : name,
    message,
    stack,
    ...Object.fromEntries(fields),
    ...(cause instanceof Error && depth < CAUSES ? { cause: serialized(cause, depth + 1) } : {}),
  };
}
