// A service of two api processes and three workers on one PostgreSQL server and one data directory. Four companies submit jobs of ten
// kinds while workers are killed, the database is restarted, and every process is replaced once.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { OwnCluster } from '../../../test/support/own-cluster.ts';
import { BIN } from '../server.ts';
import { problemsOf } from './accounts.ts';
import { Fleet, Front } from './fleet.ts';
import { Observer } from './observer.ts';
import { openOutside } from './outside.ts';
import { type Random, randomOf } from './random.ts';
import { addCustomer, lastPublish, submit } from './submitting.ts';
import { type Customer, followName, type Work, workOf, writeDirectories } from './work.ts';

export interface RehearsalOptions {
  readonly seed: number;
  /** An empty directory. */
  readonly directory: string;
  readonly cluster: OwnCluster;
  readonly jobsOfCompany: number;
  readonly kills: number;
  readonly log: (line: string) => void;
}

/** What it came to. */
export interface Rehearsal {
  readonly problems: readonly string[];
  readonly jobs: number;
  readonly runs: number;
  readonly killed: number;
  /** Runs that lost their worker. */
  readonly lost: number;
  /** Notices that came again after a kill. */
  readonly again: number;
  /** The greatest lead of a company: how many more of its jobs had ended than of the company with the fewest. */
  readonly lead: number;
}

/** Where clients would reach the balancer in front of the api processes. */
const PUBLIC_URL = 'http://ips.example.com';

const COMPANIES = ['Ash', 'Birch', 'Cedar', 'Dogwood'];
const PROCESSES = { api: 2, worker: 3 } as const;

/** Jobs that are submitted and have not ended, at most: submissions go on while the service is disturbed. */
const BACKLOG = 80;

/** Milliseconds after the last job was submitted in which all must end, and for the notifications after that. */
const LIMIT = { jobs: 240_000, notifications: 120_000 };

/**
 * How many more jobs of one company may have ended than of another, of jobs that all companies submit alike: a quarter of
 * them. What a company may not do at once, such as publishes, makes some of its jobs late.
 */
const leadAllowed = (jobs: number): number => Math.max(8, Math.ceil(jobs / 4));

export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const { directory, cluster, seed, jobsOfCompany, log } = options;
  const random = randomOf(seed);
  const dataDir = join(directory, 'data');
  const serverRoot = join(directory, 'served');
  const logs = join(directory, 'logs');
  for (const each of [dataDir, serverRoot, logs]) mkdirSync(each, { recursive: true, mode: 0o700 });
  // Chance outside the service has its own numbers: how often it is asked depends on the machine.
  const outside = await openOutside(randomOf(seed + 1));
  const fleet = new Fleet(
    {
      both: ['--data', dataDir, '--database-url', cluster.url, '--server-root', serverRoot],
      api: ['--company', COMPANIES[0] ?? '', '--public-url', PUBLIC_URL],
      worker: ['--public-url', PUBLIC_URL, '--allow-private', '--mail-url', outside.mailUrl],
    },
    logs,
  );
  const observer = new Observer(cluster.url);
  const killed: number[] = [];
  try {
    // The first one creates the tables.
    await fleet.start('api');
    await Promise.all(
      (['api', 'worker'] as const).flatMap((role) =>
        Array.from({ length: PROCESSES[role] - fleet.living(role).length }, () => fleet.start(role)),
      ),
    );
    const front = new Front(fleet);
    const customers: Customer[] = [];
    for (const name of COMPANIES) customers.push(await addCustomer(front, observer, name));
    const works = customers.map((customer) => workOf(customer, jobsOfCompany, outside));
    await writeDirectories(works.flat(), serverRoot);
    const ended = (): Promise<number> => endedOf(observer, works.flat());

    let over = false;
    const disturbing = disturb(options, random, fleet, killed, async (share) => {
      while (!over && (await ended()) < share * works.flat().length) await pause(100);
    });
    // An error is reported below; until then it must not end the process.
    disturbing.catch(() => undefined);
    try {
      for (let round = 0; round < jobsOfCompany; round += 1) {
        while (round * COMPANIES.length - (await ended()) > BACKLOG) await pause(200);
        await Promise.all(works.map((own) => submit(front, observer, own[round] as Work)));
      }
      log('all jobs are submitted');
      const late = await untilZero(LIMIT.jobs, async () => works.flat().length - (await ended()));
      if (late > 0) throw new Error(`${late} jobs have not ended: ${await unfinished(observer)}`);
    } finally {
      over = true;
    }
    await disturbing;
    const last = customers.map((customer) => lastPublish(customer, outside));
    await Promise.all(last.map((work) => submit(front, observer, work)));
    await untilZero(LIMIT.jobs, () => observer.number("select count(*) from runs where state <> 'Done'"));
    await untilZero(LIMIT.notifications, () => observer.number('select count(*) from outbox'));

    const all = [...works.flat(), ...last];
    const problems = await problemsOf({
      works: all,
      fleet,
      observer,
      outside,
      kills: killed,
      dataDir,
    });
    const lead = await greatestLead(observer, works);
    if (lead > leadAllowed(jobsOfCompany))
      problems.push(
        `a company had ${lead} more ended jobs than another, expected at most ${leadAllowed(jobsOfCompany)}`,
      );
    for (const role of ['api', 'worker'] as const)
      await Promise.all(fleet.living(role).map((life) => fleet.drain(life)));
    const checked = spawnSync(
      process.execPath,
      [BIN, 'check', '--data', dataDir, '--database-url', cluster.url],
      { encoding: 'utf8' },
    );
    if (checked.status !== 0)
      problems.push(`check ended with ${checked.status}: ${checked.stdout}${checked.stderr}`);
    return {
      problems: [...problems, ...fleet.problems],
      jobs: all.length,
      runs: await observer.number('select count(*) from runs'),
      killed: fleet.lives.filter(({ ending }) => ending === 'killed').length,
      lost: await observer.number(
        "select count(*) from log_rows where message like 'The worker % was lost; the run continues'",
      ),
      again: outside.notices.length - new Set(outside.notices.map(({ job }) => job)).size,
      lead,
    };
  } finally {
    await observer.close();
    await fleet.end();
    await outside.close();
  }
}

