// A server is killed at any moment while it is being backed up and uploads run. The backup is then complete or not there; a complete one
// is restored to a directory whose files and database agree. The uploads end with exact counts after the next start.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { command } from './support/data-directories.ts';
import { runAlone, type ScenarioOptions, type ScenarioResult } from './support/scenario.ts';
import { startServer } from './support/server.ts';
import { servePictures, uploadAndPublish } from './support/upload-round.ts';

const FILES = 25;

/** Milliseconds after the begin of a backup within which the server is killed: longer than the backup takes without a kill. */
const LATEST = 4000;

export const name = 'a server that is killed while it is backed up';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const base = mkdtempSync(join(tmpdir(), 'ips-killed-while-backed-up-'));
  const dataDir = join(base, 'data');
  const pictures = await servePictures(20);
  const rounds = short ? 1 : 50;
  let survived = 0;
  let server = await startServer(['--data', dataDir, '--allow-private']);
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const uploading = uploadAndPublish(() => server.client, pictures.url, round, FILES);
      // Handled below; until then a failure must not end the process.
      uploading.catch(() => undefined);
      const to = join(base, round % 2 === 0 ? 'backup' : 'backup.tar');
      const backup = command('backup', '--data', dataDir, '--to', to);
      const moment = Math.random() * LATEST;
      await pause(moment);
      await server.kill();
      const made = await backup;
      server = await startServer(['--data', dataDir, '--allow-private']);
      const wrong = await uploading;
      if (existsSync(to)) {
        const restored = join(base, 'restored');
        for (const args of [
          ['restore', '--from', to, '--data', restored],
          ['check', '--data', restored],
        ]) {
          const { code, output } = await command(...args);
          if (code !== 0) wrong.push(`${args[0]} ended with ${code}: ${output}`);
        }
        rmSync(restored, { recursive: true, force: true });
        rmSync(to, { recursive: true, force: true });
      } else if (made.code === 0) wrong.push('the backup succeeded, and is not there');
      if (wrong.length === 0) survived += 1;
      else log(`round ${round}, killed after ${Math.round(moment)} ms: ${wrong.join('; ')}`);
    }
    return { tried: rounds, survived, lost: rounds - survived };
  } finally {
    await server.kill();
    pictures.close();
    rmSync(base, { recursive: true, force: true });
  }
}

await runAlone(import.meta.url, name, run);
