// The clock of the machine is set ahead and back, by seconds to days, while a job fires every two seconds. After each jump it fires
// again, and no more often than its schedule says: neither for times that were passed over nor twice for one. A job for one time that
// the clock passes over runs once.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runAlone, type ScenarioOptions, type ScenarioResult } from './support/scenario.ts';
import { startServer, type TorturedServer } from './support/server.ts';
import { answered, logsOf } from './support/upload-round.ts';

const CLOCK = fileURLToPath(new URL('support/shifted-clock.mjs', import.meta.url));
const OFTEN = 'Often';
const PUBLISH = { publishType: 'Incremental', emailSetting: 'None' } as const;

/** Milliseconds between two firings, and those that a schedule may be silent after a jump. */
const PERIOD = 2000;
const SILENCE = 60_000;

/** Milliseconds by which the clock jumps, one after the other, again and again. */
const JUMPS = [
  3_600_000,
  -3_600_000,
  86_400_000,
  -45_000,
  30_000,
  -86_400_000,
  7 * 86_400_000,
  -7 * 86_400_000,
];

export const name = 'jumps of the clock';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const folder = mkdtempSync(join(tmpdir(), 'ips-clock-jumps-'));
  const file = join(folder, 'clock');
  let shift = 0;
  const set = (milliseconds: number): void => {
    shift = milliseconds;
    // In one step, for the server that reads it.
    writeFileSync(`${file}.new`, String(milliseconds));
    renameSync(`${file}.new`, file);
  };
  set(0);
  const environment = { IPS_TORTURE_CLOCK: file, NODE_OPTIONS: `--import=${CLOCK}` };
  const rounds = short ? 2 : 80;
  let survived = 0;
  let server: TorturedServer | undefined;
  try {
    server = await startServer(['--data', join(folder, 'data')], environment);
    const { client } = server;
    await client.submitJob({
      jobName: OFTEN,
      execSchedule: '0/2 * * * * ?',
      imageServingPublishJob: PUBLISH,
    });
    // The details of a job are those of its last hundred runs.
    const firings = (): Promise<number> =>
      answered(
        async () =>
          ((await client.getJobLogs({})).jobLogArray ?? []).filter(
            ({ originalJobName }) => originalJobName === OFTEN,
          ).length,
      );
    await until(async () => (await firings()) >= 2);
    for (let round = 1; round <= rounds; round += 1) {
      const jump = JUMPS[(round - 1) % JUMPS.length] ?? 0;
      const once = `Once ${round}`;
      if (jump > 0)
        await client.submitJob({
          jobName: once,
          execTime: new Date(Date.now() + shift + 5000).toISOString(),
          imageServingPublishJob: PUBLISH,
        });
      set(shift + jump);
      const wrong: string[] = [];
      const [before, begun] = [await firings(), performance.now()];
      // Two firings: the first may belong to the time before the jump.
      if (!(await until(async () => (await firings()) >= before + 2)))
        wrong.push(`silent for ${SILENCE / 1000} s`);
      await pause(3 * PERIOD);
      const [fired, passed] = [(await firings()) - before, performance.now() - begun];
      const most = Math.ceil(passed / PERIOD) + 2;
      if (fired > most) wrong.push(`${fired} firings in ${Math.round(passed)} ms, at most ${most} are due`);
      if (jump > 0) {
        const runs = async (): Promise<number> => (await logsOf(() => client, { originalName: once })).length;
        if (!(await until(async () => (await runs()) >= 1))) wrong.push(`${once} did not run`);
        else if ((await runs()) !== 1) wrong.push(`${once} ran ${await runs()} times`);
      }
      if (wrong.length === 0) survived += 1;
      else log(`round ${round}, a jump of ${jump / 1000} s: ${wrong.join('; ')}`);
    }
    return { tried: rounds, survived, lost: rounds - survived };
  } finally {
    await server?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether something becomes true before a schedule counts as silent. */
async function until(holds: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + SILENCE;
  while (performance.now() < end) {
    if (await holds()) return true;
    await pause(200);
  }
  return false;
}

await runAlone(import.meta.url, name, run);
