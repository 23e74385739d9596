import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Db } from './db.js';

/** The channel of the triggers in the migration `console_notifications`. */
const CHANNEL = 'ips_changes';

/** Seconds for which a listener counts as alive, and the interval of its renewal in milliseconds. */
const ALIVE_SECONDS = 90;
const RENEWAL = 30_000;

/** Milliseconds between attempts to connect again. */
const DELAYS = { first: 200, last: 10_000 } as const;

/** Listens to a channel of the database. */
export type Listen = (
  channel: string,
  onNotification: (payload: string) => void,
  /** The connection was lost and is there again; notifications may be missing. */
  onGap: () => void,
) => Promise<{ close(): Promise<void> }>;

/** Somebody who wants to know of changes. */
interface Watcher {
  readonly onChange: (topic: string) => void;
  readonly onGap: () => void;
}

/**
 * Changes of the tables, from the triggers of the database, whichever process makes them. While nobody watches, the triggers send
 * nothing.
 */
export class DatabaseChanges {
  readonly #db: Db;
  readonly #listen: Listen;
  readonly #name = randomUUID();
  readonly #watchers = new Set<Watcher>();
  #listening: Promise<{ close(): Promise<void> }> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Db, listen: Listen) {
    this.#db = db;
    this.#listen = listen;
  }

  /** Calls whenever something changed, until the watch is ended. */
  async watch(onChange: (topic: string) => void, onGap: () => void): Promise<() => Promise<void>> {
    const watcher: Watcher = { onChange, onGap };
    this.#watchers.add(watcher);
    try {
      this.#listening ??= this.#start();
      await this.#listening;
    } catch (error) {
      this.#watchers.delete(watcher);
      this.#listening = undefined;
      throw error;
    }
    return async () => {
      if (this.#watchers.delete(watcher) && this.#watchers.size === 0) await this.close();
    };
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const listening = this.#listening;
    this.#listening = undefined;
    const open = await listening?.catch(() => undefined);
    if (open === undefined) return;
    await open.close().catch(() => undefined);
    await this.#db.execute(sql`delete from live.listeners where name = ${this.#name}`).catch(() => undefined);
  }

  async #start(): Promise<{ close(): Promise<void> }> {
    const open = await this.#listen(
      CHANNEL,
      (topic) => {
        for (const { onChange } of [...this.#watchers]) onChange(topic);
      },
      () => {
        for (const { onGap } of [...this.#watchers]) onGap();
      },
    );
    await this.#renew();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => void this.#renew().catch(() => undefined), RENEWAL).unref();
    return open;
  }

  async #renew(): Promise<void> {
    await this.#db.execute(sql`
      insert into live.listeners (name, until)
      values (${this.#name}, clock_timestamp() + make_interval(secs => ${ALIVE_SECONDS}))
      on conflict (name) do update set until = excluded.until`);
    await this.#db.execute(
      sql`delete from live.listeners where until < clock_timestamp() - interval '1 day'`,
    );
  }
}

/** Listens to a PostgreSQL server with a connection of its own, which is made again when it is lost. */
export function listenTo(connectionString: string): Listen {
  return async (channel, onNotification, onGap) => {
    let isClosed = false;
    let client: pg.Client | undefined;
    const connect = async (): Promise<void> => {
      const next = new pg.Client({
        connectionString,
        application_name: 'ips-server changes',
        keepAlive: true,
      });
      // The loss of the connection shows in its end.
      next.on('error', () => undefined);
      next.on('notification', ({ payload }) => onNotification(payload ?? ''));
      await next.connect();
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
      next.once('end', () => void again());
      client = next;
    };
    const again = async (): Promise<void> => {
      for (let wait: number = DELAYS.first; !isClosed; wait = Math.min(DELAYS.last, wait * 2)) {
        await delay(wait, undefined, { ref: false });
        if (isClosed) return;
        try {
          await connect();
          if (isClosed) await client?.end();
          else onGap();
          return;
        } catch {
          // The pool reports the outage; here it only takes longer.
        }
      }
    };
    await connect();
    return {
      close: async () => {
        isClosed = true;
        await client?.end();
      },
    };
  };
}
