import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '../storage-problem.js';
import { replaceText } from './replace-text.js';
import { IDENTITY, identityIn } from './stored-files.js';

/** Milliseconds for which the identity of an unchanged directory is not read again. */
const CHECKED = 2000;

/** The identity of a directory of files, in a file of its own. */
export class DirectoryIdentity {
  readonly #root: string;
  readonly #file: string;
  #expected: string | undefined;
  /** The directory that had the expected identity. */
  #seen: { readonly dev: bigint; readonly ino: bigint; readonly at: number } | undefined;

  constructor(root: string) {
    this.#root = root;
    this.#file = join(root, IDENTITY);
  }

  async read(): Promise<string | undefined> {
    try {
      return identityIn(await readFile(this.#file, 'utf8'));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw error;
    }
  }

  write(identity: string): Promise<void> {
    return replaceText(this.#file, `${identity}\n`);
  }

  expect(identity: string): void {
    this.#expected = identity;
    this.#seen = undefined;
  }

  /**
   * Checks that the directory is the expected one, by its device and inode, and by its identity if they have changed or some time has passed.
   *
   * @param reads - Whether to read the identity in any case.
   * @throws StorageError if it is another directory, an error of the file system if it is missing.
   */
  async check(reads = false): Promise<void> {
    if (this.#expected === undefined) return;
    const { dev, ino } = await stat(this.#root, { bigint: true });
    const seen = this.#seen;
    const isKnown = seen?.dev === dev && seen.ino === ino && performance.now() - seen.at < CHECKED;
    if (isKnown && !reads) return;
    const found = await this.read();
    if (found !== this.#expected) throw replaced('the directory of the files', found);
    this.#seen = { dev, ino, at: performance.now() };
  }
}

/** The error for a store that lacks the expected identity. */
export const replaced = (name: string, found: string | undefined): StorageError =>
  new StorageError(
    `${name} has been replaced: its ${IDENTITY} is ${found === undefined ? 'missing' : 'that of another one'}`,
  );
