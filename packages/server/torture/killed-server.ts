// The server is killed at any moment of an upload, its publish and a job that fires every two seconds, and started again. Uploads and
// publishes end with exact counts, each firing has one run that ends, and the schedule fires again. Afterwards the files and the
// database agree.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runAlone, type ScenarioOptions, type ScenarioResult } from './support/scenario.ts';
import { BIN, startServer, type TorturedServer } from './support/server.ts';
import { logsOf, servePictures, uploadAndPublish } from './support/upload-round.ts';

const FILES = 25;

/** The name of the job that fires again and again. */
const OFTEN = 'Often';

export const name = 'a killed server';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ips-killed-server-'));
  const pictures = await servePictures(50);
  const start = (): Promise<TorturedServer> => startServer(['--data', dataDir, '--allow-private']);
  const rounds = short ? 4 : 100;
  let survived = 0;
  let server = await start();
  try {
    await server.client.submitJob({
      jobName: OFTEN,
      execSchedule: '0/2 * * * * ?',
      imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
    });
    const client = () => server.client;
    // The first round is not interrupted: it shows how long one takes.
    const begun = performance.now();
    const undisturbed = await uploadAndPublish(client, pictures.url, 0, FILES);
    if (undisturbed.length > 0) throw new Error(`a round without a kill: ${undisturbed.join('; ')}`);
    const duration = performance.now() - begun;
    for (let round = 1; round <= rounds; round += 1) {
      const moment = Math.random() * duration;
      const uploading = uploadAndPublish(client, pictures.url, round, FILES);
      // Handled below; until then a failure must not end the process.
      uploading.catch(() => undefined);
      await pause(moment);
      await server.kill();
      server = await start();
      const firings = await firingsOf(client);
      const wrong = await uploading;
      wrong.push(...(await scheduleProblems(client, firings.length)));
      if (wrong.length === 0) survived += 1;
      else
        log(
          `round ${round}, killed after ${Math.round(moment)} of ${Math.round(duration)} ms: ${wrong.join('; ')}`,
        );
    }
  } finally {
    await server.kill();
    pictures.close();
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'check', '--data', dataDir], {
    encoding: 'utf8',
  });
  if (status === 0) survived += 1;
  else log(`check ended with ${status}: ${stdout}${stderr}`);
  rmSync(dataDir, { recursive: true, force: true });
  return { tried: rounds + 1, survived, lost: rounds + 1 - survived };
}

const firingsOf = (client: () => TorturedServer['client']) => logsOf(client, { originalName: OFTEN });

/** Waits until the job has fired again, and returns what is wrong with its runs. */
async function scheduleProblems(client: () => TorturedServer['client'], before: number): Promise<string[]> {
  const end = performance.now() + 60_000;
  for (;;) {
    const logs = await firingsOf(client);
    const open = logs.filter(({ endDate }) => endDate === undefined);
    // The latest one may be at work.
    if (logs.length > before + 1 && open.length <= 1) {
      const wrong: string[] = [];
      const names = new Set(logs.map(({ jobName }) => jobName));
      if (names.size !== logs.length) wrong.push(`${logs.length} runs for ${names.size} firings`);
      const failed = logs.filter(
        ({ fatalError, fileErrorCount = 0 }) => fatalError === true || fileErrorCount > 0,
      );
      if (failed.length > 0) wrong.push(`${failed.length} firings failed`);
      return wrong;
    }
    if (performance.now() > end)
      return [`${logs.length} firings a minute after there were ${before}, ${open.length} of them not ended`];
    await pause(300);
  }
}

await runAlone(import.meta.url, name, run);
