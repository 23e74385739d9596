import { randomBytes } from 'node:crypto';
import { rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import { makeFolder } from '../make-folder.js';
import { systemError } from '../system-errors.js';

/** The folder of a recording, checked before the recorded command runs. */
export class RecordingFolder {
  readonly #path: string;
  /** The topmost folder that was created; `undefined` if the folder existed. */
  readonly #created: string | undefined;

  private constructor(path: string, created: string | undefined) {
    this.#path = path;
    this.#created = created;
  }

  /**
   * Creates the folder if necessary, and checks that files can be written to it.
   *
   * @throws CliError if the path is not a folder, or not writable.
   */
  static async prepare(path: string): Promise<RecordingFolder> {
    let folder: RecordingFolder | undefined;
    try {
      folder = new RecordingFolder(resolve(path), await makeFolder(path));
      // Access rights alone do not show this: the file system may be read-only, or not store files.
      const probe = join(path, `.ips-${randomBytes(6).toString('hex')}`);
      await writeFile(probe, '', { flag: 'wx' });
      await rm(probe);
      return folder;
    } catch (error) {
      await folder?.removeIfEmpty();
      const text = systemError(error)?.text ?? (error as Error).message;
      const where = (error as NodeJS.ErrnoException).path === undefined ? `${path}: ${text}` : text;
      throw new CliError(EXIT.usage, `--to: cannot record into ${where}`, undefined, error);
    }
  }

  /** Removes the folders that were created, if they are still empty. */
  async removeIfEmpty(): Promise<void> {
    if (this.#created === undefined) return;
    const top = resolve(this.#created);
    for (let at = this.#path; ; at = dirname(at)) {
      try {
        await rmdir(at);
      } catch {
        return;
      }
      if (at === top) return;
    }
  }
}
