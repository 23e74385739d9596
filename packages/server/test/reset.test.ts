// A server that is reset begins with the same rows and numbers, however much it held and whatever database it uses.
import { IpsFault } from '@ips-sdk/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import type { IpsServerOptions } from '../src/server-options.js';
import { insertAssets } from './support/asset-rows.js';
import { connect } from './support/call.js';
import { freshDatabase } from './support/test-database.js';

/** Fills a server, resets it, and answers what it holds and which number the next project gets, before and after. */
async function beforeAndAfter(options: IpsServerOptions, assets: number) {
  const now = new Date('2026-01-01T00:00:00Z');
  const server = await createIpsServer({ jobClock: 'manual', now, ...options });
  onTestFinished(() => server.stop());
  const state = async () => {
    const { tables } = await server.snapshot();
    const { projectHandle } = await connect(server).call('createProject', {
      companyHandle: 'c|6',
      projectName: 'Spring',
    });
    return { tables, projectHandle };
  };
  const before = await state();
  await server.seed({ companies: [{ name: 'Other', folders: ['a/b'] }] });
  const texts = Array.from({ length: assets }, (_, at) => ({
    name: `asset-${at}`,
    info: { text: 'x'.repeat(1000) },
  }));
  await insertAssets(server, texts);
  await server.reset();
  return { before, after: await state() };
}

it.each([
  ['little', 3],
  ['much', 500],
])('an embedded database that holds %s', async (_, assets) => {
  const { before, after } = await beforeAndAfter({}, assets);
  expect(after).toEqual(before);
});

it('a PostgreSQL server', async (context) => {
  const database = await freshDatabase(context);
  onTestFinished(() => database.drop());
  const { before, after } = await beforeAndAfter({ databaseUrl: database.url }, 3);
  expect(after).toEqual(before);
});

it('a snapshot of an earlier version is restored with the defaults of columns that its rows lack', async () => {
  const server = await createIpsServer({ jobClock: 'manual', now: new Date('2026-01-01T00:00:00Z') });
  onTestFinished(() => server.stop());
  await insertAssets(server, [{ name: 'red' }, { name: 'blue' }]);
  const snapshot = await server.snapshot();
  const assets = (snapshot.tables['assets'] ?? []).map(({ version, processing, ...earlier }) => earlier);
  await server.restore({ ...snapshot, tables: { ...snapshot.tables, assets } });
  const restored = (await server.snapshot()).tables['assets'] ?? [];
  expect(restored).toHaveLength(assets.length);
  for (const [at, row] of restored.entries()) {
    expect(row).toEqual({ ...assets[at], version: 1, processing: {} });
  }
});

describe('the passwords of a snapshot', () => {
  const user = (name: string, password: string) => ({
    email: `${name}@example.com`,
    password,
    memberships: [{ company: 'Sample Company', role: 'IpsUser' }],
  });
  const logsIn = async (server: IpsServer, email: string, password: string) => {
    const answer = connect(server, { email, password }).call('getUserInfo', {});
    return answer.then(
      () => true,
      (error: unknown) => {
        if (error instanceof IpsFault && error.code === 10001) return false;
        throw error;
      },
    );
  };
  const start = async () => {
    const server = await createIpsServer({ jobClock: 'manual' });
    onTestFinished(() => server.stop());
    return server;
  };

  it('are not in it: who exists keeps the current one, who was removed gets it back', async () => {
    const server = await start();
    await server.seed({ users: [user('ann', 'first-Ann-1'), user('bob', 'first-Bob-1')] });
    const snapshot = await server.snapshot();
    expect(JSON.stringify(snapshot)).not.toMatch(/scrypt|password_hash/);
    await connect(server, { email: 'ann@example.com', password: 'first-Ann-1' }).call('setPassword', {
      password: 'second-Ann-2',
    });
    const { users = [] } = snapshot.tables;
    const withoutBob = users.filter(({ email }) => email !== 'bob@example.com');
    await server.restore({ ...snapshot, tables: { ...snapshot.tables, users: withoutBob, memberships: [] } });
    expect(await logsIn(server, 'bob@example.com', 'first-Bob-1')).toBe(false);
    expect(await server.restore(snapshot)).toEqual([]);
    expect(await logsIn(server, 'bob@example.com', 'first-Bob-1')).toBe(true);
    expect(await logsIn(server, 'ann@example.com', 'first-Ann-1')).toBe(false);
    expect(await logsIn(server, 'ann@example.com', 'second-Ann-2')).toBe(true);
    expect(await logsIn(server, server.admin.email, server.admin.password)).toBe(true);
  });

  it('are needed again on another server, where a person of the same number is somebody else', async () => {
    const [one, other] = [await start(), await start()];
    await one.seed({ users: [user('ann', 'first-Ann-1')] });
    await other.seed({ users: [user('bob', 'first-Bob-1')] });
    const snapshot = await one.snapshot();
    expect(await other.restore(snapshot)).toEqual(['ann@example.com']);
    for (const password of ['first-Ann-1', 'first-Bob-1', '', '!'])
      expect(await logsIn(other, 'ann@example.com', password), password).toBe(false);
    expect(await logsIn(other, other.admin.email, other.admin.password)).toBe(true);
    await other.seed({ users: [user('ann', 'other-Ann-1')] });
    expect(await logsIn(other, 'ann@example.com', 'other-Ann-1')).toBe(true);
    // One that has a password is not given another.
    await other.seed({ users: [user('ann', 'third-Ann-1')] });
    expect(await logsIn(other, 'ann@example.com', 'third-Ann-1')).toBe(false);
  });
});
