import { checkNextNumbers, type NextNumbers } from '../db/table-numbers.js';

/** Names in a state file. */
export const MANIFEST = 'state.json';
export const TABLES = 'tables';
export const FILES = 'files';

/** Most bytes of a manifest. */
export const MAX_MANIFEST = 2 ** 26;

/** Most bytes of the rows of all tables, which are read into memory. */
export const MAX_ROWS = 2 ** 30;

/** Most bytes of all files. */
export const MAX_FILES = 2 ** 33;

/** Rows of a table, in an entry of their own. */
export interface PartEntry {
  readonly table: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A published file, whose content is among the files. */
export interface PublishedEntry {
  /** Relative to the directory of published files, with slashes. */
  readonly path: string;
  readonly sha256: string;
}

/** What a state file says of itself. It is the first entry. */
export interface StateManifest {
  readonly format: 'ips-server-state';
  readonly version: 1;
  /** The version of the server that saved it. */
  readonly server: string;
  /** The last migration of its database. */
  readonly migration: string;
  /** The time of the server, in ISO 8601. */
  readonly time: string;
  readonly company: string;
  /** The e-mail address of the administrator. */
  readonly admin: string;
  readonly next: NextNumbers;
  readonly parts: readonly PartEntry[];
  readonly files: readonly { readonly sha256: string; readonly bytes: number }[];
  readonly published: readonly PublishedEntry[];
}

/** The name of the entry of a part. */
export const partName = (index: number, table: string): string =>
  `${TABLES}/${String(index).padStart(4, '0')}-${table}.json`;

/** The name of the entry of a file. */
export const fileName = (sha256: string): string => `${FILES}/${sha256}`;

/**
 * Reads a manifest.
 *
 * @param migrations - The names of all migrations that this server has.
 * @throws Error that names what is wrong.
 */
export function parseManifest(text: string, migrations: readonly string[]): StateManifest {
  let given: Partial<Record<keyof StateManifest, unknown>> | null;
  try {
    given = JSON.parse(text) as typeof given;
  } catch {
    throw new Error(`${MANIFEST} is not JSON`);
  }
  if (given?.format !== 'ips-server-state') throw new Error('it is not a state of ips-server');
  if (given.version !== 1)
    throw new Error(
      `it has version ${JSON.stringify(given.version)} of the format; this ips-server reads version 1`,
    );
  const migration = wordOf('migration', given.migration);
  if (!migrations.includes(migration))
    throw new Error(
      `a newer server saved it: its database has the migration "${migration}", and this server ends with "${migrations.at(-1)}"`,
    );
  const time = wordOf('time', given.time);
  if (Number.isNaN(new Date(time).getTime()))
    throw new Error(`${MANIFEST}: time: found "${time}", expected an ISO 8601 time`);
  const files = listOf('files', given.files).map((file, index) => ({
    sha256: hashOf(`files[${index}].sha256`, file['sha256']),
    bytes: sizeOf(`files[${index}].bytes`, file['bytes']),
  }));
  const hashes = new Set(files.map(({ sha256 }) => sha256));
  if (hashes.size < files.length) throw new Error(`${MANIFEST}: files: a file is listed twice`);
  const parts = listOf('parts', given.parts).map((part, index) => ({
    table: tableOf(`parts[${index}].table`, part['table']),
    bytes: sizeOf(`parts[${index}].bytes`, part['bytes']),
    sha256: hashOf(`parts[${index}].sha256`, part['sha256']),
  }));
  limit('parts', parts, MAX_ROWS);
  limit('files', files, MAX_FILES);
  return {
    format: 'ips-server-state',
    version: 1,
    server: wordOf('server', given.server),
    migration,
    time,
    company: wordOf('company', given.company),
    admin: wordOf('admin', given.admin),
    next: checkNextNumbers(given.next, `${MANIFEST}: next`),
    parts,
    files,
    published: listOf('published', given.published).map((file, index) => ({
      path: pathOf(`published[${index}].path`, file['path']),
      sha256: knownHash(`published[${index}].sha256`, file['sha256'], hashes),
    })),
  };
}

function wordOf(path: string, value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= 1000) return value;
  throw new Error(`${MANIFEST}: ${path}: found ${shown(value)}, expected a text`);
}

function sizeOf(path: string, value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${MANIFEST}: ${path}: found ${shown(value)}, expected a number of bytes`);
}

function hashOf(path: string, value: unknown): string {
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value;
  throw new Error(`${MANIFEST}: ${path}: found ${shown(value)}, expected a SHA-256 in hexadecimal`);
}

function knownHash(path: string, value: unknown, known: ReadonlySet<string>): string {
  const hash = hashOf(path, value);
  if (known.has(hash)) return hash;
  throw new Error(`${MANIFEST}: ${path}: ${hash} is not among the files`);
}

function tableOf(path: string, value: unknown): string {
  if (typeof value === 'string' && /^[a-z][a-z0-9_]{0,62}$/.test(value)) return value;
  throw new Error(`${MANIFEST}: ${path}: found ${shown(value)}, expected the name of a table`);
}

/** A path that stays in its directory on every system. */
function pathOf(path: string, value: unknown): string {
  const isSafe =
    typeof value === 'string' &&
    value.length <= 4096 &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it looks for.
    !/[\\:\u0000-\u001f]/.test(value) &&
    value.split('/').every((step) => step !== '' && step !== '.' && step !== '..');
  if (isSafe) return value;
  throw new Error(`${MANIFEST}: ${path}: found ${shown(value)}, expected a relative path such as a/b.json`);
}

function listOf(path: string, value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) throw new Error(`${MANIFEST}: ${path}: found ${shown(value)}, expected a list`);
  for (const [index, each] of value.entries()) {
    if (typeof each !== 'object' || each === null)
      throw new Error(`${MANIFEST}: ${path}[${index}]: found ${shown(each)}, expected an object`);
  }
  // Checked above.
  return value as readonly Readonly<Record<string, unknown>>[];
}

function limit(path: string, entries: readonly { readonly bytes: number }[], most: number): void {
  const bytes = entries.reduce((sum, each) => sum + each.bytes, 0);
  if (bytes > most)
    throw new Error(`${MANIFEST}: ${path}: found ${bytes} bytes in all, expected at most ${most}`);
}

/** A value in a message. */
function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
}
