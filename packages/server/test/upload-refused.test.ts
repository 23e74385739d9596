// A refused upload leaves nothing on disk, and unknown callers store nothing.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { connect } from './support/call.js';
import { endedJob } from './support/jobs.js';

const NAMESPACE = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const OPTIONS =
  '<uploadParams><overwrite>true</overwrite><readyForPublish>true</readyForPublish><createMask>false</createMask><emailSetting>None</emailSetting></uploadParams>';

let directory: string;
let server: IpsServer;
let before: readonly string[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ips-refused-'));
  server = await createIpsServer({ dataDir: directory, jobClock: 'instant', limits: { maxFileBytes: 1000 } });
});
beforeEach(async () => {
  before = await stored();
});
afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

type Part = readonly [name: string, value: string | Blob, fileName?: string];

const auth = (password = server.admin.password): Part => [
  'auth',
  `<authHeader><user>${server.admin.email}</user><password>${password}</password></authHeader>`,
];
const params = (company = 'c|6', job = `<jobName>job</jobName>${OPTIONS}`): Part => [
  'uploadParams',
  `<uploadPostParam xmlns="${NAMESPACE}"><companyHandle>${company}</companyHandle>${job}</uploadPostParam>`,
];
const file = (name: string, bytes = 600): Part => ['file', new Blob([name.padEnd(bytes, '.')]), name];

async function post(parts: readonly Part[]): Promise<string> {
  const form = new FormData();
  for (const [name, value, fileName] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, fileName);
  }
  return (await fetch(server.endpoints.upload, { method: 'POST', body: form })).text();
}

async function stored(): Promise<string[]> {
  const hashes: string[] = [];
  for await (const hash of new DirectoryFileStore(join(directory, 'files')).list()) hashes.push(hash);
  return hashes.sort();
}

async function expectNothingLeft(): Promise<void> {
  expect(await stored()).toEqual(before);
  expect(readdirSync(join(directory, 'files', 'incoming'))).toEqual([]);
}

it.each<[string, () => Part[], string]>([
  ['of a wrong password', () => [auth('wrong'), params(), file('a.txt')], '<code>10001</code>'],
  ['whose wrong password comes last', () => [file('b.txt'), params(), auth('wrong')], '<code>10001</code>'],
  ['without credentials', () => [params(), file('c.txt')], '<code>10000</code>'],
  ['for an unknown company', () => [auth(), params('c|99'), file('d.txt')], '<code>20000</code>'],
  ['with a name that cannot be', () => [auth(), params(), file('../e.txt')], '<code>30001</code>'],
  [
    'with a file that is too large',
    () => [auth(), params(), file('f.txt'), file('g.txt', 1001)],
    '1000 bytes',
  ],
])('a request %s leaves no file', async (_what, parts, expected) => {
  expect(await post(parts())).toContain(expected);
  await expectNothingLeft();
});

it('an unknown caller can store no more than the bytes of one file', async () => {
  expect(await post([file('a.txt'), file('b.txt'), auth(), params()])).toContain('ipsApiFault');
  await expectNothingLeft();
  expect(await post([auth(), file('a.txt'), file('b.txt'), params()])).toContain('<jobHandle>');
});

it('a file for a job that has ended is refused, and kept nowhere', async () => {
  const options = `<jobName>ended</jobName><endJob>true</endJob>${OPTIONS}`;
  const answer = await post([auth(), params('c|6', options), file('first.txt')]);
  const handle = /<jobHandle>(.*?)<\/jobHandle>/.exec(answer)?.[1] ?? '';
  expect(await endedJob(connect(server), 'c|6', 'ended')).toMatchObject({ totalFileCount: 1 });
  before = await stored();
  const late = params('c|6', `<jobHandle>${handle}</jobHandle>`);
  expect(await post([auth(), late, file('late.txt')])).toContain('is closed');
  await expectNothingLeft();
});

it('a status whose answers have no body is not used for a fault', async () => {
  const header = `<authHeader><user>nobody@example.com</user><password>x</password><faultHttpStatusCode>204</faultHttpStatusCode></authHeader>`;
  expect(await post([['auth', header], params()])).toContain('<code>10001</code>');
});
