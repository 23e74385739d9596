// Connections of their own to a database, on which a test begins and ends transactions.
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Db } from '../../src/db/db.js';
import type { StoreLocation } from '../../src/db/store.js';

/** A connection. */
export interface Session {
  run(statement: string): Promise<void>;
  /** Whether a transaction is open, and whether it has a savepoint. */
  readonly isOpen: boolean;
  readonly hasSavepoint: boolean;
  close(): Promise<void>;
}

/** Connects to a PostgreSQL server. An embedded database has only the connection that `db` uses, too. */
export async function openSession(location: StoreLocation, db: Db): Promise<Session> {
  let isOpen = false;
  let hasSavepoint = false;
  let send = async (statement: string): Promise<void> => void (await db.execute(sql.raw(statement)));
  let close = async (): Promise<void> => undefined;
  if (location.kind === 'server') {
    const client = new pg.Client({ connectionString: location.url });
    await client.connect();
    send = async (statement) => void (await client.query(statement));
    close = () => client.end();
  }
  return {
    run: async (statement) => {
      await send(statement);
      const [word] = statement.split(' ');
      if (word === 'begin') isOpen = true;
      if (word === 'commit' || statement === 'rollback') {
        isOpen = false;
        hasSavepoint = false;
      }
      if (word === 'savepoint') hasSavepoint = true;
    },
    get isOpen() {
      return isOpen;
    },
    get hasSavepoint() {
      return hasSavepoint;
    },
    close,
  };
}
