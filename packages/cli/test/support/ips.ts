import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { run } from '../../src/run.js';

/** The command as it was built, which is seen to before the tests begin. */
export const BIN: string = fileURLToPath(new URL('../../bin/ips.js', import.meta.url));
export const PASSWORD = 'correct horse 42';

/** Where there are no POSIX shells, signals and modes. */
export const ON_WINDOWS: boolean = process.platform === 'win32';

/** What programs need on Windows, and the folders in the places that they have elsewhere. */
function windowsEnvironment(home: string): Record<string, string | undefined> {
  const { SystemRoot, ComSpec, PATHEXT, TEMP, TMP } = process.env;
  return {
    SystemRoot,
    ComSpec,
    PATHEXT,
    TEMP,
    TMP,
    USERPROFILE: home,
    IPS_CONFIG_DIR: join(home, '.config/ips'),
    IPS_STATE_DIR: join(home, '.local/state/ips'),
  };
}

/** What a run of the command came to. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ips-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An environment in which nothing of this machine's user is seen. */
export function environment(
  home: string,
  extra: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const all = {
    PATH: process.env['PATH'],
    HOME: home,
    TZ: 'UTC',
    IPS_KEYCHAIN: 'off',
    NODE_COMPILE_CACHE: join(tmpdir(), 'ips-cli-compile-cache'),
    ...(ON_WINDOWS ? windowsEnvironment(home) : {}),
    ...extra,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Variables that say where a service is and who calls. */
export function account(endpoint: string): Record<string, string> {
  return {
    IPS_ENDPOINT: endpoint,
    IPS_COMPANY: 'MyCompany',
    IPS_USER: 'ann@example.com',
    IPS_PASSWORD: PASSWORD,
  };
}

/**
 * Runs `ips` with pipes in this process, which is enough where the test is about what a command does, prints and answers. Its
 * working folder is that of this process for as long as it runs.
 */
export async function ips(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const home = options.env?.['HOME'] ?? temporaryFolder();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const before = process.cwd();
  process.chdir(options.cwd ?? home);
  try {
    const texts = Promise.all([text(stdout), text(stderr)]);
    const code = await run(args, {
      env: environment(home, options.env),
      // Commands use of the three what every stream has, and whether they are terminals, which these are not.
      stdin: Readable.from([options.input ?? '']) as unknown as NodeJS.ReadStream,
      stdout: stdout as unknown as NodeJS.WriteStream,
      stderr: stderr as unknown as NodeJS.WriteStream,
      signal: new AbortController().signal,
    });
    stdout.end();
    stderr.end();
    const [out, err] = await texts;
    return { code, stdout: out, stderr: err };
  } finally {
    process.chdir(before);
  }
}

/** Runs `ips` with pipes in a process of its own, as another program would: where the test is about the process. */
export function ipsProcess(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const home = options.env?.['HOME'] ?? temporaryFolder();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      env: environment(home, options.env),
      cwd: options.cwd ?? home,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    // A command that reads nothing may have ended before it is written to.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
