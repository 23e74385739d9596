// Backup, restore and check are killed at any moment. A backup is then complete or not there, a restored directory holds the old
// contents or the new, and a checked one is as before.
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, filesIn, fill } from './support/data-directories.ts';
import { runAlone, type ScenarioOptions, type ScenarioResult } from './support/scenario.ts';

const FILES = 40;

export const name = 'backup, restore and check are killed';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const base = mkdtempSync(join(tmpdir(), 'ips-killed-backup-'));
  const at = (path: string): string => join(base, path);
  try {
    await fill(at('new'), 1, FILES);
    await fill(at('old'), 1000, FILES / 2);
    const [oldFiles, newFiles] = [filesIn(at('old')), filesIn(at('new'))];
    const begin = Date.now();
    await command('backup', '--data', at('new'), '--to', at('good'));
    /** Milliseconds that a command may take here, for the moment of its end. */
    const duration = Date.now() - begin;
    const holds = async (directory: string, files: string): Promise<boolean> => {
      const { code, output } = await command('check', '--data', directory);
      if (code === 0) return filesIn(directory) === files;
      log(`check of ${directory} ended with ${code}: ${output}`);
      return false;
    };
    const kinds: Readonly<Record<string, () => Promise<boolean>>> = {
      'backup to a directory': () => backup('backup'),
      'backup to a file': () => backup('backup.tar'),
      restore: async () => {
        cpSync(at('old'), at('data'), { recursive: true });
        await command.killed(duration, 'restore', '--from', at('good'), '--data', at('data'), '--replace');
        return (await holds(at('data'), oldFiles)) || holds(at('data'), newFiles);
      },
      check: async () => {
        cpSync(at('old'), at('data'), { recursive: true });
        await command.killed(duration, 'check', '--data', at('data'));
        return holds(at('data'), oldFiles);
      },
    };
    const backup = async (target: string): Promise<boolean> => {
      await command.killed(duration, 'backup', '--data', at('new'), '--to', at(target));
      if (!existsSync(at(target))) return true;
      const { code, output } = await command('restore', '--from', at(target), '--data', at('data'));
      if (code === 0) return holds(at('data'), newFiles);
      log(`restore of ${target} ended with ${code}: ${output}`);
      return false;
    };
    const rounds = short ? 1 : 40;
    let tried = 0;
    let survived = 0;
    for (let round = 1; round <= rounds; round += 1) {
      for (const [kind, attempt] of Object.entries(kinds)) {
        tried += 1;
        if (await attempt()) survived += 1;
        else log(`round ${round}: ${kind} left something half valid`);
        for (const left of readdirSync(base))
          if (!['old', 'new', 'good'].includes(left)) rmSync(at(left), { recursive: true, force: true });
      }
      if (round % 10 === 0) log(`${round} rounds`);
    }
    return { tried, survived, lost: tried - survived };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

await runAlone(import.meta.url, name, run);
