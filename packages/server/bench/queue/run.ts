// How the queue does as more runs wait in it: `npm run bench:queue -- 1000 10000 100000 1000000` fills a database of the PostgreSQL
// server that IPS_TEST_DATABASE_URL names with so many runs, one size after the other, measures what each step of a job costs, and
// writes docs/queue.md. The server has to be on this machine, because its processor time counts.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import '../support/sources.ts';
import { COMPANIES, QueuedRuns } from '../support/queued-runs.ts';
import { type QueueGrowth, type Step, writeReport } from './report.ts';

const { queueWorld } = await import('../../test/support/queue-world.ts');

/** How often each step is done for one figure, and how many figures there are; the lowest one counts, because others use the machine. */
const TIMES = { submission: 50, run: 50, reconciliation: 4 };
const ROUNDS = 5;
const RESULTS = fileURLToPath(new URL('../../../../docs/queue/results.json', import.meta.url));

const sizes = process.argv.slice(2).map(Number);
if (sizes.length === 0 || sizes.some((size) => !(Number.isInteger(size) && size > 0)))
  throw new Error('expected numbers of waiting runs, such as 1000 10000 100000 1000000');
const server = process.env['IPS_TEST_DATABASE_URL'];
if (server === undefined || server === '')
  throw new Error('IPS_TEST_DATABASE_URL names no PostgreSQL server');

const name = `ips_queue_${randomUUID().replaceAll('-', '')}`;
const url = new URL(server);
url.pathname = `/${name}`;
await statement(`create database ${name}`);
try {
  const world = await queueWorld(url.href, COMPANIES);
  const runs = new QueuedRuns(url.href);
  await runs.open();
  const measured: QueueGrowth['sizes'][number][] = [];
  try {
    for (const waiting of sizes.toSorted((a, b) => a - b)) {
      const begun = performance.now();
      await runs.fill(waiting);
      console.log(`${waiting} runs wait, filled in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
      const steps: Step[] = [];
      let number = 0;
      const step = async (what: string, times: number, work: () => Promise<void>): Promise<void> => {
        const found: Omit<Step, 'name'>[] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          const before = await spent(runs);
          await work();
          const after = await spent(runs);
          found.push(between(before, after, times));
        }
        const [best] = found.toSorted((a, b) => a.server + a.database - b.server - b.database);
        if (best === undefined) return;
        steps.push({ name: what, ...best });
        console.log(
          `  ${what}: processor ${best.server.toFixed(2)} + ${best.database.toFixed(2)} ms, wall ${best.wall.toFixed(1)} ms`,
        );
      };
      await step('submission of a job', TIMES.submission, async () => {
        for (let time = 0; time < TIMES.submission; time += 1) {
          number += 1;
          await world.submit(number % COMPANIES, `Job ${waiting} ${number}`);
        }
      });
      await step('a pass of the reconciliation', TIMES.reconciliation, async () => {
        for (let time = 0; time < TIMES.reconciliation; time += 1) await world.reconcile();
      });
      // From one run to another, without the start and the end of the worker.
      const found: Omit<Step, 'name'>[] = [];
      let before: Promise<Spent> | undefined;
      const pending: Promise<void>[] = [];
      await world.work(TIMES.run * ROUNDS + 1, (taken) => {
        if (taken % TIMES.run !== 1) return;
        const now = spent(runs);
        const from = before;
        before = now;
        if (from !== undefined) {
          pending.push(
            Promise.all([from, now]).then(([first, last]) => {
              found.push(between(first, last, TIMES.run));
            }),
          );
        }
      });
      await Promise.all(pending);
      const [best] = found.toSorted((a, b) => a.server + a.database - b.server - b.database);
      if (best === undefined) throw new Error('no run was measured');
      steps.push({ name: 'fetch, claim and completion of a run', ...best });
      console.log(
        `  a run: processor ${best.server.toFixed(2)} + ${best.database.toFixed(2)} ms, wall ${best.wall.toFixed(1)} ms`,
      );
      measured.push({ waiting, steps });
    }
  } finally {
    await runs.close();
    await world.close();
  }
  const growth: QueueGrowth = {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
    postgresql: await version(),
    date: new Date().toISOString().slice(0, 10),
    sizes: measured,
  };
  mkdirSync(join(RESULTS, '..'), { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify(growth, null, 2)}\n`);
  writeReport(growth);
} finally {
  await statement(`drop database ${name} with (force)`);
}

/** Milliseconds so far: by the clock, of this process, and of each process of the database. */
interface Spent {
  readonly wall: number;
  readonly server: number;
  readonly database: ReadonlyMap<number, number>;
}

async function spent(runs: QueuedRuns): Promise<Spent> {
  const { user, system } = process.cpuUsage();
  const wall = performance.now();
  const database = new Map<number, number>();
  for (const pid of await runs.processes()) {
    const file = `/proc/${pid}/schedstat`;
    // The connection may have ended since it was listed.
    if (existsSync(file)) database.set(pid, Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6);
  }
  return { wall, server: (user + system) / 1000, database };
}

/** What one of several times took. A connection that has ended in the meantime does not count. */
function between(first: Spent, last: Spent, times: number): Omit<Step, 'name'> {
  const database = [...last.database].reduce(
    (sum, [pid, now]) => sum + now - (first.database.get(pid) ?? 0),
    0,
  );
  return {
    wall: (last.wall - first.wall) / times,
    server: (last.server - first.server) / times,
    database: database / times,
  };
}

async function version(): Promise<string> {
  return (await statement('show server_version'))?.['server_version'] ?? 'unknown';
}

async function statement(text: string): Promise<Record<string, string> | undefined> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(text)).rows?.[0];
  } finally {
    await client.end();
  }
}
