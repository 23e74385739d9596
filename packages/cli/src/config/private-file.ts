import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

// Every command reads such files before it does anything else, so promises would only load more modules and start threads.

/**
 * Reads a JSON file that only its owner may read.
 *
 * @returns `undefined` if the file does not exist.
 * @throws CliError if other users can read it, or if it is not JSON.
 */
export function readPrivate(path: string): unknown {
  let text: string;
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw new CliError(
        EXIT.configuration,
        `${path}: other users can read this file, which contains secrets`,
        `chmod 600 ${path}`,
      );
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT.configuration, `${path}: cannot read the file: ${(error as Error).message}`);
  }
  return parse(path, text);
}

/** Reads a JSON file; `undefined` if it does not exist. */
export function readSettings(path: string): unknown {
  try {
    return parse(path, readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT.configuration, `${path}: cannot read the file: ${(error as Error).message}`);
  }
}

/** Writes a JSON file that only its owner can read. The write is atomic: a crash leaves the old file or the new one. */
export async function writePrivate(path: string, value: unknown): Promise<void> {
  const { mkdir, open, rename, rm } = await import('node:fs/promises');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // The global loads node:crypto only now: most commands only read.
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CliError(EXIT.configuration, `${path}: cannot write the file: ${(error as Error).message}`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(
      EXIT.configuration,
      `${path}: not valid JSON: ${(error as Error).message}`,
      'fix the file, or move it away and run ips login',
    );
  }
}
