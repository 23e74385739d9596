import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, truncate } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { JournalError } from './journal-error.js';
import { lockJournal } from './journal-lock.js';

/** The first line of a journal, which says what it belongs to. A journal of something else is not continued. */
export interface JournalHeader {
  readonly type: 'journal';
  readonly version: 1;
  readonly kind: string;
  readonly endpoint: string;
  readonly company: string | undefined;
}

/** A line of a journal after the first. One of type `end` says that the work ended, whether or not all of it succeeded. */
export interface JournalEntry {
  readonly type: string;
}

/** Records the progress of an upload, so that it can continue after a crash. */
export interface Journal<Entry extends JournalEntry> {
  /** The entries of earlier processes, in order. */
  readonly entries: readonly Entry[];
  /** Writes a line. Once it has resolved, the line survives a crash. */
  append(entry: Entry): Promise<void>;
  close(): Promise<void>;
}

/** A journal for uploads that need not survive their process. */
export function noJournal<Entry extends JournalEntry>(): Journal<Entry> {
  return { entries: [], append: () => Promise.resolve(), close: () => Promise.resolve() };
}

/**
 * Opens or creates a journal: a file of JSON lines, each with a checksum, that is only appended to and is flushed to disk after
 * every line. It contains neither secrets nor file contents.
 *
 * A journal whose work ended starts over: only work that was interrupted is continued. A last line that a crash cut off is dropped. Any
 * other damage is an error, since whatever a journal forgets would be sent twice. Line breaks of Windows are no damage.
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
    // What follows the last whole line would run into the next one. By its path, since Windows cuts no file that is open to append.
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

  /** Lines are written one after the other. After a failure the end of the file is unknown, so every later line fails too. */
  write(entry: object): Promise<void> {
    this.#last = this.#last.then(async () => {
      await this.#handle.appendFile(formatLine(entry));
      await this.#handle.datasync();
    });
    // The caller of append gets the error; the queue itself must not reject unhandled.
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
  // Editors of Windows may have saved it with a byte order mark, and with their own line breaks.
  const text = bytes.toString('utf8', 0, end).replace(/^\uFEFF/, '');
  const rows = text.split('\n').slice(0, -1);
  const lines = rows.map((saved, index) => {
    const row = saved.replace(/\r$/, '');
    const [, entry, sum] = CHECKED.exec(row) ?? [];
    if (entry === undefined) throw new JournalError(path, index + 1, 'it is not a line of a journal');
    if (checksum(`${entry}}`) !== sum) throw new JournalError(path, index + 1, 'its checksum does not match');
    return JSON.parse(`${entry}}`) as unknown;
  });
  // A file without a line break may be something else entirely; a first line that was cut off begins like ours.
  if (end === 0 && bytes.length > 0 && !'{"type":"journal"'.startsWith(bytes.toString('latin1', 0, 17)))
    throw new JournalError(path, 1, 'it is not a line of a journal');
  return { lines, length: end };
}

function checkHeader(path: string, found: JournalHeader, wanted: JournalHeader): void {
  if (found.type !== 'journal') throw new JournalError(path, 1, 'it is not the first line of a journal');
  for (const key of ['version', 'kind', 'endpoint', 'company'] as const) {
    if (found[key] !== wanted[key])
      throw new JournalError(
        path,
        1,
        `${key} is ${JSON.stringify(found[key])}; expected ${JSON.stringify(wanted[key])}`,
      );
  }
}

/** A new file survives a crash only when its folder was flushed too. Not every system can do that. */
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
