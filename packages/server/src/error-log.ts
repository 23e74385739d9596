import type { Logger } from 'pino';

/** Fields of errors that a log shows. What else libraries attach can hold secrets: values, rows, connections with their keys. */
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

/** How many causes of an error are shown. */
const CAUSES = 5;

/**
 * A logger that shows of an error its message, its stack and fields that are known to be harmless. The database puts the values of a
 * failed query into its errors, and the driver the connection, with the key that cancels its queries.
 */
export function withoutValues(log: Logger): Logger {
  return log.child({}, { serializers: { err: serialized, error: serialized } });
}

function serialized(error: unknown, depth = 0): unknown {
  // An object that is no error shows nothing: nobody knows what is in it.
  if (!(error instanceof Error)) return typeof error === 'object' && error !== null ? {} : error;
  const given = error as Error & Readonly<Record<string, unknown>>;
  const { cause, query } = given;
  if (query !== undefined && 'params' in given) {
    // Its own message contains the values.
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
