// What outsiders must not reach, take over or exhaust.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createIpsServer } from '../src/create-server.js';
import { ConcurrencyLimit, TooManyWaitingError } from '../src/http/concurrency-limit.js';
import { connect, post, requestXml } from './support/call.js';

it('pages of other sites cannot use the admin API', async () => {
  const server = await createIpsServer({ adminApi: true });
  const reset = (origin?: string) =>
    fetch(`${server.url}/admin/reset`, { method: 'POST', ...(origin && { headers: { origin } }) });
  expect((await reset('https://evil.example.com')).status).toBe(403);
  expect((await reset('null')).status).toBe(403);
  expect((await reset(server.url)).status).toBe(200);
  expect((await reset()).status).toBe(200);
  // A character that the database does not know is in no name.
  for (const path of [
    'is/image/%00/a',
    'is/image/SampleCompany/%00',
    'is/content/a/%00',
    'scene7/export/%00/a',
  ]) {
    // Image serving refuses a name that it does not have.
    const status = path.startsWith('is/image/') ? 403 : 404;
    expect([path, (await fetch(`${server.url}/${path}`)).status]).toEqual([path, status]);
  }
  const authorization = `Basic ${Buffer.from('a\0b:c').toString('base64')}`;
  const { body } = await post(server.url, requestXml('getSystemProperties', {}), {
    headers: { authorization },
  });
  expect(body).toContain('<code>10001</code>');
  await server.stop();
});

it('a server that is started without an account keeps the password that was set', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ips-exposure-'));
  const first = await createIpsServer({ dataDir });
  const password = 'Much-Better-1';
  await connect(first).call('setPassword', { password });
  await first.stop();
  const second = await createIpsServer({ dataDir });
  const { email } = second.admin;
  expect(await connect(second, { email, password }).call('getUserInfo', {})).toHaveProperty('userInfo');
  expect(await connect(second).fault('getUserInfo', {})).toMatchObject({ code: 10001 });
  await second.stop();
  // One that is given counts only if the start is to reset it.
  const kept = await createIpsServer({ dataDir, admin: { email, password: 'Another-One-2' } });
  expect(await connect(kept, { email, password }).call('getUserInfo', {})).toHaveProperty('userInfo');
  await kept.stop();
  const third = await createIpsServer({
    dataDir,
    admin: { email, password: 'Another-One-2' },
    resetAdmin: true,
  });
  expect(await connect(third).call('getUserInfo', {})).toHaveProperty('userInfo');
  await third.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('a limit runs some tasks at once and others in order, and refuses those beyond the queue', async () => {
  const limit = new ConcurrencyLimit(2, 2);
  const began: number[] = [];
  const ends: (() => void)[] = [];
  const work = (number: number) => () =>
    new Promise<number>((resolve) => {
      began.push(number);
      ends.push(() => resolve(number));
    });
  const results = [1, 2, 3, 4].map((number) => limit.run(work(number)));
  await expect(limit.run(work(5))).rejects.toThrow(TooManyWaitingError);
  expect(began).toEqual([1, 2]);
  ends[1]?.();
  await results[1];
  await new Promise(setImmediate);
  expect(began).toEqual([1, 2, 3]);
  for (const end of ends) end();
  await Promise.all([results[0], results[2]]);
  await new Promise(setImmediate);
  ends[3]?.();
  expect(await Promise.all(results)).toEqual([1, 2, 3, 4]);
  // One that fails makes room, too.
  await expect(limit.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await limit.run(async () => 6)).toBe(6);
});
