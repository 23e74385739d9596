// What a compiler says of wrong names in options and stubs: the name itself, and what was meant.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LanguageServer } from './support/language-server.js';

const folder = fileURLToPath(new URL('../', import.meta.url));
const HEAD = `import { createIpsClient } from '@ips-sdk/client';
import { createMockClient } from '@ips-sdk/client/mock';
import { ipsHandlers } from '@ips-sdk/client/msw';
import { contract } from '@ips-sdk/types/2019-09-10-beta';
const auth = { accessToken: '' };
`;

describe('a compiler names', () => {
  let server: LanguageServer;
  beforeAll(async () => {
    server = await LanguageServer.start(folder);
  });
  afterAll(() => server.stop());

  it.each([
    ['createMockClient({ operations: { getActiveJob: {} } });', 'getActiveJob', "'getActiveJobs'"],
    ['createMockClient({ operations: { getActiveJobs: { jobArray: [], total: 1 } } });', 'total', "'total'"],
    ['createMockClient({ operation: {} });', 'operation', "'operations'"],
    ['createMockClient({ operations: {}, timout: 5 });', 'timout', "'timeout'"],
    [
      'createMockClient({ contract, operations: { updateSmartCrop: {} } });',
      'updateSmartCrop',
      "'updateSmartCrops'",
    ],
    ['ipsHandlers({ stopJobs: {} });', 'stopJobs', "'stopJob'"],
    ['ipsHandlers({ stopJob: {} }, { endpont: "" });', 'endpont', "'endpoint'"],
    ['ipsHandlers({ updateSmartCrop: {} }, { contract });', 'updateSmartCrop', "'updateSmartCrops'"],
    ['createIpsClient({ auth, compny: "" });', 'compny', "'company'"],
    ['createIpsClient({ auth, contract, compny: "" });', 'compny', "'company'"],
  ])('%s', async (line, marked, meant) => {
    const file = `${folder}test/wrong-${marked}.ts`;
    const text = `${HEAD}${line}\n`;
    server.open(file, text);
    const errors = (await server.errors(file, text)).filter(({ message }) => !message.includes('never read'));
    expect(errors).toEqual([{ marked, message: expect.stringContaining(meant) }]);
  });

  it('nothing where all is right', async () => {
    const file = `${folder}test/right.ts`;
    const text = `${HEAD}createMockClient({ operations: { stopJob: {} } });
createMockClient({ contract, operations: { updateSmartCrops: { successCount: 0, warningCount: 0, errorCount: 0 } } });
ipsHandlers({ stopJob: [{}] }, { endpoint: '' });
createIpsClient({ auth, company: '' });
`;
    server.open(file, text);
    expect(await server.errors(file, text)).toEqual([]);
  });
});
