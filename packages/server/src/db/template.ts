import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { PGlite } from '@electric-sql/pglite';
import type { ConstructorOptions } from 'pg-boss';
import queue from 'pg-boss/package.json' with { type: 'json' };
import type { Db } from './db.js';
import { openEmbedded } from './embedded-database.js';
import * as schema from './schema.js';

export const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));

/**
 * The path of the template in the build output. `src` and `dist` have the same depth, so the path holds for
 * both.
 */
const SHIPPED = fileURLToPath(new URL('../../dist/db/template/', import.meta.url));

/** A file of an empty database; a folder when it has no content. Folders come before their files. */
interface TemplateFile {
  /** Relative to the data directory, with slashes. */
  readonly path: string;
  readonly content: Uint8Array | undefined;
}

/** The template for databases in memory. Cached, because a process that opens one usually opens more. */
let template: Promise<Uint8Array> | undefined;

/**
 * An empty database with the tables of the server and its queue, as a tar archive: copying one is much faster than creating one. It
 * ships with the package; if it is missing or was made for other code, a new one is created.
 */
async function emptyDatabase(): Promise<Uint8Array> {
  return (await readTemplate()) ?? makeTemplate();
}

/** Opens an embedded database in memory. */
export async function openInMemory(): Promise<PGlite> {
  template ??= emptyDatabase();
  return openDump(await template);
}

/**
 * Opens an embedded database in a directory that only this process uses, and creates it if it is missing.
 * Even if the process dies, the database is either complete or missing.
 */
export async function openInDirectory(directory: string): Promise<PGlite> {
  if (databaseState(directory) === 'missing') {
    const incoming = `${directory}.incoming`;
    rmSync(incoming, { recursive: true, force: true });
    unpackDatabase(await (template ?? emptyDatabase()), incoming);
    rmSync(directory, { recursive: true, force: true });
    renameSync(incoming, directory);
  }
  return openEmbedded({ dataDir: directory });
}

/** Opens a copy of a dumped database in memory. */
export async function openDump(archive: Uint8Array): Promise<PGlite> {
  return openEmbedded({ loadDataDir: new WholeBlob(archive) });
}

/** The state of a directory. PGlite would replace a damaged database without a version by an empty one. */
export function databaseState(directory: string): 'missing' | 'damaged' | 'there' {
  if (!existsSync(directory) || readdirSync(directory).length === 0) return 'missing';
  return existsSync(join(directory, 'PG_VERSION')) ? 'there' : 'damaged';
}

/**
 * Writes the files of a database that is given as a tar archive into a new directory, whose parent exists.
 *
 * @param flush - Whether to flush the files to disk, which takes longer.
 * @throws Error when an entry would be outside the directory.
 */
export function unpackDatabase(archive: Uint8Array, directory: string, flush = false): void {
  mkdirSync(directory, { mode: 0o700 });
  for (const { path, content } of filesOf(archive)) {
    if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(path))
      throw new Error(`the archive of the database contains the path "${path}"`);
    if (content === undefined) mkdirSync(join(directory, path), { mode: 0o700 });
    else writeFileSync(join(directory, path), content, { mode: 0o600, flush });
  }
}

/** Creates the tables of the queue. */
export type MakeQueue = (queue: ConstructorOptions, db: Db) => Promise<void>;

/**
 * Writes the template into the published folder, unless it is up to date.
 *
 * @param makeQueue - Also creates the queues, which otherwise each new database would have to do.
 */
export async function shipTemplate(makeQueue: MakeQueue): Promise<void> {
  if ((await readTemplate()) !== undefined) return;
  const archive = await makeTemplate(makeQueue);
  const compressed = await promisify(brotliCompress)(archive, {
    params: {
      // The largest window, because the archive contains similar databases far apart.
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_SIZE_HINT]: archive.length,
    },
  });
  mkdirSync(SHIPPED, { recursive: true });
  writeFileSync(join(SHIPPED, 'database.tar.br'), compressed);
  writeFileSync(join(SHIPPED, 'made-for.json'), `${madeFor()}\n`);
}

