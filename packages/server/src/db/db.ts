import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from './schema.js';

interface Rows<Row> {
  readonly rows: Row[];
}

/** The result of a raw statement, which has the rows in the same field for both drivers. */
interface RowsHKT extends PgQueryResultHKT {
  readonly type: Rows<this['row']>;
}

/** The database, or a transaction on it. Inside a transaction use nothing else: the embedded database has one connection. */
export type Db = PgDatabase<RowsHKT, typeof schema>;
