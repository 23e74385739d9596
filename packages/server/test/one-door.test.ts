// SOAP, plain XML and the servlet for files are three doors into one house: what is wrong with a request is the same fault, in
// the same words, whichever it comes in by.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SubmitJobParam, UploadPostParam } from '@ips-sdk/types';
import { codec } from '@ips-sdk/wire';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { openStore } from '../src/db/store.js';
import { type Credentials, connect, post } from './support/call.js';
import { changeTables } from './support/stored-assets.js';

const password = 'Sunny-Day-42';
const user = (name: string): Credentials => ({ email: `${name}@example.com`, password });

let directory: string;
let server: IpsServer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ips-doors-'));
  await (await createIpsServer({ dataDir: directory })).stop();
  // A conflict between two calls takes both to be at the same place at the same time; the database plays the other one.
  const store = await openStore({ kind: 'directory', path: directory });
  await store.db.execute(
    sql.raw(`create function taken() returns trigger language plpgsql as
      $$ begin raise unique_violation using message = 'duplicate key'; end $$`),
  );
  await store.db.execute(
    sql.raw(`create trigger taken before insert on runs for each row
      when (new.original_name = 'twice') execute function taken()`),
  );
  await store.close();
  server = await createIpsServer({ dataDir: directory, jobClock: 'instant' });
  await server.seed({
    companies: [{ name: 'Other' }, { name: 'Late' }],
    users: [
      member('ann', ['Sample Company', 'IpsUser']),
      member('portal', ['Sample Company', 'ImagePortalUser']),
      member('late', ['Sample Company', 'IpsUser'], ['Late', 'IpsUser']),
    ],
  });
  await changeTables(server, ({ companies = [] }) => ({
    companies: companies.map((row) =>
      row['name'] === 'Late' ? { ...row, expires: '2001-01-01T00:00:00Z' } : row,
    ),
  }));
});
afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const member = (name: string, ...memberships: readonly (readonly [company: string, role: string])[]) => ({
  ...user(name),
  memberships: memberships.map(([company, role]) => ({ company, role })),
});

/** What a door says of a job that comes in by it. */
interface Refusal {
  readonly code: string;
  readonly reason: string;
}

interface Job {
  readonly companyHandle: string;
  readonly jobName: string;
}

const OPTIONS = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' } as const;
const URLS = [{ sourceUrl: 'http://127.0.0.1:1/a.png', destPath: 'a.png' }];

/** The doors, each with the least of a job that it takes. */
const DOORS: Readonly<Record<string, (job: Job, by: Credentials) => Promise<string>>> = {
  SOAP: (job, by) => submit(job, by, 'soap'),
  'plain XML': (job, by) => submit(job, by, 'plain'),
  'the servlet': async (job, by) => {
    const input: UploadPostParam = { ...job, uploadParams: OPTIONS };
    const form = new FormData();
    form.append(
      'auth',
      `<authHeader><user>${by.email}</user><password>${by.password}</password></authHeader>`,
    );
    form.append('uploadParams', codec.encodeMessage('UploadPostParam', input));
    return (await fetch(server.endpoints.upload, { method: 'POST', body: form })).text();
  },
};

const headerOf = ({ email, password: secret }: Credentials) => ({
  user: email,
  password: secret,
  appName: 'tests',
  appVersion: '1',
});

async function submit(job: Job, by: Credentials, dialect: 'soap' | 'plain'): Promise<string> {
  const input: SubmitJobParam = { ...job, uploadUrlsJob: { ...OPTIONS, urlArray: URLS } };
  const xml = codec.encodeRequest('submitJob', input, { dialect, header: headerOf(by) });
  const path = dialect === 'soap' ? '/scene7/services/IpsApiService' : '/scene7/api/IpsApiService';
  return (await post(server.url, xml, { path })).body;
}

function refusalIn(answer: string): Refusal | undefined {
  const field = (name: string) => new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(answer)?.[1];
  const code = field('code');
  return code === undefined ? undefined : { code, reason: field('reason') ?? '' };
}

const sample = 'c|6';
const ann = user('ann');

