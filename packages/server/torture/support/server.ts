// A server process that a scenario starts, kills and starts again.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createIpsClient, type IpsClient } from '@ips-sdk/client';

/** The command as it was built. */
export const BIN = fileURLToPath(new URL('../../bin/ips-server.js', import.meta.url));

const PASSWORD = 'admin-password';

/** A running process. */
export interface TorturedServer {
  readonly child: ChildProcess;
  readonly url: string;
  readonly client: IpsClient;
  /** Kills it and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts a server that logs nothing, and waits until it listens. */
export async function startServer(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<TorturedServer> {
  const child = spawn(process.execPath, [BIN, '--port', '0', '--log-level', 'silent', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, IPS_ADMIN_PASSWORD: PASSWORD, ...environment },
  });
  const end = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^listening on (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    // The rest is read so that the process can write it.
    child.stdout.resume();
    return {
      child,
      url,
      client: clientOf(url),
      kill: () => {
        child.kill('SIGKILL');
        return end;
      },
    };
  }
  await end;
  throw new Error(`ips-server ended with ${child.signalCode ?? child.exitCode} before it listened`);
}

function clientOf(url: string): IpsClient {
  return createIpsClient({
    region: 'na',
    endpoint: `${url}/scene7/services/IpsApiService`,
    auth: { user: 'admin@example.com', password: PASSWORD },
    company: 'Sample Company',
  });
}
