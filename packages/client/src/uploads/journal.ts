import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, truncate } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { JournalError } from './journal-error.js';
import { lockJournal } from './journal-lock.js';

/** The first line of a journal, which identifies the upload. The journal of another upload is not resumed. */
export interface JournalHeader {
  readonly type: 'journal';
  readonly version: 1;
  readonly kind: string;
  readonly endpoint: string;
  readonly company: string | undefined;
}

/** A line of a journal after the first. The type `end` marks the end of the work, successful or not. */
export interface JournalEntry {
  readonly type: string;
}

/** Records the progress of an upload, to resume it after a crash. */
export interface Journal<Entry extends JournalEntry> {
  /** The entries of earlier runs, in order. */
  readonly entries: readonly Entry[];
  /** Writes a line. Once the promise has resolved, the line survives a crash. */
  append(entry: Entry): Promise<void>;
  close(): Promise<void>;
}

/** A journal that records nothing. */
export function noJournal<Entry extends JournalEntry>(): Journal<Entry> {
  return { entries: [], append: () => Promise.resolve(), close: () => Promise.resolve() };
}

/**
 * Opens or creates a journal: an append-only file of JSON lines with checksums, flushed to disk after every line. It contains neither
 * secrets nor file contents.
 *
 * A journal with an end starts over. An incomplete last line, from a crash, is dropped. Any other damage is an error, since files might be
 * sent twice. Windows line breaks are accepted.
 *
 * @throws JournalError when the file is not a journal, is damaged, belongs to something else, or is in use.
 */
export async function openJournal<Entry extends JournalEntry>(
  file: string,
  header: Omit<JournalHeader, 'type' | 'version'>,
): Promise<Journal<Entry>> {
  const path = resolve(file);
  await mkdir(dirname(path), { recursive: true });
  const unlock = await lockJournal(path);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'a+', 0o600);
    const bytes = await handle.readFile();
    const { lines, length } = readLines(path, bytes);
    const wanted: JournalHeader = { type: 'journal', version: 1, ...header };
    const [found, ...entries] = lines as [JournalHeader?, ...Entry[]];
    if (found !== undefined) checkHeader(path, found, wanted);
    const isEnded = entries.at(-1)?.type === 'end';
    // Removes an incomplete last line. By path, since Windows cannot truncate a file that is open for appending.
    const kept = isEnded ? bytes.indexOf(0x0a) + 1 : length;
    if (kept < bytes.length) await truncate(path, kept);
    const journal = new FileJournal<Entry>(handle, unlock, isEnded ? [] : entries);
    if (found === undefined) {
      await journal.write(wanted);
      await syncFolder(dirname(path));
    }
    return journal;
  } catch (error) {
    await handle?.close();
    await unlock();
    throw error;
  }
}

class FileJournal<Entry extends JournalEntry> implements Journal<Entry> {
  readonly entries: readonly Entry[];
  readonly #handle: FileHandle;
  readonly #unlock: () => Promise<void>;
  #last: Promise<void> = Promise.resolve();

  constructor(handle: FileHandle, unlock: () => Promise<void>, entries: readonly Entry[]) {
    this.#handle = handle;
    this.#unlock = unlock;
    this.entries = entries;
  }

  append(entry: Entry): Promise<void> {
    return this.write(entry);
  }

  /** Lines are written one at a time. After a failure, the end of the file is unknown, so every later line fails too. */
  write(entry: object): Promise<void> {
    this.#last = this.#last.then(async () => {
      await this.#handle.appendFile(formatLine(entry));
      await this.#handle.datasync();
    });
    // The caller of append gets the error. The queue itself must not cause an unhandled rejection.
    this.#last.catch(() => undefined);
    return this.#last;
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#handle.close();
    await this.#unlock();
  }
}

function formatLine(entry: object): string {
  const text = JSON.stringify(entry);
  return `${text.slice(0, -1)},"check":"${checksum(text)}"}\n`;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

const CHECKED = /^(.*),"check":"([0-9a-f]{8})"\}$/s;

function readLines(path: string, bytes: Buffer): { lines: unknown[]; length: number } {
  const end = bytes.lastIndexOf(0x0a) + 1;
  // An editor on Windows may have added a byte order mark and line breaks.
  const text = bytes.toString('utf8', 0, end).replace(/^\uFEFF/, '');
  const rows = text.split('\n').slice(0, -1);
  const lines = rows.map((saved, index) => {
    const row = saved.replace(/\r$/, '');
    const [, entry, sum] = CHECKED.exec(row) ?? [];
    if (entry === undefined) throw new JournalError(path, index + 1, 'expected a line of a journal');
    if (checksum(`${entry}}`) !== sum) throw new JournalError(path, index + 1, 'the checksum does not match');
    return JSON.parse(`${entry}}`) as unknown;
  });
  // A file without a line break may be something else, unless it starts like the first line of a journal.
  if (end === 0 && bytes.length > 0 && !'{"type":"journal"'.startsWith(bytes.toString('latin1', 0, 17)))
    throw new JournalError(path, 1, 'expected a line of a journal');
  return { lines, length: end };
}

function checkHeader(path: string, found: JournalHeader, wanted: JournalHeader): void {
  if (found.type !== 'journal') throw new JournalError(path, 1, 'expected the first line of a journal');
  for (const key of ['version', 'kind', 'endpoint', 'company'] as const) {
    if (found[key] !== wanted[key])
      throw new JournalError(
        path,
        1,
        `expected ${key} ${JSON.stringify(wanted[key])}, found ${JSON.stringify(found[key])}`,
      );
  }
}

/** Flushes a folder, without which a new file may not survive a crash. Windows does not support this. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  } finally {
    await handle?.close();
  }
}
