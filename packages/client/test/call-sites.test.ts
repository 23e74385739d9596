// The stack of every error shows the line of the program that called, though it was made in the event loop.
import { describe, expect, it } from 'vitest';
import { fault, hangUp, raw, startService } from '../../../scripts/testing/fake-service.js';
import type { IpsClient } from '../src/index.js';
import { clientOf, errorOf } from './support/clients.js';

const STOP = { jobHandle: 'j|6|Nightly|' };

// Named functions, whose names a stack can show.
async function aProgramThatCalls(ips: IpsClient): Promise<unknown> {
  return ips.stopJob(STOP);
}
async function aProgramThatStreams(ips: IpsClient): Promise<unknown> {
  for await (const item of ips.stream('searchAssets', { includeSubfolders: true })) return item;
  return undefined;
}
async function aProgramThatPosts(ips: IpsClient): Promise<unknown> {
  return ips.callRaw('stopJob', STOP);
}
async function aProgramWithAJob(ips: IpsClient): Promise<unknown> {
  return ips.jobs.get({ name: 'Nightly' }).stop();
}

describe.each([
  ['a fault', () => fault({ kind: 'api', code: 30001, reason: 'Bad' }), 'IpsFault'],
  ['a broken connection', () => hangUp, 'ConnectionError'],
  ['an error page', () => raw('<html>', 403), 'HttpError'],
  ['what is no XML', () => raw('Come back later.'), 'HttpError'],
])('after %s', (_name, answer, name) => {
  it.each([aProgramThatCalls, aProgramThatStreams, aProgramThatPosts, aProgramWithAJob])(
    'the stack shows %o',
    async (program) => {
      const operations = ['stopJob', 'searchAssets', 'getActiveJobs', 'getScheduledJobs', 'getJobLogs'];
      const service = await startService(Object.fromEntries(operations.map((one) => [one, answer])));
      const error = await errorOf(program(clientOf(service, { retry: false })));
      expect(error.name).toBe(name);
      expect(error.stack).toContain(program.name);
      expect(error.stack).toContain('call-sites.test.ts');
      // Once, and behind the message and the frames that it had.
      expect(error.stack?.split(program.name)).toHaveLength(2);
      expect(error.stack?.startsWith(`${error.name}: ${error.message}`)).toBe(true);
    },
  );
});

it('the stack of a time limit and of an input that is wrong shows it, too', async () => {
  const service = await startService({ stopJob: () => new Promise<never>(() => undefined) });
  const late = await errorOf(aProgramThatCalls(clientOf(service, { timeout: 30, retry: false })));
  expect([late.name, late.stack?.includes(aProgramThatCalls.name)]).toEqual(['TimeoutError', true]);
  const wrong = await errorOf(aProgramThatCalls(clientOf(service, { companyHandle: undefined })));
  expect([wrong.name, wrong.stack?.includes(aProgramThatCalls.name)]).toEqual(['ValidationError', true]);
});
