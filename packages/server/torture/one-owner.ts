// Six processes at once want a data directory whose owner was killed. Some are in PID namespaces of their own, as in containers,
// where all have the same number. Each time exactly one gets it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DirectoryLock } from '../dist/db/directory-lock.js';
import { runAlone, type ScenarioOptions, type ScenarioResult } from './support/scenario.ts';

const CONTENDER = fileURLToPath(new URL('support/contender.ts', import.meta.url));
const NAMESPACE = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'] as const;
const CONTENDERS = 6;

export const name = 'one owner of a data directory';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const directory = mkdtempSync(join(tmpdir(), 'ips-one-owner-'));
  const [command, ...options] = NAMESPACE;
  const namespaces = spawnSync(command, [...options, 'true']).status === 0;
  if (!namespaces) log('no PID namespaces here: all contenders have different numbers');
  const start = (index: number): Promise<ChildProcess> =>
    startContender(directory, namespaces && index < CONTENDERS / 2);
  const contenders: ChildProcess[] = [];
  const rounds = short ? 10 : 500;
  let survived = 0;
  try {
    // Refuses a file system whose locks do not hold, which would make the rounds meaningless.
    (await DirectoryLock.acquire(directory)).release();
    contenders.push(...(await Promise.all(Array.from({ length: CONTENDERS }, (_, index) => start(index)))));
    for (let round = 1; round <= rounds; round += 1) {
      const answers = await Promise.all(contenders.map(attempt));
      const holders = answers.flatMap(({ held }, index) => (held ? [index] : []));
      const error = answers.find((answer) => answer.error !== undefined)?.error;
      if (holders.length === 1 && error === undefined) survived += 1;
      else log(`round ${round}: ${holders.length} holders${error === undefined ? '' : `, ${error}`}`);
      for (const index of holders) {
        await kill(contenders[index]);
        contenders[index] = await start(index);
      }
      if (round % 50 === 0) log(`${round} rounds`);
    }
    return { tried: rounds, survived, lost: rounds - survived };
  } finally {
    await Promise.all(contenders.map(kill));
    rmSync(directory, { recursive: true, force: true });
  }
}

async function startContender(directory: string, inNamespace: boolean): Promise<ChildProcess> {
  const [command = '', ...args] = [
    ...(inNamespace ? NAMESPACE : []),
    process.execPath,
    '--no-warnings',
    CONTENDER,
    directory,
  ];
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await answer(child);
  return child;
}

/** The next message of a process. */
function answer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a contender ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}

async function attempt(child: ChildProcess): Promise<{ held: boolean; error?: string }> {
  const next = answer(child);
  child.send('try');
  // That is what the contender sends.
  return (await next) as { held: boolean; error?: string };
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

await runAlone(import.meta.url, name, run);