describe('every door refuses', () => {
  it.each<[string, Job, Credentials, string]>([
    ['a name with a bar', { companyHandle: sample, jobName: 'a|b' }, ann, '30001'],
    ['a name with a line break', { companyHandle: sample, jobName: 'a\nb' }, ann, '30001'],
    ['a name with a tab', { companyHandle: sample, jobName: 'a\tb' }, ann, '30001'],
    [
      'a name with a control character above ASCII',
      { companyHandle: sample, jobName: 'a\u0085b' },
      ann,
      '30001',
    ],
    ['a name of blanks', { companyHandle: sample, jobName: '   ' }, ann, '30001'],
    ['an expired company', { companyHandle: 'c|8', jobName: 'job' }, user('late'), '20000'],
    ['an unknown company', { companyHandle: 'c|999', jobName: 'job' }, ann, '20000'],
    ['a company that is not a handle', { companyHandle: 'x', jobName: 'job' }, ann, '20000'],
    ['a foreign company', { companyHandle: 'c|7', jobName: 'job' }, ann, '20006'],
    ['a role that may not submit jobs', { companyHandle: sample, jobName: 'job' }, user('portal'), '20003'],
    ['what another call made meanwhile', { companyHandle: sample, jobName: 'twice' }, ann, '30001'],
    ['an unknown user', { companyHandle: sample, jobName: 'job' }, user('bob'), '10001'],
    ['a wrong password', { companyHandle: sample, jobName: 'job' }, { ...ann, password: 'no' }, '10001'],
  ])('%s, with the same fault', async (_, job, by, code) => {
    const refusals = await Promise.all(
      Object.entries(DOORS).map(async ([door, enter]) => [door, refusalIn(await enter(job, by))] as const),
    );
    // The fault of a role names the operation, which is the door's own.
    const plain = (refusal: Refusal | undefined) =>
      refusal && { ...refusal, reason: refusal.reason.replace(/'(?:submitJob|uploadPost)'/, '(operation)') };
    const [[, first] = ['', undefined]] = refusals;
    expect(first).toMatchObject({ code, reason: expect.stringMatching(/./) as string });
    expect(Object.fromEntries(refusals.map(([door, refusal]) => [door, plain(refusal)]))).toEqual(
      Object.fromEntries(Object.keys(DOORS).map((door) => [door, plain(first)])),
    );
  });

  it('nothing of a good job', async () => {
    for (const [door, enter] of Object.entries(DOORS)) {
      expect(
        refusalIn(await enter({ companyHandle: sample, jobName: `good by ${door}` }, ann)),
      ).toBeUndefined();
    }
  });

  it.each([
    ['a requested fault', { fault: 1 }, /A fault requested by a test/],
    ['an answer that ends in the middle', { truncate: 1 }, /^(?![\s\S]*<\/\w+:?\w*>\s*$)/],
  ])('%s, when a test wants it', async (_, chaos, expected) => {
    server.chaos(chaos);
    try {
      for (const enter of Object.values(DOORS))
        expect(await enter({ companyHandle: sample, jobName: 'chaotic' }, ann)).toMatch(expected);
    } finally {
      server.chaos({});
    }
  });

  it('to answer at all, when a test wants it', async () => {
    server.chaos({ drop: 1 });
    try {
      for (const enter of Object.values(DOORS))
        await expect(enter({ companyHandle: sample, jobName: 'dropped' }, ann)).rejects.toThrow();
    } finally {
      server.chaos({});
    }
  });
});

it('calls are counted, whatever door they come in by', async () => {
  const counted = async (operation: string, outcome: string): Promise<number> => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const line = `ips_calls_total{operation="${operation}",outcome="${outcome}"} `;
    return Number(
      text
        .split('\n')
        .find((each) => each.startsWith(line))
        ?.slice(line.length) ?? 0,
    );
  };
  const bad: Job = { companyHandle: 'c|7', jobName: 'counted' };
  const before = [await counted('submitJob', '20006'), await counted('uploadPost', '20006')];
  for (const enter of Object.values(DOORS)) await enter(bad, ann);
  expect([await counted('submitJob', '20006'), await counted('uploadPost', '20006')]).toEqual([
    (before[0] ?? 0) + 2,
    (before[1] ?? 0) + 1,
  ]);
  expect(await counted('uploadPost', 'ok')).toBeGreaterThan(0);
});

it('the handle of a job never holds what its name may not', async () => {
  const { jobLogArray } = await connect(server).call('getJobLogs', { companyHandle: sample });
  expect(jobLogArray?.filter(({ jobName }) => /[\p{Cc}]/u.test(jobName ?? ''))).toEqual([]);
});
