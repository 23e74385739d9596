import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';

let server: IpsServer;

beforeAll(async () => {
  server = await createIpsServer();
  await server.seed({ companies: [{ name: 'Sample Company', folders: ['A'] }] });
});
afterAll(() => server.stop());

it('answers the first 100,000 folders by path when there are more', { timeout: 60_000 }, async () => {
  const { version, tables } = await server.snapshot();
  const folders = tables['folders'] ?? [];
  const top = folders.find(({ path }) => path === 'SampleCompany/');
  const first = Math.max(...folders.map(({ id }) => Number(id))) + 1;
  const more = Array.from({ length: 100_000 }, (_, index) => ({
    ...top,
    id: first + index,
    path: `SampleCompany/A/${String(index).padStart(6, '0')}/`,
  }));
  await server.restore({ version, tables: { ...tables, folders: [...folders, ...more] } });
  const { folderArray = [] } = await connect(server).call('getFolders', { companyHandle: 'c|6' });
  // The two folders above leave room for all but two.
  expect(folderArray).toHaveLength(100_000);
  expect(folderArray[0]?.path).toBe('SampleCompany/');
  expect(folderArray.at(-1)?.path).toBe('SampleCompany/A/099997/');
});
