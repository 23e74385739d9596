import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseAwayError, isLostConnection, lossReason } from './connection-loss.js';
import { NamingClient } from './named-statements.js';

/** Milliseconds that a statement waits for a lost database. A restart takes less. */
const PATIENCE = 5000;

/** Milliseconds between attempts to connect; the delay doubles from the first to the last. */
const DELAYS = { first: 50, last: 800 } as const;

/** Milliseconds for establishing a connection, or waiting for a free one. */
const CONNECT_TIMEOUT = 30_000;

type Connected = Parameters<NonNullable<Parameters<pg.Pool['connect']>[0]>>;

/**
 * Connections to a PostgreSQL server that may restart at any time. Every connection has a listener for errors, in use or idle:
 * without one, its loss would end the process. Connecting is retried for a few seconds, and so is a `select` that lost its
 * connection, because it changes nothing.
 */
export class ServerPool extends pg.Pool {
  constructor(connectionString: string) {
    super({
      connectionString,
      max: 16,
      application_name: 'ips-server',
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
      Client: NamingClient,
    });
    // The user of the connection gets the error from its statement.
    this.on('connect', (client) => client.on('error', () => undefined).on('end', () => discard(client)));
    this.on('error', () => undefined);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: (...given: Connected) => void): void;
  override connect(callback?: (...given: Connected) => void): Promise<pg.PoolClient> | undefined {
    const connecting = this.#patiently(() => super.connect());
    if (callback === undefined) return connecting;
    connecting.then(
      (client) => callback(undefined, client, (release) => client.release(release)),
      (error: Error) => callback(error, undefined, () => undefined),
    );
    return undefined;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the declared overloads of the driver cannot be repeated by a single signature.
  override query(...given: any[]): any {
    // The same reason: the arguments are passed to the driver unchanged.
    const run = (): Promise<unknown> =>
      (super.query as (...args: unknown[]) => Promise<unknown>).apply(this, given);
    const [statement] = given as [string | { readonly text?: string }];
    const text = typeof statement === 'string' ? statement : (statement.text ?? '');
    const isRead = /^\s*select\b/i.test(text) && typeof given.at(-1) !== 'function';
    return isRead ? this.#patiently(run) : run();
  }

  /** Connects once. @throws the driver's error when the database does not respond. */
  async ping(): Promise<void> {
    const client = await super.connect();
    try {
      await client.query('select 1');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** Repeats a read while the connection to the database is lost, up to a time limit. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const end = Date.now() + PATIENCE;
    for (let wait: number = DELAYS.first; ; wait = Math.min(2 * wait, DELAYS.last)) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof DatabaseAwayError || !isLostConnection(error)) throw error;
        if (this.ending || Date.now() + wait > end)
          throw new DatabaseAwayError(`the database does not respond: ${lossReason(error)}`, {
            cause: error,
          });
        await delay(wait);
      }
    }
  }
}

/**
 * Releases the slot of a lost connection in any case: drizzle does not release a connection whose `begin`
 * failed, and the pool would run out of slots.
 */
function discard(client: pg.PoolClient): void {
  const { release } = client;
  client.release = () => undefined;
  try {
    release(true);
  } catch {
    // The pool has already removed it.
  }
}
