// Two api processes and three workers share a database and a data directory. Workers are killed, the database is restarted, every
// process is replaced, and in the end every job, file, log row, counter and notification is accounted for. It needs the programs of
// PostgreSQL. IPS_TORTURE_SEED repeats a round: the order of what happens, though not its moments.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCluster } from '../test/support/own-cluster.ts';
import { newSeed } from './support/scaled-out/random.ts';
import { rehearse } from './support/scaled-out/rehearsal.ts';
import { runAlone, type ScenarioOptions, type ScenarioResult, skipped } from './support/scenario.ts';

export const name = 'a service of several processes';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const given = process.env['IPS_TORTURE_SEED'];
  const rounds = short || given !== undefined ? 1 : 20;
  let survived = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const cluster = await ownCluster();
    if (typeof cluster === 'string') return skipped(cluster);
    const directory = mkdtempSync(join(tmpdir(), 'ips-scaled-out-'));
    const seed = given === undefined ? newSeed() : Number(given);
    log(`round ${round}: IPS_TORTURE_SEED=${seed}`);
    let problems: readonly string[];
    try {
      const size = short ? { jobsOfCompany: 20, kills: 3 } : { jobsOfCompany: 50, kills: 8 };
      const result = await rehearse({ seed, directory, cluster, log, ...size });
      problems = result.problems;
      log(JSON.stringify({ ...result, problems: problems.length }));
    } catch (error) {
      problems = [(error as Error).stack ?? String(error)];
    } finally {
      cluster.remove();
    }
    for (const problem of problems.slice(0, 30)) log(problem);
    if (problems.length === 0) {
      survived += 1;
      rmSync(directory, { recursive: true, force: true });
    } else log(`${problems.length} problems; the logs are in ${join(directory, 'logs')}`);
  }
  return { tried: rounds, survived, lost: rounds - survived };
}

await runAlone(import.meta.url, name, run);
