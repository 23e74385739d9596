import type { PGlite } from '@electric-sql/pglite';
import { PglitePgConnection } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import { serialize } from 'pg-protocol';
// The part of node-postgres that reads what a server sends.
import { Parser } from 'pg-protocol/dist/parser.js';
import { NamingClient } from './named-statements.js';

/**
 * A pool of one connection to an embedded database, which all access to it must use. A transaction holds the
 * connection until it ends, so no other statement can interfere.
 */
export function embeddedPool(lite: PGlite): pg.Pool {
  const Client = class extends NamingClient {
    constructor() {
      super(
        // `connection` is an option of node-postgres that its types lack; PGlite's own adapter uses it, too.
        { user: 'postgres', password: '', connection: new EmbeddedConnection(lite) } as pg.ClientConfig,
      );
    }
  };
  const pool = new pg.Pool({ max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true, Client });
  // The user of the connection gets the error from its statement.
  return pool.on('error', () => undefined);
}

/**
 * PGlite's connection for node-postgres sends each message of a statement in a separate call. This one sends
 * them together with the final Sync, which takes a fifth of the time, and reads the answer as node-postgres
 * does, which takes a quarter of the time of PGlite's own reader.
 */
class EmbeddedConnection extends PglitePgConnection {
  readonly #lite: PGlite;
  #waiting: Uint8Array[] = [];
  #sent: Promise<void> = Promise.resolve();

  constructor(lite: PGlite) {
    super({ pglite: lite });
    this.#lite = lite;
  }

  /**
   * On a server, a new connection begins without a transaction and statements. Here, it reuses the session,
   * which is reset.
   */
  override async connect(port: number, host: string): Promise<void> {
    try {
      await this.#lite.exec(this.#lite.isInTransaction() ? 'rollback; deallocate all' : 'deallocate all');
    } catch (error) {
      this.emit('error', error);
      return;
    }
    await super.connect(port, host);
  }

  override query(text: string): void {
    this.#waiting.push(serialize.query(text));
    this.#send();
  }

  override parse(message: Parameters<typeof serialize.parse>[0]): void {
    this.#waiting.push(serialize.parse(message));
  }

  override bind(message: Parameters<typeof serialize.bind>[0]): void {
    this.#waiting.push(serialize.bind(message));
  }

  override describe(message: Parameters<typeof serialize.describe>[0]): void {
    this.#waiting.push(serialize.describe(message));
  }

  override execute(message: Parameters<typeof serialize.execute>[0]): void {
    this.#waiting.push(serialize.execute(message));
  }

  override close(message: Parameters<typeof serialize.close>[0]): void {
    this.#waiting.push(serialize.close(message));
  }

  override flush(): void {
    this.#waiting.push(serialize.flush());
    this.#send();
  }

  override sync(): void {
    this.#waiting.push(serialize.sync());
    this.#send();
  }

  #send(): void {
    const message = this.#waiting.length === 1 ? this.#waiting[0] : Buffer.concat(this.#waiting);
    this.#waiting = [];
    if (message === undefined) return;
    this.#sent = this.#sent.then(() => this.#exchange(message));
  }

  async #exchange(message: Uint8Array): Promise<void> {
    try {
      const parts: Buffer[] = [];
      await this.#lite.runExclusive(() =>
        this.#lite.execProtocolRawStream(message, {
          // A copy, because the memory is that of the database.
          onRawData: (part) => parts.push(Buffer.from(part)),
        }),
      );
      // An "error message" in node-postgres is a protocol error.
      new Parser().parse(Buffer.concat(parts), (answer) =>
        this.emit(answer.name === 'error' ? 'errorMessage' : answer.name, answer),
      );
    } catch (error) {
      this.emit('error', error);
    }
  }
}
