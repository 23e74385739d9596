import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { ConstructorOptions } from 'pg-boss';
import type { Db } from './db.js';
import { DirectoryLock } from './directory-lock.js';
import { NamingClient } from './named-statements.js';
import * as schema from './schema.js';
import { MIGRATIONS, openInDirectory, openInMemory } from './template.js';

/** Where the database is. */
export type StoreLocation =
  /** Embedded, in a directory that one process may use at a time. */
  | { readonly kind: 'directory'; readonly path: string }
  /** Embedded, in memory. */
  | { readonly kind: 'memory' }
  /** A PostgreSQL server, which several processes may share. */
  | { readonly kind: 'server'; readonly url: string };

/** Where the options of a server put its database. */
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

/** An open database with an up-to-date schema. */
export interface Store {
  readonly db: Db;
  /** Whether this process is the only one that uses the database. */
  readonly exclusive: boolean;
  /** How the queue reaches the same database. */
  readonly queue: ConstructorOptions;
  close(): Promise<void>;
}

/**
 * Opens the database and applies missing migrations.
 *
 * @throws Error when another process uses the directory, or the server cannot be reached.
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
    mkdirSync(location.path, { recursive: true });
    lock = DirectoryLock.acquire(location.path);
    try {
      lite = await openInDirectory(join(location.path, 'database'));
    } catch (error) {
      lock.release();
      throw error;
    }
  } else {
    lite = await openInMemory();
  }
  const pool = embeddedPool(lite);
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
  return { db, exclusive: true, queue: { db: embeddedQueue(pool, lite), backend: 'pglite' }, close };
}

async function openServer(url: string): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    application_name: 'ips-server',
    Client: NamingClient,
  });
  // The pool replaces broken idle connections; without a listener the error would end the process.
  pool.on('error', () => undefined);
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
  return {
    db,
    exclusive: false,
    queue: { connectionString: url, application_name: 'ips-server queue', max: 6 },
    close: () => pool.end(),
  };
}

/** Names of all tables of the server. */
export async function tableNames(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ tablename: string }>(
    sql`select tablename from pg_tables where schemaname = 'public' order by tablename`,
  );
  return rows.map(({ tablename }) => tablename);
}

/** Resolves when the database answers. */
export async function pingDatabase(db: Db): Promise<void> {
  await db.execute(sql`select 1`);
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
