// A PostgreSQL server of the test's own, which it may stop and start.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A running server. */
export interface OwnCluster {
  /** Of its database `postgres`. */
  readonly url: string;
  start(): void;
  /** Stops it: its clients lose their connections at once. */
  stop(): void;
  remove(): void;
}

const ROOT = '/usr/lib/postgresql';

/** The newest installed programs; `undefined` where there are none, or none of them can be run. */
function programs(): string | undefined {
  if (!existsSync(ROOT)) return undefined;
  const [newest] = readdirSync(ROOT).sort((a, b) => Number(b) - Number(a));
  const folder = join(ROOT, newest ?? '', 'bin');
  return existsSync(join(folder, 'initdb')) ? folder : undefined;
}

/** Starts a new server, or says why it cannot. */
export async function ownCluster(): Promise<OwnCluster | string> {
  const bin = programs();
  if (bin === undefined) return `no PostgreSQL programs in ${ROOT}`;
  // PostgreSQL does not run as root.
  const isRoot = process.getuid?.() === 0;
  if (isRoot && !existsSync('/usr/sbin/runuser'))
    return 'PostgreSQL does not run as root, and there is no runuser';
  const directory = mkdtempSync(join(tmpdir(), 'ips-cluster-'));
  if (isRoot) chmodSync(directory, 0o777);
  const run = (program: string, ...args: string[]): void => {
    const command = [join(bin, program), ...args];
    const [file = '', ...rest] = isRoot ? ['/usr/sbin/runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(file, rest, { stdio: 'ignore', cwd: directory });
  };
  const port = await freePort();
  const data = join(directory, 'data');
  const start = (): void =>
    run(
      'pg_ctl',
      ...['-D', data, '-w', '-t', '120', '-l', join(directory, 'log')],
      ...['-o', `-p ${port} -k ${directory} -c listen_addresses=127.0.0.1 -c fsync=off`, 'start'],
    );
  const stop = (): void => run('pg_ctl', '-D', data, '-w', '-t', '120', '-m', 'immediate', 'stop');
  try {
    run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync');
    start();
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    return `PostgreSQL does not start here: ${(error as Error).message}`;
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start,
    stop,
    remove: () => {
      try {
        stop();
      } catch {
        // It was stopped by the test.
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
