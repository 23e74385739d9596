// Two callers at once, and texts that XML cannot carry: each gets an answer that explains the problem.
import pino from 'pino';
import { expect, it } from 'vitest';
import { authenticate } from '../src/access/identity.js';
import { Clock } from '../src/clock.js';
import type { IpsServer } from '../src/create-server.js';
import * as t from '../src/db/schema.js';
import { openStore } from '../src/db/store.js';
import type { JobEngine } from '../src/jobs/job-engine.js';
import { Metrics } from '../src/metrics.js';
import { Chaos } from '../src/operations/chaos.js';
import { dispatch } from '../src/operations/dispatch.js';
import { Logins } from '../src/passwords/logins.js';
import { seedDatabase } from '../src/seed/seed-database.js';
import type { Services } from '../src/services.js';
import { noTraces } from '../src/traces/traces.js';
import { connect } from './support/call.js';
import { storedHashOf, TEST_COST } from './support/password-hash.js';
import { serverForFile } from './support/shared-server.js';
import { changeTables } from './support/stored-assets.js';

const companyHandle = 'c|6';
let server: IpsServer;

serverForFile('manual', async (shared) => {
  server = shared;
});

it('when two calls take the same name at once, one gets a fault that it is taken', async () => {
  const store = await openStore({ kind: 'memory' });
  const now = new Date('2026-01-01T00:00:00Z');
  const admin = { email: 'admin@example.com', password: 'admin-password' };
  const passwordHash = storedHashOf(admin.password);
  await seedDatabase(store.db, {
    company: 'Sample Company',
    admin: { email: admin.email, passwordHash },
    now,
  });
  const field = { companyId: 6, assetType: 'Image', type: 'String' };
  await store.db.insert(t.metadataFields).values(['Season', 'Color'].map((name) => ({ ...field, name })));
  // What both calls see before either has written: the name is free.
  const db = new Proxy(store.db, {
    get: (target, key) => (key === '$count' ? async () => 0 : Reflect.get(target, key, target)),
  });
  const metrics = new Metrics();
  const logins = new Logins({ metrics, cost: TEST_COST });
  const services = {
    db,
    clock: new Clock('manual', now),
    logins,
    log: pino({ level: 'silent' }),
    metrics,
    traces: noTraces,
  } as unknown as Services;
  const credentials = { user: admin.email, password: admin.password };
  const chaos = new Chaos();
  // No job is involved.
  const jobs = undefined as unknown as JobEngine;
  const outcome = await dispatch({ services, jobs, chaos }, 'updateMetadataField', async () => ({
    input: { companyHandle, fieldHandle: 'm|6|IMAGE|Color', name: 'season' },
    identify: () => authenticate(services, credentials, '127.0.0.1'),
    locale: 'en',
    remoteAddress: '127.0.0.1',
    issues: [],
  }));
  expect(outcome).toMatchObject({
    end: 'fault',
    fault: { code: 30001, reason: expect.stringContaining('already exists') as string },
  });
  await logins.close();
  await store.close();
});

it('a name that XML cannot carry is answered with replacement characters', async () => {
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
  expect(folderArray?.map(({ path }) => path)).toEqual(['SampleCompany/', 'SampleCompany/a\ufffdb\ufffdc/']);
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
