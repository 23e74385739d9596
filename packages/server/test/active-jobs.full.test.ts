// Very many active runs: a response has those at work, whenever they came, and the first of those that wait.
import { expect, it } from 'vitest';
import { createIpsServer } from '../src/create-server.js';
import { NO_COUNTS } from '../src/jobs/run-counters.js';
import { connect } from './support/call.js';

const companyHandle = 'c|6';
const MOST = 10_000;

it('getActiveJobs returns the runs at work before those that wait', { timeout: 120_000 }, async () => {
  // Nothing runs unless the test asks for it.
  const server = await createIpsServer({ jobClock: 'manual' });
  const admin = connect(server);
  const { version, tables } = await server.snapshot();
  const now = server.clock.now().toISOString();
  const userId = tables['users']?.[0]?.['id'];
  const runs = Array.from({ length: MOST + 3 }, (_, at) => ({
    id: at + 1,
    company_id: 6,
    name: `run ${at}`,
    original_name: 'run',
    kind: 'optimizeImagesJob',
    details: { emailSetting: 'None' },
    submit_user_id: userId,
    mail_user_id: userId,
    state: at < MOST ? 'New' : 'Running',
    trigger_time: now,
    start_date: now,
    last_progress_update: now,
    counters: NO_COUNTS,
    log_type: 'Start',
  }));
  await server.restore({ version, tables: { ...tables, runs } });
  const names = async (includeWaitingJobs: boolean): Promise<string[]> => {
    const { jobArray } = await admin.call('getActiveJobs', { companyHandle, includeWaitingJobs });
    return jobArray.map(({ name }) => name);
  };
  const all = runs.map(({ name }) => name);
  expect(await names(true)).toEqual([...all.slice(0, MOST - 3), ...all.slice(MOST)]);
  expect(await names(false)).toEqual(all.slice(MOST));
  await server.stop();
});
