// A server that is reset begins with the same rows and numbers, however much it held and whatever database it uses.
import { expect, it, onTestFinished } from 'vitest';
import { createIpsServer, type IpsServerOptions } from '../src/create-server.js';
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
