// A server in a process of its own, whose processor time can be asked for: what a client does is not in it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that `serveFromProcess` started in another process. */
export interface ServerProcess<Started> {
  /** What the server reported when it was ready. */
  readonly started: Started;
  /** Milliseconds of processor time since its process began. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Runs a program that calls `serveFromProcess`. */
export async function startProcess<Started>(
  program: string,
  ...args: string[]
): Promise<ServerProcess<Started>> {
  const child: ChildProcess = fork(program, args, { stdio: 'inherit' });
  const message = async (): Promise<unknown> => {
    const done = new AbortController();
    const { signal } = done;
    const ended = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`${program} ended with ${code}`);
    });
    try {
      const [first] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown];
      return first;
    } finally {
      ended.catch(() => undefined);
      done.abort();
    }
  };
  // What the program passes to `serveFromProcess`.
  const started = (await message()) as Started;
  return {
    started,
    cpu: async () => {
      child.send('cpu');
      return Number(await message());
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** In the process of the server: reports that it is ready, and answers questions about its processor time. */
export function serveFromProcess(started: unknown): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
  // Ends as a program does, so that --cpu-prof writes its profile.
  process.once('SIGTERM', () => process.exit());
  process.send?.(started);
}

/** Starts a server of node:http on loopback and reports its URL. */
export async function listenFromProcess(server: ReturnType<typeof createServer>): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  serveFromProcess(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
