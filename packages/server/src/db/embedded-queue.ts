import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Notification, Pool, QueryResult } from 'pg';
import type { Db as QueueDatabase } from 'pg-boss';
import type { Listen } from './changes.js';

/**
 * Connects the queue to an embedded database through the common pool, so that its statements never run in
 * another transaction.
 *
 * @param pool - A new pool, which has no connection yet.
 */
export function embeddedQueue(pool: Pool): QueueDatabase & { readonly listen: Listen } {
  const listeners = new Map<string, Set<(payload: string) => void>>();
  pool.on('connect', (client) => {
    client.on('notification', ({ channel, payload = '' }: Notification) => {
      // After what the statement that brought it has to do.
      for (const listener of listeners.get(channel) ?? []) queueMicrotask(() => listener(payload));
    });
  });
  return {
    // A string of several statements returns one result for each; the pool replaces a connection whose
    // statement failed.
    async executeSql(text, values) {
      // Statements in the same process take no turns of their own: without one, nothing else would happen between those of the queue.
      await nextTurn();
      const result: QueryResult | QueryResult[] =
        values === undefined || values.length === 0
          ? await pool.query(text)
          : await pool.query({ text, values });
      return { rows: [result].flat().flatMap(({ rows }) => rows) };
    },
    async listen(channel, onNotification, onReconnect) {
      const name = nameOf(channel);
      const present = listeners.get(name) ?? new Set();
      listeners.set(name, present.add(onNotification));
      const close = async (): Promise<void> => {
        if (!present.delete(onNotification) || present.size > 0) return;
        listeners.delete(name);
        await pool.query(`unlisten ${channel}`);
      };
      try {
        // The session, and what it listens to, survive the connection.
        await pool.query(`listen ${channel}`);
      } catch (error) {
        await close().catch(() => undefined);
        throw error;
      }
      onReconnect();
      return { close };
    },
  };
}

/** The name of a channel in notifications: without quotation marks, or in lower case. */
function nameOf(channel: string): string {
  return /^".*"$/s.test(channel) ? channel.slice(1, -1).replaceAll('""', '"') : channel.toLowerCase();
}
