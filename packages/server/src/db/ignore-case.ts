import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/**
 * Whether two texts are equal regardless of case, and of the normalization of accents (NFC or NFD). The
 * database folds both: it does not always agree with JavaScript, as on the final sigma of a Greek word, and
 * the indexes use its rules.
 */
export function equalsIgnoreCase(column: SQLWrapper, text: string): SQL {
  // PostgreSQL accepts no text with this character, even in a query, so no row contains it.
  if (text.includes('\0')) return sql`false`;
  const [composed, decomposed] = [text.normalize('NFC'), text.normalize('NFD')];
  // The common case, which every index supports.
  if (composed === decomposed) return sql`lower(${column}) = lower(${text}::text)`;
  return sql`lower(${column}) in (lower(${composed}::text), lower(${decomposed}::text))`;
}

/** Whether a text begins with another, regardless of case. */
export function beginsWith(column: SQLWrapper, text: string): SQL {
  return sql`starts_with(lower(${column}), lower(${text}::text))`;
}

/**
 * Whether a path is a folder or inside it, regardless of case. In byte order, these paths are one range,
 * which ends before the character that follows the slash; an index on `lower(column) collate "C"` serves it.
 *
 * @param folder - Path of the folder, with a trailing slash.
 */
export function isWithin(column: SQLWrapper, folder: string): SQL {
  const path = sql`lower(${column}) collate "C"`;
  const start = sql`lower(${folder}::text)`;
  return sql`(${path} >= ${start} and ${path} < left(${start}, -1) || '0')`;
}
