import { getTableName } from 'drizzle-orm';
import { DirectoryInUseError, type Owner } from '../db/directory-lock.js';
import { openStopped, withServer } from '../db/store.js';
import { openDump } from '../db/template.js';
import { fileColumns } from '../files/unused-files.js';

/** Runs an SQL query. */
export type Query = <Row>(sql: string) => Promise<readonly Row[]>;

/** The files that the database references, each with a row that references it. */
export type NamedFiles = ReadonlyMap<string, string>;

/** A read-only database. */
export interface Catalogue {
  /** The embedded database as a tar archive, or `undefined` for a PostgreSQL server. */
  readonly archive: Uint8Array | undefined;
  readonly named: NamedFiles;
  /** The identity of the store that belongs to it; `undefined` in a database of an earlier version. */
  readonly identity: string | undefined;
}

/**
 * Reads the database of a data directory or its PostgreSQL server, even while a server is using it. If none
 * is, the directory is locked until `work` is done.
 *
 * @throws Error when the database is missing, damaged or unreachable.
 */
export async function withCatalogue<T>(
  { directory, databaseUrl }: { readonly directory: string; readonly databaseUrl?: string | undefined },
  work: (read: () => Promise<Catalogue>) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== undefined) {
    return withServer(databaseUrl, (query) =>
      work(async () => ({
        archive: undefined,
        named: await namedFiles(query),
        identity: await identityOf(query),
      })),
    );
  }
  let stopped: Awaited<ReturnType<typeof openStopped>>;
  try {
    stopped = await openStopped(directory);
  } catch (error) {
    if (!(error instanceof DirectoryInUseError)) throw error;
    const { owner } = error;
    return work(async () => read(await dumpOfServer(error, owner)));
  }
  try {
    return await work(async () => read(await stopped.dump()));
  } finally {
    await stopped.close();
  }
}

/** Opens a copy, so that reading changes nothing and verifies the dump. */
export async function read(archive: Uint8Array): Promise<Catalogue> {
  const lite = await openDump(archive);
  try {
    const query: Query = async <Row>(text: string) => (await lite.query<Row>(text)).rows;
    const tables = await query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    );
    // Reads every value of every row.
    for (const { name } of tables)
      await query(`select sum(length(every_row::text)) from "${name}" every_row`);
    return { archive, named: await namedFiles(query), identity: await identityOf(query) };
  } finally {
    await lite.close();
  }
}

async function identityOf(query: Query): Promise<string | undefined> {
  const [table] = await query(
    `select from information_schema.tables where table_schema = 'live' and table_name = 'file_store'`,
  );
  if (table === undefined) return undefined;
  const [row] = await query<{ identity: string }>('select identity from live.file_store');
  return row?.identity;
}

async function namedFiles(query: Query): Promise<NamedFiles> {
  const there = new Set(
    (
      await query<{ name: string }>(
        `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'`,
      )
    ).map(({ name }) => name),
  );
  const named = new Map<string, string>();
  for (const column of fileColumns) {
    const table = getTableName(column.table);
    // A database of an earlier version lacks some columns.
    if (!there.has(`${table}.${column.name}`)) continue;
    const id = table === 'assets' ? 'min(id)' : 'null';
    const rows = await query<{ hash: string; id: number | null }>(
      `select "${column.name}" as hash, ${id} as id from "${table}" where "${column.name}" is not null group by 1`,
    );
    for (const { hash, id: asset } of rows) {
      if (!named.has(hash)) named.set(hash, asset === null ? table : `asset a|${asset} (${column.name})`);
    }
  }
  return named;
}

/**
 * The database of the server that owns a directory. The server returns it to callers with the token stored in
 * the directory.
 */
async function dumpOfServer(inUse: DirectoryInUseError, owner: Owner | undefined): Promise<Uint8Array> {
  if (owner?.control === undefined)
    throw new Error(`${inUse.message}, and its address is unknown`, { cause: inUse });
  const { url, token } = owner.control;
  let answer: Response;
  try {
    answer = await fetch(`${url}/control/dump`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
  } catch (error) {
    throw new Error(
      `the server that uses the data directory (process ${owner.pid} on host ${owner.host}) cannot be reached at ${url}: run the command on its host or in its container, or stop the server`,
      { cause: error },
    );
  }
  if (!answer.ok)
    throw new Error(`the server at ${url} refused to hand over its database: status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
