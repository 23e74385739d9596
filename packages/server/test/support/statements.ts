// The statements that the code under test sends to its database, recorded where every connection passes: in node-postgres.
import pg from 'pg';
import { vi } from 'vitest';

/** A statement as it was sent. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Records the statements of connections that are made from now on, except those of the queue. Begin it before the server is created:
 * the servers of earlier test files, which live as long as their worker, have their connections already.
 */
export class StatementRecorder {
  #sent: SentStatement[] = [];
  #pool: pg.Pool | undefined;
  #pausing = false;
  readonly #clients = new WeakSet<pg.Client>();
  readonly #spies: readonly { mockRestore(): void }[];

  constructor() {
    const query = pg.Client.prototype.query;
    const open = pg.Client.prototype.connect;
    const connect = pg.Pool.prototype.connect;
    const clients = this.#clients;
    const record = (...given: readonly unknown[]): void => this.#record(...given);
    const keep = (pool: pg.Pool): void => {
      if (pool.totalCount === 0) this.#pool ??= pool;
    };
    this.#spies = [
      replace(pg.Client.prototype, 'connect', function (this: pg.Client, ...given: unknown[]) {
        clients.add(this);
        return Reflect.apply(open, this, given);
      }),
      replace(pg.Client.prototype, 'query', function (this: pg.Client, ...given: unknown[]) {
        if (clients.has(this)) record(...given);
        return Reflect.apply(query, this, given);
      }),
      replace(pg.Pool.prototype, 'connect', function (this: pg.Pool, ...given: unknown[]) {
        keep(this);
        return Reflect.apply(connect, this, given);
      }),
    ];
  }

  #record(statement?: unknown, values?: unknown): void {
    const { text, values: own } = typeof statement === 'string' ? { text: statement } : fieldsOf(statement);
    if (this.#pausing || text === undefined || text.includes('pgboss')) return;
    this.#sent.push({ text, values: Array.isArray(values) ? values : (own ?? []) });
  }

  /** What was sent since the last call, or since the beginning. */
  take(): readonly SentStatement[] {
    return this.#sent.splice(0);
  }

  /** Works with the database of the code under test, unrecorded. */
  async withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    if (this.#pool === undefined) throw new Error('no pool has been used yet');
    const client = await this.#pool.connect();
    this.#pausing = true;
    try {
      return await work(client);
    } finally {
      this.#pausing = false;
      client.release();
    }
  }

  stop(): void {
    for (const spy of this.#spies) spy.mockRestore();
  }
}

/** What node-postgres takes as a statement: an object with the text and perhaps the values. */
function fieldsOf(statement: unknown): Partial<SentStatement> {
  return typeof statement === 'object' && statement !== null ? statement : {};
}

/** Puts another function in the place of a method with many overloads. */
function replace(
  prototype: object,
  method: string,
  by: (this: never, ...given: unknown[]) => unknown,
): { mockRestore(): void } {
  // Only the names of methods, not their overloads, matter here.
  return vi
    .spyOn(prototype as Record<string, (...given: unknown[]) => unknown>, method)
    .mockImplementation(by as (...given: unknown[]) => unknown);
}
