import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/** The installed `@ips-sdk/server`. */
export interface FoundServer {
  readonly bin: string;
  readonly version: string;
}

/** Where to search: from the current project, and from this program. */
const NEAR: readonly string[] = [pathToFileURL(join(process.cwd(), 'package.json')).href, import.meta.url];

/**
 * Finds `@ips-sdk/server`: in the current project, next to this program, or among npm's global packages. It is not a dependency
 * of this package, because most users do not need a server.
 *
 * @param places - URLs of modules to resolve from, in order.
 * @param globalFolder - Returns the folder of global packages; called only if the server is not found elsewhere.
 * @throws CliError with a hint how to install it.
 */
export async function findServer(
  places: readonly string[] = NEAR,
  globalFolder: () => Promise<string | undefined> = globalPackages,
): Promise<FoundServer> {
  for (const place of places) {
    const found = await serverFrom(place);
    if (found !== undefined) return found;
  }
  const folder = await globalFolder();
  const found =
    folder === undefined
      ? undefined
      : await serverFrom(pathToFileURL(join(folder, '..', 'package.json')).href);
  if (found !== undefined) return found;
  throw new CliError(
    EXIT.configuration,
    'the package @ips-sdk/server is not installed',
    'npm install --save-dev @ips-sdk/server, or npm install --global @ips-sdk/server',
  );
}

/** The server that a module at this URL would import. */
export async function serverFrom(place: string): Promise<FoundServer | undefined> {
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

/** The folder of npm's global packages; `undefined` without npm. */
async function globalPackages(): Promise<string | undefined> {
  try {
    const shell = process.platform === 'win32';
    const { stdout } = await promisify(execFile)('npm', ['root', '--global'], { timeout: 10_000, shell });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
