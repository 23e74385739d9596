import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { ConstructorOptions } from 'pg-boss';
import { holdsFiles } from '../files/file-store.js';
import { storageProblem } from '../storage-problem.js';
import { DatabaseChanges, listenTo } from './changes.js';
import { DATABASE, FILES, lostDatabase, makeDataDirectory } from './data-directory.js';
import type { Db } from './db.js';
import { DirectoryLock, type Owner } from './directory-lock.js';
import { type Leadership, LockLeadership, soleLeadership } from './leadership.js';
import { finishReplacement } from './replacement.js';
import * as schema from './schema.js';
import { ServerPool } from './server-pool.js';
import { databaseState, MIGRATIONS, openInDirectory, openInMemory } from './template.js';
import { repeatTransactions } from './transactions.js';

/** The location of the database. */
export type StoreLocation =
  /** Embedded, in a directory that one process may use at a time. */
  | { readonly kind: 'directory'; readonly path: string }
  /** Embedded, in memory. */
  | { readonly kind: 'memory' }
  /** A PostgreSQL server, which several processes may share. */
  | { readonly kind: 'server'; readonly url: string };

/** The location of the database according to the options of a server. */
export function locationOf({
  databaseUrl,
  dataDir,
}: {
  readonly databaseUrl?: string | undefined;
  readonly dataDir?: string | undefined;
}): StoreLocation {
  if (databaseUrl !== undefined) return { kind: 'server', url: databaseUrl };
  return dataDir === undefined ? { kind: 'memory' } : { kind: 'directory', path: dataDir };
}

/** Whether a start creates the database. */
export function isNew(location: StoreLocation): boolean {
  if (location.kind !== 'directory') return location.kind === 'memory';
  return databaseState(join(location.path, DATABASE)) === 'missing';
}

