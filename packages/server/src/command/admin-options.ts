import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { AdminOptions } from '../seed/admin-account.js';
import { UsageError } from './usage-error.js';

/** What the command line and the environment say of the administrator. */
export interface AdminArguments {
  /** `EMAIL` or `EMAIL:PASSWORD`. */
  readonly admin: string | undefined;
  /** The name of a file, or `-` for standard input. */
  readonly passwordFile: string | undefined;
  /** The password in the environment. */
  readonly fromEnvironment: string | undefined;
}

/** Where passwords are read from, and warnings go. */
export interface PasswordSources {
  readonly stdin: NodeJS.ReadStream;
  /** Reads a line from the terminal without showing it. */
  readonly prompt: (question: string) => Promise<string>;
  readonly warn: (message: string) => void;
}

/** The bytes of a password file that are read; more than the longest password takes. */
const MAX_FILE_BYTES = 8192;

const DEFAULT_EMAIL = 'admin@example.com';

/**
 * The administrator, from `--admin`, `--admin-password-file` and the environment. A file takes precedence over the environment. Without
 * any password, but with `--admin` and a terminal, the server prompts when it needs one.
 *
 * @returns `undefined` when nothing was given.
 * @throws UsageError for an invalid e-mail address, a password given twice, or a file that is not one line of
 * text.
 */
export async function adminOf(
  { admin, passwordFile, fromEnvironment }: AdminArguments,
  sources: PasswordSources,
): Promise<AdminOptions | undefined> {
  if (admin === undefined && passwordFile === undefined && fromEnvironment === undefined) return undefined;
  const given = admin ?? DEFAULT_EMAIL;
  const colon = given.indexOf(':');
  const email = colon === -1 ? given : given.slice(0, colon);
  if (!/^[^\s@|]+@[^\s@|]+$/.test(email))
    throw new UsageError(`--admin: "${email}" is not an e-mail address`);
  if (colon !== -1) {
    if (passwordFile !== undefined)
      throw new UsageError('--admin-password-file: cannot be combined with a password in --admin');
    sources.warn(
      '--admin: other users of this machine can see the password, as ps shows it; use --admin-password-file',
    );
    return { email, password: nonEmpty('--admin', given.slice(colon + 1)) };
  }
  if (passwordFile !== undefined) return { email, password: await fromFile(passwordFile, email, sources) };
  if (fromEnvironment !== undefined)
    return { email, password: nonEmpty('IPS_ADMIN_PASSWORD', fromEnvironment) };
  return { email, password: sources.stdin.isTTY ? () => prompted(email, sources) : undefined };
}

async function fromFile(name: string, email: string, sources: PasswordSources): Promise<string> {
  if (name === '-') {
    if (sources.stdin.isTTY) return prompted(email, sources);
    return line(name, await contentOf(sources.stdin));
  }
  let file: FileHandle;
  try {
    file = await open(name, constants.O_RDONLY);
  } catch (error) {
    throw new UsageError(`--admin-password-file: cannot read ${name}: ${(error as Error).message}`);
  }
  try {
    const { mode } = await file.stat();
    // Windows has no such permissions; Node.js reports them as set.
    if (process.platform !== 'win32' && (mode & 0o044) !== 0)
      sources.warn(`--admin-password-file: other users can read ${name}; chmod 600 makes it private`);
    return line(name, await contentOf(file.createReadStream({ autoClose: false })));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--admin-password-file: cannot read ${name}: ${(error as Error).message}`);
  } finally {
    await file.close();
  }
}

async function contentOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    // Streams without an encoding yield buffers.
    const bytes = Buffer.from(chunk as Uint8Array);
    chunks.push(bytes);
    length += bytes.length;
    if (length > MAX_FILE_BYTES)
      throw new UsageError(
        `--admin-password-file: expected one line, found more than ${MAX_FILE_BYTES} bytes`,
      );
  }
  return Buffer.concat(chunks);
}

/** The one line of a file, without the newline that editors and echo add. */
function line(name: string, content: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new UsageError(`--admin-password-file: ${name} is not text in UTF-8`);
  }
  const password = text.replace(/\r?\n$/, '');
  if (/[\r\n]/.test(password)) throw new UsageError(`--admin-password-file: ${name} has more than one line`);
  return nonEmpty(`--admin-password-file: ${name}`, password);
}

async function prompted(email: string, { prompt }: PasswordSources): Promise<string> {
  return nonEmpty('the prompt', await prompt(`Password for ${email}: `));
}

function nonEmpty(place: string, password: string): string {
  if (password === '') throw new UsageError(`${place}: expected a password, found an empty string`);
  return password;
}
