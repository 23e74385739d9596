// The engine on a PostgreSQL server: a process that accepts jobs, workers, and companies whose runs wait.
import pino from 'pino';
import { createCompany } from '../../src/companies/create-company.js';
import type { CompanyRow } from '../../src/db/rows.js';
import * as t from '../../src/db/schema.js';
import { BossQueue } from '../../src/jobs/boss-queue.js';
import type { JobKind } from '../../src/jobs/job-kind.js';
import { engineWorld, START } from './engine.js';

export interface QueueWorld {
  /** Submits a job of a company, by its place. */
  submit(company: number, name: string): Promise<void>;
  /** Does what the leader does every five seconds. */
  reconcile(): Promise<void>;
  /**
   * Lets a worker take runs, which end at once.
   *
   * @param onRun - Called for each, with their number so far.
   */
  work(count: number, onRun?: (taken: number) => void): Promise<void>;
  close(): Promise<void>;
}

/** Opens a world in an empty database. One job of the first company waits. */
export async function queueWorld(url: string, companies: number): Promise<QueueWorld> {
  const world = await engineWorld({ kind: 'server', url });
  const { db } = world.store;
  const log = pino({ level: 'silent' });
  const queueOf = (role: 'api' | 'worker') => () =>
    new BossQueue(world.store, { workers: 1, role, serverName: role }, log);
  const kind: Partial<JobKind<'exportJob'>> = { size: () => 100 };
  const api = await world.start({ kind, config: { role: 'api' }, queue: queueOf('api') });
  for (let place = 0; place < companies; place += 1)
    await db.transaction((tx) => createCompany(tx, `Company ${place}`, START));
  const found = new Map<string, CompanyRow>();
  for (const row of await db.select().from(t.companies)) found.set(row.name, row);
  const submit = async (place: number, name: string): Promise<void> => {
    const company = found.get(`Company ${place}`);
    if (company === undefined) throw new Error(`there is no company ${place}`);
    await api.engine.submit(world.submission(name, { company }));
  };
  await submit(0, 'first');
  // The runs have waited for a while.
  world.clock.move(120_000);
  return {
    submit,
    reconcile: () => api.engine.reconcile(),
    work: async (count, onRun) => {
      let taken = 0;
      let finish: () => void = () => undefined;
      const enough = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const run: JobKind['run'] = async () => {
        taken += 1;
        onRun?.(taken);
        if (taken === count) finish();
        return 'done';
      };
      const config = { role: 'worker', serverName: 'worker' } as const;
      const worker = await world.start({ kind, run, exclusive: false, config, queue: queueOf('worker') });
      await enough;
      await worker.engine.stop();
    },
    close: async () => {
      await api.engine.stop();
      await world.store.close();
    },
  };
}
