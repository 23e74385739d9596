// Two callers at once, and texts that XML cannot carry: each gets an answer that says what is the matter.
import type { IpsFault } from '@ips-sdk/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { changeTables } from './support/stored-assets.js';

const companyHandle = 'c|6';
let server: IpsServer;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'manual' });
});
afterAll(() => server.stop());

it('of two calls that take the same name at once, one is told that it is taken', async () => {
  const admin = connect(server);
  for (let round = 0; round < 5; round += 1) {
    const fields = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        admin.call('createMetadataField', {
          companyHandle,
          assetType: 'Image',
          name: `${name}${round}`,
          fieldType: 'String',
        }),
      ),
    );
    const outcomes = await Promise.allSettled(
      fields.map((field) =>
        admin.call('updateMetadataField', { companyHandle, ...field, name: `x${round}` }),
      ),
    );
    const faults = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as IpsFault] : []));
    expect(faults.map(({ code }) => code)).toEqual([30001, 30001, 30001]);
    for (const { reason } of faults) expect(reason).toContain('already exists');
  }
});

it('a name that XML cannot carry is answered with a character in its place', async () => {
  await changeTables(server, ({ folders = [] }) => ({
    folders: [
      ...folders,
      {
        id: 500,
        company_id: 6,
        path: 'SampleCompany/a\u0001b\ufffec/',
        last_modified: new Date().toISOString(),
      },
    ],
  }));
  const { folderArray } = await connect(server).call('getFolders', { companyHandle });
  expect(folderArray?.map(({ path }) => path)).toEqual(['SampleCompany/a\ufffdb\ufffdc/']);
});

it('a fault says what was wrong with such a name', async () => {
  const { email, password } = server.admin;
  const form = new FormData();
  form.set('auth', `<authHeader><user>${email}</user><password>${password}</password></authHeader>`);
  form.set(
    'uploadParams',
    `<uploadPostParam xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"><companyHandle>${companyHandle}</companyHandle><jobName>bad</jobName><uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>true</createMask><emailSetting>None</emailSetting></uploadParams></uploadPostParam>`,
  );
  form.append('file', new Blob(['x']), 'a\u0001b\uffff.txt');
  const answer = await fetch(server.endpoints.upload, { method: 'POST', body: form });
  expect(answer.headers.get('content-type')).toMatch(/^text\/xml/);
  expect(await answer.text()).toMatch(/<code>30001<\/code><reason>filename: found 'a\ufffdb\ufffd\.txt'/);
});

it('a fault that shortens a value never cuts a character in two', async () => {
  const name = `${'x'.repeat(199)}𝄞${'y'.repeat(100)}`;
  const fault = await connect(server).fault('getProperty', { name });
  expect(fault).toMatchObject({ code: 30001 });
  expect(fault.reason.isWellFormed()).toBe(true);
});
