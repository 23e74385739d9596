import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { findServer } from './find-server.js';

/** A temporary server for one command. */
export interface ScratchServer {
  readonly endpoint: string;
  readonly auth: { readonly user: string; readonly password: string };
  readonly company: string;
}

/** Starts a temporary server with one company and one user, and deletes it with its data when the work is done. */
export async function withScratchServer<T>(
  context: Context,
  seed: { readonly company: string | undefined; readonly user: string | undefined },
  work: (server: ScratchServer) => Promise<T>,
): Promise<T> {
  const { bin } = await findServer();
  const { company = 'Sample Company', user = 'admin@example.com' } = seed;
  const password = randomBytes(18).toString('base64url');
  const folder = await mkdtemp(join(tmpdir(), 'ips-replay-'));
  const child = spawn(
    process.execPath,
    [bin, '--port', '0', '--data', folder, '--company', company, '--admin', user, '--log-level', 'error'],
    // Pass the password in the environment, because other users can see arguments.
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...context.env, IPS_ADMIN_PASSWORD: password },
      windowsHide: true,
    },
  );
  const stop = (): void => void child.kill('SIGTERM');
  context.signal.addEventListener('abort', stop, { once: true });
  try {
    context.detail('starting a temporary server');
    const url = await new Promise<string>((resolve, reject) => {
      let output = '';
      let errors = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /listening on (\S+)\n/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
      });
      child.once('error', reject);
      child.once('exit', () =>
        reject(new CliError(EXIT.service, `the server did not start:\n${errors.trim()}`)),
      );
    });
    return await work({
      endpoint: `${url}/scene7/services/IpsApiService`,
      auth: { user, password },
      company,
    });
  } finally {
    context.signal.removeEventListener('abort', stop);
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const ended = once(child, 'exit');
      stop();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  }
}
