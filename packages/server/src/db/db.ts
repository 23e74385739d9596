import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from './schema.js';

interface Rows<Row> {
  readonly rows: Row[];
}

/** What a raw statement answers: the drivers of both databases have its rows in one place. */
interface RowsHKT extends PgQueryResultHKT {
  readonly type: Rows<this['row']>;
}

/** The database, or a transaction on it. Inside a transaction use nothing but the transaction: the embedded database has one connection. */
export type Db = PgDatabase<RowsHKT, typeof schema>;
