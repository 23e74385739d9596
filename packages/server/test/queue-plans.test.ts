// Submission, workers and the reconciliation read of the queue what they need, however many runs wait: by indexes, and a bounded part.
import { expect, it, onTestFinished } from 'vitest';
import { COMPANIES, QueuedRuns } from '../bench/support/queued-runs.js';
import { queueWorld } from './support/queue-world.js';
import { freshDatabase } from './support/test-database.js';

const WAITING = 20_000;

it('no step of a job reads as many rows as there are runs that wait', async (context) => {
  const { url, drop } = await freshDatabase(context);
  const world = await queueWorld(url, COMPANIES);
  const runs = new QueuedRuns(url);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await world.close();
    isOpen = false;
  };
  onTestFinished(async () => {
    await close();
    await runs.close();
    await drop();
  });
  await runs.open();
  await runs.fill(WAITING);
  await runs.query('select pg_stat_reset()');

  for (let company = 0; company < 3; company += 1) await world.submit(company, `More ${company}`);
  await world.work(20);
  await world.reconcile();
  // Connections report what they read when they end.
  await close();

  const rows = await runs.query<{ name: string; read: number }>(`
    select relname || ': the whole table' as name, seq_tup_read::int as read from pg_stat_all_tables
    where schemaname in ('public', 'pgboss') and relname <> 'added'
    union all
    select relname || ': ' || indexrelname, idx_tup_read::int from pg_stat_all_indexes where schemaname in ('public', 'pgboss')
    -- By this index pg-boss counts all entries every few seconds, in one process.
    and indexrelname not like '%i14'`);
  expect(rows.some(({ name, read }) => name === 'runs: runs_waiting' && read >= 1000)).toBe(true);
  expect(rows.filter(({ read }) => read >= WAITING / 2)).toEqual([]);
});
