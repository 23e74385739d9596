import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { SeedError } from './seed-error.js';

/** Bytes of a seed file. */
const MAX_BYTES = 64 * 2 ** 20;

/** A seed file that was read, but not checked. */
export interface SeedFile {
  readonly seed: unknown;
  /** The folder that files of assets are relative to. */
  readonly directory: string;
}

/**
 * Reads a seed file: JSON with the extension `.json`, otherwise YAML 1.2 without tags.
 *
 * @throws SeedError with the name of the file, when it cannot be read or parsed.
 */
export async function readSeedFile(file: string): Promise<SeedFile> {
  const path = resolve(file);
  const text = await readText(file, path);
  return {
    seed:
      extname(path).toLowerCase() === '.json'
        ? parseJson(file, text)
        : (await import('./parse-yaml.js')).parseYaml(file, text),
    directory: dirname(path),
  };
}

async function readText(file: string, path: string): Promise<string> {
  let bytes: Buffer;
  try {
    // Not to wait for the writer of a named pipe.
    await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) throw new SeedError(file, 'not a file');
    if (stat.size > MAX_BYTES)
      throw new SeedError(file, `found ${stat.size} bytes, expected at most ${MAX_BYTES}`);
    bytes = await handle.readFile();
  } catch (error) {
    if (error instanceof SeedError) throw error;
    throw new SeedError(file, `cannot be read: ${(error as Error).message}`, error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new SeedError(file, 'expected UTF-8', error);
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new SeedError(file, (error as Error).message, error);
  }
}
