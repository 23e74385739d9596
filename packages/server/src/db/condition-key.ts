import type { SQLWrapper } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { RECORDED } from './schema/recorded-tables.js';

const dialect = new PgDialect();

/** The tables in a statement: what follows `from` or `join` and is not a function or a subquery. */
const TABLE = /\b(?:from|join)\s+(?:lateral\s+)?(?!lateral\b)"?([\w.]+)"?(?![\w."(])/gi;

/**
 * A key that is the same for the same statements or conditions with the same values. They must not depend on anything but rows and values.
 *
 * @returns `undefined` if one of them reads a table whose changes are not recorded, so that its result cannot be remembered.
 */
export function conditionKey(...conditions: readonly SQLWrapper[]): string | undefined {
  const parts: unknown[] = [];
  for (const condition of conditions) {
    const { sql: text, params } = dialect.sqlToQuery(condition.getSQL());
    for (const [, table = ''] of text.matchAll(TABLE)) if (!RECORDED.has(table)) return undefined;
    parts.push(text, params);
  }
  return JSON.stringify(parts);
}
