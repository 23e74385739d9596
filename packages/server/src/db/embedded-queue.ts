import type { PGlite } from '@electric-sql/pglite';
import type { Pool, QueryResult } from 'pg';
import type { Db as QueueDatabase } from 'pg-boss';
import type { Listen } from './changes.js';

/** How the queue reaches an embedded database: by the pool that everything else uses, so that it never enters another's transaction. */
export function embeddedQueue(pool: Pool, lite: PGlite): QueueDatabase & { readonly listen: Listen } {
  return {
    // A text of several statements has one result each; the pool replaces a connection whose statement failed.
    async executeSql(text, values) {
      const result: QueryResult | QueryResult[] =
        values === undefined || values.length === 0
          ? await pool.query(text)
          : await pool.query({ text, values });
      return { rows: [result].flat().flatMap(({ rows }) => rows) };
    },
    async listen(channel, onNotification, onReconnect) {
      const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
        const client = await pool.connect();
        try {
          return await work();
        } finally {
          client.release();
        }
      };
      const unsubscribe = await exclusively(() => lite.listen(channel, onNotification));
      onReconnect();
      return { close: () => exclusively(() => unsubscribe()) };
    },
  };
}
