import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';

/** The text of a file, or of stdin for `-`. */
export async function readText(context: Context, file: string): Promise<string> {
  if (file !== '-') {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      // Reading a folder fails without a path.
      error.path ??= file;
      throw error;
    });
    return decoded(bytes);
  }
  if (context.stdin.isTTY) context.note('reading from the terminal; end with Ctrl-D');
  return decoded(await buffer(context.stdin));
}

/** Text without its byte order mark. Windows PowerShell writes UTF-16 where its output goes into a file. */
function decoded(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** The JSON object in a file, or in stdin for `-`; an empty one without a file. */
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
    throw new CliError(EXIT.usage, `${name} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new CliError(
    EXIT.usage,
    `${name}: expected a JSON object, found ${Array.isArray(value) ? 'an array' : typeof value}`,
  );
}

/** The lines of stdin, without empty ones. */
export async function readLines(context: Context, file: string = '-'): Promise<string[]> {
  const lines = (await readText(context, file)).split('\n').map((line) => line.replace(/\r$/, ''));
  return lines.filter((line) => line.trim() !== '');
}

/** Arguments, with a `-` among them replaced by the lines of stdin. */
export async function expandStdin(context: Context, given: readonly string[]): Promise<string[]> {
  const all: string[] = [];
  for (const one of given) {
    if (one === '-') all.push(...(await readLines(context)));
    else all.push(one);
  }
  return [...new Set(all)];
}
