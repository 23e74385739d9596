import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from './schema.js';

/** The database, or a transaction on it. Inside a transaction use nothing but the transaction: the embedded database has one connection. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;
