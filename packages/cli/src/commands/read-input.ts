import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';

/** Reads the text of a file, or of stdin for `-`. */
export async function readText(context: Context, file: string): Promise<string> {
  if (file !== '-') {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      // The error for a folder lacks the path.
      error.path ??= file;
      throw error;
    });
    return decoded(bytes, file);
  }
  if (context.stdin.isTTY) context.note('reading from the terminal; press Ctrl-D to end');
  return decoded(await buffer(context.stdin), 'stdin');
}

/**
 * Decodes UTF-8, or UTF-16 with a byte order mark, which Excel and Windows PowerShell write. Removes the mark.
 *
 * @throws CliError if the bytes are not text in one of these encodings.
 */
function decoded(bytes: Buffer, file: string): string {
  const [first, second] = bytes;
  const isLittleEndian = first === 0xff && second === 0xfe;
  const isBigEndian = first === 0xfe && second === 0xff;
  const encoding = isLittleEndian ? 'utf-16le' : isBigEndian ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(
      EXIT.usage,
      `${file}: expected text in UTF-8, or in UTF-16 with a byte order mark`,
      'save the file as UTF-8; in Excel: CSV UTF-8',
    );
  }
}

/** Reads a JSON object from a file, or from stdin for `-`. Without a file, returns an empty object. */
export async function readInput(
  context: Context,
  file: string | undefined,
): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  const content = await readText(context, file);
  const name = file === '-' ? 'stdin' : file;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new CliError(EXIT.usage, `${name}: not valid JSON: ${(error as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new CliError(
    EXIT.usage,
    `${name}: expected a JSON object, found ${Array.isArray(value) ? 'an array' : typeof value}`,
  );
}

/** The nonempty lines of a file; by default, of stdin. */
export async function readLines(context: Context, file: string = '-'): Promise<string[]> {
  const lines = (await readText(context, file)).split('\n').map((line) => line.replace(/\r$/, ''));
  return lines.filter((line) => line.trim() !== '');
}

/** Replaces `-` among arguments with the lines of stdin, and removes duplicates. */
export async function expandStdin(context: Context, given: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const one of given) {
    if (one === '-') all.push(...(await readLines(context)));
    else all.push(one);
  }
  return [...new Set(all)];
}