/** A blob that is given out as it is. Node reads another one in pieces, which takes longer than everything that PGlite does with it. */
class WholeBlob extends Blob {
  readonly #content: Uint8Array;

  constructor(content: Uint8Array) {
    super([]);
    this.#content = content;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#content).buffer;
  }
}

/** The template of the package; `undefined` if it was made for other code or cannot be read. */
async function readTemplate(): Promise<Uint8Array | undefined> {
  try {
    if ((await readFile(join(SHIPPED, 'made-for.json'), 'utf8')).trim() !== madeFor()) return undefined;
    return await promisify(brotliDecompress)(await readFile(join(SHIPPED, 'database.tar.br')));
  } catch {
    return undefined;
  }
}

/** The dependencies of a template. If any of them changes, the template is outdated. */
function madeFor(): string {
  const migrations = createHash('sha256');
  for (const name of readdirSync(MIGRATIONS)
    .filter((each) => each.endsWith('.sql'))
    .sort())
    migrations.update(`${name}\0`).update(readFileSync(join(MIGRATIONS, name)));
  return JSON.stringify({
    // To be counted up when makeTemplate makes something else.
    form: 3,
    pglite: installedVersion('@electric-sql/pglite'),
    'pg-boss': queue.version,
    migrations: migrations.digest('hex'),
  });
}

/** The version of a package that is never part of a bundle. */
function installedVersion(name: string): string {
  const entry = fileURLToPath(import.meta.resolve(name));
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** For a database that no template was shipped for, whose server creates the queues. */
const makeTables: MakeQueue = async (options) => {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({ ...options, supervise: false, schedule: false });
  await boss.start();
  await boss.stop({ graceful: false });
};

async function makeTemplate(makeQueue = makeTables): Promise<Uint8Array> {
  const [{ PGlite }, { drizzle }, { migrate }, { embeddedPool }, { embeddedQueue }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('drizzle-orm/node-postgres'),
    import('drizzle-orm/node-postgres/migrator'),
    import('./embedded-connection.js'),
    import('./embedded-queue.js'),
  ]);
  // What is shipped and unpacked is smaller with small segments of the write-ahead log, and without the databases that others are
  // created from: there is one.
  const lite = await PGlite.create({ initDbStartParams: ['--wal-segsize=1'] });
  try {
    await lite.exec('update pg_database set datistemplate = false');
    for (const name of ['template0', 'template1']) await lite.exec(`drop database ${name}`);
    const pool = embeddedPool(lite);
    const db = drizzle(pool, { schema });
    await migrate(db, { migrationsFolder: MIGRATIONS });
    await makeQueue({ db: embeddedQueue(pool), backend: 'pglite' }, db);
    await pool.end();
    // So that nothing has to be recovered from the write-ahead log.
    await lite.exec('checkpoint');
    return new Uint8Array(await (await lite.dumpDataDir('none')).arrayBuffer());
  } finally {
    await lite.close();
  }
}

/** The entries of a tar archive made by PGlite. */
function* filesOf(archive: Uint8Array): Generator<TemplateFile> {
  const text = (start: number, length: number): string =>
    Buffer.from(archive.buffer, archive.byteOffset + start, length)
      .toString('latin1')
      .split('\0', 1)[0] ?? '';
  for (let at = 0; at + 512 <= archive.length; ) {
    const path = text(at, 100).replace(/^\/|\/$/g, '');
    if (path === '') return;
    const size = Number.parseInt(text(at + 124, 12), 8);
    const isFolder = text(at + 156, 1) === '5';
    at += 512;
    yield { path, content: isFolder ? undefined : archive.subarray(at, at + size) };
    at += Math.ceil(size / 512) * 512;
  }
}
