import type { PGlite } from '@electric-sql/pglite';
import type { Pool, QueryResult } from 'pg';
import type { Db as QueueDatabase } from 'pg-boss';
import type { Listen } from './changes.js';

/**
 * Connects the queue to an embedded database through the common pool, so that its statements never run in
 * another transaction.
 */
export function embeddedQueue(pool: Pool, lite: PGlite): QueueDatabase & { readonly listen: Listen } {
  return {
    // A string of several statements returns one result for each; the pool replaces a connection whose
    // statement failed.
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
