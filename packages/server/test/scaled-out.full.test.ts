// Several processes share a PostgreSQL server and a data directory: whatever becomes of each of them, every job, file, log row, counter
// and notification is there once, and no company waits for another. About two minutes on two cores.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newSeed } from '../torture/support/scaled-out/random.ts';
import { rehearse } from '../torture/support/scaled-out/rehearsal.ts';
import { ownCluster } from './support/own-cluster.js';

it('200 jobs of four companies survive kills, a restart of the database and the replacement of every process', async (context) => {
  const cluster = await ownCluster();
  if (typeof cluster === 'string') return context.skip(cluster);
  const directory = mkdtempSync(join(tmpdir(), 'ips-scaled-out-'));
  const seed = newSeed();
  const lines = [`IPS_TORTURE_SEED=${seed} npm run torture scaled-out`];
  try {
    const log = (line: string): void => void lines.push(line);
    const result = await rehearse({ seed, directory, cluster, jobsOfCompany: 50, kills: 6, log });
    expect(result.problems, lines.join('; ')).toEqual([]);
    // Each company has 50 jobs and a last publish, and five of its uploads are followed by one; its files came by another job.
    expect(result).toMatchObject({ jobs: 204, runs: 204 + 20 + 4, killed: 6 });
    rmSync(directory, { recursive: true, force: true });
  } catch (error) {
    // The logs of the processes stay.
    console.error(`${lines.join('\n')}\nlogs: ${join(directory, 'logs')}`);
    throw error;
  } finally {
    cluster.remove();
  }
}, 900_000);
