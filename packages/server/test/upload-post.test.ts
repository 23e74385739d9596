import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { type Connection, connect } from './support/call.js';
import { endedJob, messagesOf } from './support/jobs.js';
import { plain, RED } from './support/pictures.js';

const COMPANY = 'c|6';
const NAMESPACE = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';

let server: IpsServer;
let connection: Connection;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', company: 'Shoes' });
  connection = connect(server);
});

afterAll(() => server?.stop());

/** Posts files as the servlet takes them; answers the handle of the job. */
async function post(params: string, files: Readonly<Record<string, Uint8Array>> = {}): Promise<string> {
  const form = new FormData();
  const { email, password } = server.admin;
  form.set(
    'auth',
    `<authHeader xmlns="${NAMESPACE}"><user>${email}</user><password>${password}</password><appName>tests</appName><appVersion>1</appVersion></authHeader>`,
  );
  form.set(
    'uploadParams',
    `<uploadPostParam xmlns="${NAMESPACE}"><companyHandle>${COMPANY}</companyHandle>${params}</uploadPostParam>`,
  );
  for (const [name, content] of Object.entries(files))
    form.append('file', new Blob([new Uint8Array(content)]), name);
  const response = await fetch(server.endpoints.upload, { method: 'POST', body: form });
  const body = await response.text();
  const handle = /<jobHandle>(.*?)<\/jobHandle>/.exec(body)?.[1];
  if (handle === undefined) throw new Error(body);
  return handle;
}

const OPTIONS =
  '<uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask><emailSetting>None</emailSetting></uploadParams>';

test('files of several posts belong to one job, which ends on request', async () => {
  const red = await plain(30, 20, RED).png().toBuffer();
  const handle = await post(`<jobName>posted</jobName>${OPTIONS}`, { 'Shoes/a.png': red });
  const waiting = await connection.call('getActiveJobs', {
    companyHandle: COMPANY,
    includeWaitingJobs: true,
  });
  expect(waiting.jobArray?.map(({ state }) => state)).toEqual(['WaitingClient']);
  expect(await post(`<jobHandle>${handle}</jobHandle>`, { 'Shoes/b.png': red })).toBe(handle);
  await post(`<jobHandle>${handle}</jobHandle><endJob>true</endJob>`, { 'Shoes/sub/c.png': red });
  const log = await endedJob(connection, COMPANY, 'posted');
  expect(log).toMatchObject({ fileSuccessCount: 3, fileErrorCount: 0, totalFileCount: 3 });
  expect(messagesOf(log, 'UploadSuccess')).toEqual(
    ['Shoes/a.png', 'Shoes/b.png', 'Shoes/sub/c.png'].map((path) => `${path} was processed into IPS.`),
  );
});

test('a job may end without any file', async () => {
  await post(`<jobName>empty</jobName><endJob>true</endJob>${OPTIONS}`);
  expect(await endedJob(connection, COMPANY, 'empty')).toMatchObject({
    totalFileCount: 0,
    fatalError: false,
  });
});
