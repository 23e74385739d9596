import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/**
 * Whether a text is another one but for the case of letters. The database changes the case of both: it does not always agree with
 * JavaScript, as on the sigma at the end of a Greek word, and the indexes are its own.
 */
export function equalsIgnoreCase(column: SQLWrapper, text: string): SQL {
  // The database cannot even be asked for a text with this character, so nothing has it.
  if (text.includes('\0')) return sql`false`;
  return sql`lower(${column}) = lower(${text}::text)`;
}

/** Whether a text begins with another one but for the case of letters. */
export function beginsWith(column: SQLWrapper, text: string): SQL {
  return sql`starts_with(lower(${column}), lower(${text}::text))`;
}
