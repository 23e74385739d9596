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

const uploadParams = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' };

test('a call without files opens a job for files from the servlet, continues and ends it', async () => {
  const red = await plain(30, 20, RED).png().toBuffer();
  const open = { companyHandle: COMPANY, jobName: 'by SOAP', description: 'Red shoes', uploadParams };
  const { jobHandle } = await connection.call('uploadPost', open);
  const { jobArray } = await connection.call('getActiveJobs', {
    companyHandle: COMPANY,
    includeWaitingJobs: true,
  });
  expect(jobArray).toMatchObject([
    { jobHandle, state: 'WaitingClient', description: 'Red shoes', uploadPostJob: { overwrite: true } },
  ]);
  expect(await connection.call('uploadPost', { companyHandle: COMPANY, jobHandle })).toEqual({ jobHandle });
  expect(await post(`<jobHandle>${jobHandle}</jobHandle>`, { 'Shoes/soap.png': red })).toBe(jobHandle);
  await connection.call('uploadPost', { companyHandle: COMPANY, jobHandle, endJob: true });
  const log = await endedJob(connection, COMPANY, 'by SOAP');
  expect(log).toMatchObject({ fileSuccessCount: 1, totalFileCount: 1 });
  expect(messagesOf(log, 'UploadSuccess')).toEqual(['Shoes/soap.png was processed into IPS.']);
  expect(await connection.fault('uploadPost', { companyHandle: COMPANY, jobHandle })).toMatchObject({
    code: 30000,
    reason: expect.stringMatching(/^jobHandle: the upload job 'by SOAP.*' is closed$/),
  });
});

test('a call without files needs a name or a handle, and has no place for files', async () => {
  const given = { companyHandle: COMPANY };
  const noPlace = (field: string) =>
    `expected no ${field}: it describes files in the same request, which XML has no place for; post them to /scene7/UploadFile`;
  const cases: readonly (readonly [input: object, code: number, reason: string])[] = [
    [{ uploadParams }, 30002, 'exactly one of jobName, jobHandle is missing'],
    [{ jobName: 'incomplete' }, 30002, 'uploadParams is missing'],
    [
      { jobName: 'both', jobHandle: 'j|6||a|1', uploadParams },
      30001,
      'jobName and jobHandle are mutually exclusive',
    ],
    [{ jobHandle: 'j|6||a|1' }, 30001, "jobHandle: no object has the handle 'j|6||a|1'"],
    [
      { jobName: 'named', fileName: 'a.png', uploadParams },
      30001,
      `fileName: found 'a.png', ${noPlace('fileName')}`,
    ],
    [
      { jobName: 'placed', destFolder: 'Shoes/', uploadParams },
      30001,
      `destFolder: found 'Shoes/', ${noPlace('destFolder')}`,
    ],
  ];
  for (const [input, code, reason] of cases)
    expect(await connection.fault('uploadPost', { ...given, ...input })).toMatchObject({
      code,
      reason: expect.stringContaining(reason),
    });
  const { jobArray } = await connection.call('getActiveJobs', { ...given, includeWaitingJobs: true });
  expect(jobArray).toEqual([]);
});

test('SOAP with attachments is refused, with the way to send files', async () => {
  const { email, password } = server.admin;
  const envelope =
    `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header><authHeader xmlns="${NAMESPACE}"><user>${email}</user><password>${password}</password><appName>tests</appName><appVersion>1</appVersion></authHeader></soapenv:Header>` +
    `<soapenv:Body><uploadPostParam xmlns="${NAMESPACE}"><companyHandle>${COMPANY}</companyHandle><jobName>attached</jobName>${OPTIONS}</uploadPostParam></soapenv:Body></soapenv:Envelope>`;
  const parts = ['text/xml', 'image/png'].map(
    (type) => `--part\r\nContent-Type: ${type}\r\n\r\n${type === 'text/xml' ? envelope : 'a file'}\r\n`,
  );
  for (const type of ['text/xml', 'application/xop+xml']) {
    const contentType = `multipart/related; type="${type}"; boundary=part`;
    const response = await fetch(server.endpoints.soap, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: `${parts.join('')}--part--`,
    });
    const body = await response.text();
    expect(response.status).toBe(415);
    expect(body).toContain('<code>30003</code>');
    expect(body).toContain('Attachments are not supported: post files to /scene7/UploadFile');
  }
  const { jobArray } = await connection.call('getActiveJobs', {
    companyHandle: COMPANY,
    includeWaitingJobs: true,
  });
  expect(jobArray).toEqual([]);
});
