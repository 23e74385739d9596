// Reads the tables of the service from outside, also while the database goes away and comes back.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Milliseconds for which a query is repeated. */
const LIMIT = 120_000;

/** A connection that is opened again when it is lost. */
export class Observer {
  readonly #url: string;
  #client: pg.Client | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * The rows of a query.
   *
   * @throws the last error when the database does not answer for two minutes.
   */
  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const end = performance.now() + LIMIT;
    for (;;) {
      try {
        this.#client ??= await this.#connect();
        // The caller knows the columns of its query.
        return (await this.#client.query(text, [...values])).rows as Row[];
      } catch (error) {
        if (performance.now() > end || isMistake(error)) throw error;
        await this.close();
        await pause(200);
      }
    }
  }

  async number(text: string, values: readonly unknown[] = []): Promise<number> {
    const [row] = await this.rows<{ count: string | number }>(text, values);
    return Number(row?.count);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url });
    // A lost connection is found by the next query.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}

/** Whether a query fails by its text: syntax errors and missing tables. */
const isMistake = (error: unknown): boolean => /^42/.test(String((error as { code?: unknown }).code));
