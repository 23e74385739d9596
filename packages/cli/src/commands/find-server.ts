import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';

/** The program of `@ips-sdk/server`. */
export interface FoundServer {
  readonly bin: string;
  readonly version: string;
}

/**
 * Finds `@ips-sdk/server`: in the current project, beside this program, or among the global packages of npm. It is no dependency of
 * this package: most people need no server.
 *
 * @throws CliError that says how to get it.
 */
export async function findServer(context: Context): Promise<FoundServer> {
  const places = [pathToFileURL(join(process.cwd(), 'package.json')).href, import.meta.url];
  for (const place of places) {
    const found = await serverFrom(place);
    if (found !== undefined) return found;
  }
  const globalFolder = await globalPackages();
  const found =
    globalFolder === undefined
      ? undefined
      : await serverFrom(pathToFileURL(join(globalFolder, '..', 'x.js')).href);
  if (found !== undefined) return found;
  context.detail(`looked in ${process.cwd()}, beside ips, and in ${globalFolder ?? 'no global folder'}`);
  throw new CliError(
    EXIT.configuration,
    'the package @ips-sdk/server is not installed',
    'npm install --save-dev @ips-sdk/server, or npm install --global @ips-sdk/server',
  );
}

async function serverFrom(place: string): Promise<FoundServer | undefined> {
  try {
    const manifest = createRequire(place).resolve('@ips-sdk/server/package.json');
    const { bin, version } = JSON.parse(await readFile(manifest, 'utf8')) as {
      bin: string | Record<string, string>;
      version: string;
    };
    const path = typeof bin === 'string' ? bin : bin['ips-server'];
    return path === undefined ? undefined : { bin: join(dirname(manifest), path), version };
  } catch {
    return undefined;
  }
}

/** The folder of npm's global packages; nothing where there is no npm. */
async function globalPackages(): Promise<string | undefined> {
  try {
    const shell = process.platform === 'win32';
    const { stdout } = await promisify(execFile)('npm', ['root', '--global'], { timeout: 10_000, shell });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
