// The statements that the server under test sends to its database, recorded where every connection passes: in node-postgres.
import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { vi } from 'vitest';

/** A statement as it was sent. */
export interface SentStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The recorder whose server is being created, in whatever that calls. */
const creating = new AsyncLocalStorage<StatementRecorder>();

/**
 * Records the statements of one server, except those of its queue: other servers of the process, such as those that test files share,
 * send statements at any time.
 */
export class StatementRecorder {
  #sent: SentStatement[] = [];
  #pool: pg.Pool | undefined;
  readonly #clients = new WeakSet<object>();
  #pausing = false;
  readonly #spies: readonly { mockRestore(): void }[];

  constructor() {
    const query = pg.Client.prototype.query;
    const connect = pg.Pool.prototype.connect;
    const record = (client: pg.Client, given: readonly unknown[]): void => this.#record(client, ...given);
    const keep = (pool: pg.Pool): void => {
      if (creating.getStore() === this) this.#watch(pool);
    };
    this.#spies = [
      replace(pg.Client.prototype, 'query', function (this: pg.Client, ...given: unknown[]) {
        record(this, given);
        return Reflect.apply(query, this, given);
      }),
      replace(pg.Pool.prototype, 'connect', function (this: pg.Pool, ...given: unknown[]) {
        keep(this);
        return Reflect.apply(connect, this, given);
      }),
    ];
  }

  /** Creates the server whose statements are to be recorded. */
  create<T>(server: () => Promise<T>): Promise<T> {
    return creating.run(this, server);
  }

  #watch(pool: pg.Pool): void {
    if (this.#pool === pool) return;
    this.#pool = pool;
    pool.on('acquire', (client) => this.#clients.add(client));
  }

  #record(client: pg.Client, statement?: unknown, values?: unknown): void {
    const { text, values: own } = typeof statement === 'string' ? { text: statement } : fieldsOf(statement);
    if (this.#pausing || text === undefined || text.includes('pgboss') || !this.#clients.has(client)) return;
    this.#sent.push({ text, values: Array.isArray(values) ? values : (own ?? []) });
  }

  /** What was sent since the last call, or since the beginning. */
  take(): readonly SentStatement[] {
    return this.#sent.splice(0);
  }

  /** Works with the database of the server, unrecorded. */
  async withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    if (this.#pool === undefined) throw new Error('no server has been created');
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