/** An open database with an up-to-date schema. */
export interface Store {
  readonly db: Db;
  /** Whether this process is the only one that uses the database. */
  readonly exclusive: boolean;
  /** Elects one of the processes that share the database for work that only one may do. */
  readonly leadership: Leadership;
  /** Reports changes of the tables, made by any process. */
  readonly changes: DatabaseChanges;
  /** The queue's connection to the same database. */
  readonly queue: ConstructorOptions;
  /** A consistent copy of the embedded database as a tar archive, or `undefined` for a PostgreSQL server. */
  readonly dump: (() => Promise<Uint8Array>) | undefined;
  /**
   * Publishes the URL for commands to the owner of the data directory. Has no effect without a data
   * directory.
   */
  announce(control: NonNullable<Owner['control']>): void;
  /**
   * Resolves if the database responds, without waiting for a lost one.
   *
   * @throws the driver's error otherwise.
   */
  ping(): Promise<void>;
  /** The connections of the pool, and the number of those who wait for one. */
  connections(): { readonly busy: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

/**
 * Opens the database and applies missing migrations.
 *
 * @throws Error if another process uses the directory, or the server cannot be reached.
 */
export function openStore(location: StoreLocation): Promise<Store> {
  return location.kind === 'server' ? openServer(location.url) : openEmbedded(location);
}

async function openEmbedded(location: Exclude<StoreLocation, { kind: 'server' }>): Promise<Store> {
  const [{ embeddedPool }, { embeddedQueue }] = await Promise.all([
    import('./embedded-connection.js'),
    import('./embedded-queue.js'),
  ]);
  let lock: DirectoryLock | undefined;
  let lite: PGlite;
  if (location.kind === 'directory') {
    await makeDataDirectory(location.path);
    lock = await DirectoryLock.acquire(location.path);
    try {
      lite = await openOwned(location.path);
    } catch (error) {
      lock.release();
      throw error;
    }
  } else {
    lite = await openInMemory();
  }
  const pool = embeddedPool(lite);
  const queueDatabase = embeddedQueue(pool);
  const close = async (): Promise<void> => {
    await pool.end();
    await lite.close();
    lock?.release();
  };
  const db = drizzle(pool, { schema });
  try {
    await migrate(db, { migrationsFolder: MIGRATIONS });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    db,
    exclusive: true,
    leadership: soleLeadership,
    changes: new DatabaseChanges(db, queueDatabase.listen),
    queue: { db: queueDatabase, backend: 'pglite' },
    ping: async () => void (await pool.query('select 1')),
    dump: () => dumpOf(lite),
    connections: () => connectionsOf(pool),
    announce: (control) => lock?.announce(control),
    close,
  };
}

/** Opens the embedded database of a data directory that this process owns. */
async function openOwned(directory: string): Promise<PGlite> {
  finishReplacement(directory);
  const database = join(directory, DATABASE);
  const state = databaseState(database);
  if (state === 'missing' && (await holdsFiles(join(directory, FILES))))
    throw lostDatabase(directory, `${database} is missing or empty`);
  if (state === 'damaged') throw lostDatabase(directory, `${database} is damaged: it has no PG_VERSION`);
  try {
    return await openInDirectory(database);
  } catch (error) {
    const problem = storageProblem(error);
    if (problem !== undefined)
      throw new Error(`the data directory ${directory} cannot be used: ${problem}`, { cause: error });
    throw lostDatabase(directory, `${database} cannot be opened: ${(error as Error).message}`, error);
  }
}

/** The embedded database of a data directory that no server is using. */
export interface StoppedDatabase {
  dump(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens the database of a data directory without migrations.
 *
 * @throws DirectoryInUseError if a server is using it, Error if it is missing or damaged.
 */
export async function openStopped(directory: string): Promise<StoppedDatabase> {
  if (!existsSync(directory)) throw new Error(`the data directory ${directory} does not exist`);
  const lock = await DirectoryLock.acquire(directory);
  try {
    finishReplacement(directory);
    if (databaseState(join(directory, DATABASE)) === 'missing')
      throw new Error(
        `the data directory ${directory} has no database: ${join(directory, DATABASE)} is missing or empty`,
      );
    const lite = await openOwned(directory);
    return {
      dump: () => dumpOf(lite),
      close: async () => {
        await lite.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Reads a PostgreSQL server without migrations. */
export async function withServer<T>(
  url: string,
  work: (query: <Row>(sql: string) => Promise<readonly Row[]>) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'ips-server' });
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`the database at ${withoutPassword(url)} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    // The caller determines the type of the rows.
    return await work(async <Row>(text: string) => (await client.query(text)).rows as Row[]);
  } finally {
    await client.end();
  }
}

async function dumpOf(lite: PGlite): Promise<Uint8Array> {
  await lite.exec('checkpoint');
  return new Uint8Array(await (await lite.dumpDataDir('none')).arrayBuffer());
}

async function openServer(url: string): Promise<Store> {
  const pool = new ServerPool(url);
  const db = drizzle(pool, { schema });
  try {
    // One process migrates at a time.
    const client = await pool.connect();
    try {
      await client.query('select pg_advisory_lock(7301)');
      await migrate(db, { migrationsFolder: MIGRATIONS });
    } finally {
      await client.query('select pg_advisory_unlock(7301)').catch(() => undefined);
      client.release();
    }
  } catch (error) {
    await pool.end();
    throw new Error(`the database at ${withoutPassword(url)} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
  repeatTransactions(db);
  const leadership = new LockLeadership(pool);
  const changes = new DatabaseChanges(db, listenTo(url));
  return {
    db,
    exclusive: false,
    leadership,
    changes,
    queue: { connectionString: url, application_name: 'ips-server queue', max: 6 },
    dump: undefined,
    connections: () => connectionsOf(pool),
    announce: () => undefined,
    ping: () => pool.ping(),
    close: async () => {
      await changes.close();
      await leadership.resign();
      await pool.end();
    },
  };
}

function connectionsOf({ totalCount, idleCount, waitingCount }: pg.Pool): ReturnType<Store['connections']> {
  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}

/** Names of all tables of the server. */
export async function tableNames(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ tablename: string }>(
    sql`select tablename from pg_tables where schemaname = 'public' order by tablename`,
  );
  return rows.map(({ tablename }) => tablename);
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = parsed.password === '' ? '' : '***';
    return parsed.href;
  } catch {
    return 'the given URL';
  }
}
