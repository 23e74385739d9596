// A directory is restored at any moment of the start of a server on it. One of the two has it: the restore is refused and the server has
// the old contents, or the server is refused, or it starts afterwards and has the new ones.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { command, filesIn, fill } from './support/data-directories.ts';
import { runAlone, type ScenarioOptions, type ScenarioResult } from './support/scenario.ts';
import { startServer } from './support/server.ts';

const FILES = 10;

export const name = 'a directory that is restored while a server starts';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const base = mkdtempSync(join(tmpdir(), 'ips-restored-'));
  const at = (path: string): string => join(base, path);
  try {
    await fill(at('new'), 1, FILES);
    await fill(at('old'), 1000, FILES);
    const [oldFiles, newFiles] = [filesIn(at('old')), filesIn(at('new'))];
    await command('backup', '--data', at('new'), '--to', at('good'));
    const begin = performance.now();
    await (await startServer(['--data', at('old')])).kill();
    /** Milliseconds between the two, in either order. */
    const latest = performance.now() - begin;
    const rounds = short ? 3 : 60;
    const outcomes = new Map<string, number>();
    let survived = 0;
    for (let round = 1; round <= rounds; round += 1) {
      cpSync(at('old'), at('data'), { recursive: true });
      const lead = (Math.random() * 2 - 1) * latest;
      const [server, restored] = await Promise.all([
        pause(Math.max(0, -lead)).then(() => startServer(['--data', at('data')]).catch(() => undefined)),
        pause(Math.max(0, lead)).then(() =>
          command('restore', '--from', at('good'), '--data', at('data'), '--replace'),
        ),
      ]);
      const health = server && (await fetch(`${server.url}/healthz`)).status;
      await server?.kill();
      const isRestored = restored.code === 0;
      const wrong: string[] = [];
      if (!isRestored && !/ is in use by /.test(restored.output)) wrong.push(`restore: ${restored.output}`);
      if (!isRestored && health !== 200) wrong.push(`neither had the directory; health ${health}`);
      if (health !== undefined && health !== 200) wrong.push(`health ${health}`);
      const checked = await command('check', '--data', at('data'));
      if (checked.code !== 0) wrong.push(`check: ${checked.output}`);
      if (filesIn(at('data')) !== (isRestored ? newFiles : oldFiles))
        wrong.push('the files are of the other one');
      if (wrong.length === 0) survived += 1;
      else log(`round ${round}, the restore ${Math.round(lead)} ms after the start: ${wrong.join('; ')}`);
      const outcome = !isRestored ? 'the server' : server === undefined ? 'the restore' : 'both in turn';
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      rmSync(at('data'), { recursive: true, force: true });
    }
    log([...outcomes].map(([outcome, count]) => `${outcome}: ${count}`).join(', '));
    return { tried: rounds, survived, lost: rounds - survived };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

await runAlone(import.meta.url, name, run);