/** Kills, restarts and replaces, each after a share of the jobs has ended. */
async function disturb(
  { kills, cluster, log }: RehearsalOptions,
  random: Random,
  fleet: Fleet,
  killed: number[],
  until: (share: number) => Promise<void>,
): Promise<void> {
  const kill = async (): Promise<void> => {
    const life = random.pick(fleet.living('worker'));
    log(`kill ${life.name}`);
    killed.push(Date.now());
    await fleet.kill(life);
    await fleet.start('worker');
  };
  const restart = async (): Promise<void> => {
    log('restart of the database');
    cluster.stop();
    await pause(random.between(0, 3000));
    cluster.start();
  };
  const roll = async (): Promise<void> => {
    for (const role of ['api', 'worker'] as const)
      for (const life of fleet.living(role)) {
        log(`replace ${life.name}`);
        // Nothing is sent to it from here on, as by a load balancer.
        await Promise.all([fleet.drain(life), fleet.start(role)]);
      }
  };
  const events = [
    { share: 0.3 + random.next() * 0.3, act: restart },
    { share: 0.5 + random.next() * 0.2, act: roll },
    ...Array.from({ length: kills }, () => ({ share: 0.02 + random.next() * 0.9, act: kill })),
  ].sort((one, other) => one.share - other.share);
  for (const { share, act } of events) {
    await until(share);
    await act();
  }
}

/** The number of jobs that have ended, with what follows them. */
function endedOf(observer: Observer, works: readonly Work[]): Promise<number> {
  const names = works.map(({ name, follows }) => (follows ? followName(name) : name));
  return observer.number(
    `select count(*) from runs where state = 'Done' and original_name = any($1::text[])`,
    [names],
  );
}

async function unfinished(observer: Observer): Promise<string> {
  const rows = await observer.rows(
    `select name, state, server_name, attempt, losses, seen_at from runs where state <> 'Done' limit 10`,
  );
  return JSON.stringify(rows);
}

/** How far the companies were apart at most, in the order in which their jobs ended. */
async function greatestLead(observer: Observer, works: readonly (readonly Work[])[]): Promise<number> {
  const owner = new Map(works.flatMap((own, at) => own.map(({ name }) => [name, at] as const)));
  const counts = works.map(() => 0);
  let lead = 0;
  const rows = await observer.rows<{ original_name: string }>(
    `select original_name from runs where state = 'Done' order by end_date, id`,
  );
  for (const { original_name } of rows) {
    const at = owner.get(original_name);
    if (at === undefined) continue;
    counts[at] = (counts[at] ?? 0) + 1;
    lead = Math.max(lead, Math.max(...counts) - Math.min(...counts));
  }
  return lead;
}

/** Waits until a number is 0; returns the last one when the time is over. */
async function untilZero(milliseconds: number, count: () => Promise<number>): Promise<number> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = await count();
    if (found === 0 || performance.now() > end) return found;
    await pause(200);
  }
}
