import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getTableName, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { fillEarlierSchema, migrationTags } from '../db/earlier-schema.js';
import { setNextNumbers } from '../db/table-numbers.js';
import { makeDirectory } from '../files/make-directory.js';
import { fileColumns } from '../files/unused-files.js';
import { name } from '../option-checks.js';
import type { Services } from '../services.js';
import { type Contents, readContents, writeContents } from './contents.js';
import type { PublishedEntry, StateManifest } from './manifest.js';
import { packState, partEntries, type StateReader } from './state-file.js';

/** A state of a server. The contents of its files are in the store. */
interface KeptState {
  readonly contents: Contents;
  /** What a manual clock shows. */
  readonly time: Date;
  readonly files: ReadonlySet<string>;
  readonly published: readonly PublishedEntry[];
}

/** What the manifest of a state names besides its contents. */
export interface StateNames {
  readonly server: string;
  readonly company: string;
  readonly admin: string;
}

/** The state that a reset returns to, if it is not that of an empty server. */
export class StartingPoint {
  readonly #services: Services;
  #kept: KeptState | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  get isEmpty(): boolean {
    return this.#kept === undefined;
  }

  /** What a manual clock is set back to; `undefined` without a state. */
  get time(): Date | undefined {
    return this.#kept?.time;
  }

  /** Whether a file belongs to the state, so that it has to stay in the store. */
  keeps(hash: string): boolean {
    return this.#kept?.files.has(hash) ?? false;
  }

  /**
   * Takes over the files of a state whose rows are in the database, after {@link loadRows}.
   *
   * @throws Error that names the state file and what is wrong.
   */
  async load(reader: StateReader, contents: Contents): Promise<void> {
    const { manifest } = reader;
    await reader.storeFiles(this.#services.files);
    this.#kept = {
      contents,
      time: this.#services.clock.now(),
      files: new Set(manifest.files.map(({ sha256 }) => sha256)),
      published: manifest.published,
    };
    await this.restorePublished();
  }

  /** Makes the present state the one to return to. */
  async mark(): Promise<void> {
    this.#kept = await this.#capture();
  }

  /** Inserts the rows of the state into empty tables. */
  async restoreRows(tx: Db): Promise<void> {
    if (this.#kept !== undefined) await writeContents(tx, this.#kept.contents);
  }

  /** Sets the numbers of the next rows, because a start uses some even if it inserts nothing. */
  async restoreNumbers(db: Db): Promise<void> {
    if (this.#kept !== undefined) await setNextNumbers(db, this.#kept.contents.next);
  }

  /** Replaces the published files by those of the state. */
  async restorePublished(): Promise<void> {
    const root = this.#publishedRoot;
    await rm(root, { recursive: true, force: true });
    for (const { path, sha256 } of this.#kept?.published ?? []) {
      const target = join(root, ...path.split('/'));
      await makeDirectory(dirname(target));
      await pipeline(this.#services.files.read(sha256), createWriteStream(target));
    }
  }

  /**
   * The present state as a state file.
   *
   * @throws Error that names a file that is missing.
   */
  async pack(names: StateNames): Promise<Readable> {
    const { contents, time, files, published } = await this.#capture();
    const sized: { sha256: string; bytes: number }[] = [];
    for (const sha256 of [...files].sort()) {
      const bytes = await this.#services.files.size(sha256);
      if (bytes === undefined) throw missing(sha256);
      sized.push({ sha256, bytes });
    }
    const manifest: StateManifest = {
      format: 'ips-server-state',
      version: 1,
      server: names.server,
      migration: migrationTags().at(-1) ?? '',
      time: time.toISOString(),
      company: names.company,
      admin: names.admin,
      next: contents.next,
      parts: partEntries(contents.parts),
      files: sized,
      published,
    };
    return packState(manifest, contents.parts, this.#services.files);
  }

  get #publishedRoot(): string {
    return join(this.#services.config.serverRoot, 'published');
  }

  async #capture(): Promise<KeptState> {
    const { db, files, clock } = this.#services;
    const published = await this.#storePublished();
    const { contents, named } = await db.transaction(
      async (tx) => ({ contents: await readContents(tx), named: await namedFiles(tx) }),
      { isolationLevel: 'repeatable read' },
    );
    for (const hash of named) if ((await files.size(hash)) === undefined) throw missing(hash);
    const hashes = new Set([...named, ...published.map(({ sha256 }) => sha256)]);
    return { contents, time: clock.now(), files: hashes, published };
  }

  /** Puts the published files into the store, which has most of them already. */
  async #storePublished(): Promise<PublishedEntry[]> {
    const root = this.#publishedRoot;
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      },
    );
    const published: PublishedEntry[] = [];
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const { hash } = await this.#services.files.put(createReadStream(path));
      published.push({ path: relative(root, path).split(sep).join('/'), sha256: hash });
    }
    return published.sort((one, other) => (one.path < other.path ? -1 : 1));
  }
}

/**
 * Fills an empty database in memory with the rows of a state, and converts those of an earlier version.
 *
 * @returns The rows in the present version.
 * @throws Error that names the state file and the tables that refuse their rows.
 */
export async function loadRows(db: Db, reader: StateReader): Promise<Contents> {
  const { migration, next } = reader.manifest;
  const contents = { parts: reader.parts, next };
  const fill = (): Promise<void> => reader.checked(() => db.transaction((tx) => writeContents(tx, contents)));
  if (migration === migrationTags().at(-1)) {
    await fill();
    return contents;
  }
  await fillEarlierSchema(db, migration, fill);
  return db.transaction((tx) => readContents(tx));
}

/**
 * The path of a state file to write.
 *
 * @throws Error if it cannot be a file.
 */
export async function stateTarget(file: string): Promise<string> {
  name(file, 'file');
  const target = resolve(file);
  const found = await stat(target).catch(() => undefined);
  if (found?.isDirectory() || file.endsWith('/') || file.endsWith(sep))
    throw new Error(`${target} cannot be written: it is a directory, expected a file`);
  return target;
}

/** Saves a packed state in a file, which is replaced when the new one is complete. */
export async function saveState(packed: Readable, target: string): Promise<void> {
  const partial = join(dirname(target), `.${basename(target)}.partial-${randomUUID().slice(0, 8)}`);
  try {
    await makeDirectory(dirname(target));
    // Only the owner can read it, because it contains password hashes.
    await pipeline(packed, createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }));
    await rename(partial, target);
  } catch (error) {
    packed.destroy();
    await rm(partial, { force: true }).catch(() => undefined);
    const { path, message } = error as NodeJS.ErrnoException;
    throw path === partial ? new Error(`${target} cannot be written: ${message}`, { cause: error }) : error;
  }
}

const missing = (hash: string): Error =>
  new Error(`the state is not complete: the file ${hash} is missing; run "ips-server check"`);

/** The files that rows refer to. */
async function namedFiles(tx: Db): Promise<ReadonlySet<string>> {
  const selects = fileColumns.map(
    (column) =>
      `select "${column.name}" as hash from "${getTableName(column.table)}" where "${column.name}" is not null`,
  );
  const { rows } = await tx.execute<{ hash: string }>(sql.raw(selects.join(' union ')));
  return new Set(rows.map(({ hash }) => hash));
}
