// Runs `ips-server` as a process of its own, as its users do: as it was built, which is seen to before the tests begin.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Reachable } from './call.js';

const BIN = fileURLToPath(new URL('../../bin/ips-server.js', import.meta.url));

export const ADMIN = { email: 'admin@example.com', password: 'admin-password' };

/** A process and what it says. */
export interface ServerProcess extends Reachable {
  readonly child: ChildProcess;
  /** Lines of its log so far. */
  readonly logLines: readonly string[];
  /** Ends it with a signal and waits for its end. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** The result of a command that ended by itself. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts a server and waits for the line that says where it listens.
 *
 * @param user - Number of the user and group that it runs as. Default: those of the tests.
 */
export async function startServer(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  user?: number,
): Promise<ServerProcess> {
  // A command comes before all flags.
  const flags = args.findIndex((each) => each.startsWith('-'));
  const command = args.slice(0, Math.max(0, flags));
  const child = spawn(process.execPath, [BIN, ...command, '--port', '0', ...args.slice(command.length)], {
    env: { ...process.env, IPS_ADMIN_PASSWORD: ADMIN.password, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  const logLines: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => logLines.push(...text.trim().split('\n')));
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const line = /^listening on (\S+)$/m.exec(text);
      if (line) resolve(line[1] ?? '');
    });
    void exit.then(({ code }) => reject(new Error(`ips-server ended with ${code}: ${logLines.join('\n')}`)));
  });
  return {
    url,
    admin: ADMIN,
    child,
    logLines,
    end: (signal) => {
      child.kill(signal);
      return exit;
    },
  };
}

/** Runs the command until it ends by itself. */
export function runCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

/** What tests do with the tables of a server, through `/admin`. */
export function tablesOf(server: Reachable) {
  return {
    snapshot: async () => (await fetch(`${server.url}/admin/snapshot`)).json(),
    restore: async (snapshot: unknown) => {
      const answer = await fetch(`${server.url}/admin/restore`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(snapshot),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
  };
}
