// What tests of other code rely on: a server that can be reset, seeded, returned to a snapshot and made to misbehave, in the same
// way each time; by its functions and by `/admin`.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import type { ChaosSettings } from '../src/operations/chaos.js';
import type { Seed } from '../src/seed/seed-types.js';
import type { Snapshot } from '../src/seed/snapshot.js';
import { connect, post, requestXml } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { plain, RED } from './support/pictures.js';

const companyHandle = 'c|6';

let server: IpsServer;
let files: FileServer;

beforeAll(async () => {
  [server, files] = await Promise.all([
    createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true, adminApi: true }),
    serveFiles({ '/red.png': await plain(20, 10, RED).png().toBuffer() }),
  ]);
});
afterAll(async () => {
  await server.stop();
  await files.close();
});
beforeEach(() => server.reset());
afterEach(() => server.chaos({}));

/** Sends JSON to `/admin`, and answers what comes back. */
async function admin(path: string, body?: unknown, to: IpsServer = server) {
  const answer = await fetch(`${to.url}/admin/${path}`, {
    method: 'POST',
    ...(body === undefined
      ? {}
      : {
          headers: { 'content-type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** What tests do to a server. */
interface Controls {
  reset(): Promise<void>;
  seed(seed: unknown): Promise<void>;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: unknown): Promise<void>;
  chaos(settings: ChaosSettings): Promise<void>;
}

/** Does it through `/admin`; throws what a 400 says. */
async function asked(path: string, body?: unknown): Promise<void> {
  const answer = await admin(path, body);
  if (answer.status === 400) throw new Error(String(answer.body['error']));
  expect(answer.status).toBe(200);
}

const WAYS: readonly (readonly [string, Controls])[] = [
  [
    'its functions',
    {
      reset: () => server.reset(),
      seed: (seed) => server.seed(seed as Seed),
      snapshot: () => server.snapshot(),
      restore: async (snapshot) => {
        await server.restore(snapshot as Snapshot);
      },
      chaos: async (settings) => server.chaos(settings),
    },
  ],
  [
    '/admin',
    {
      reset: () => asked('reset'),
      seed: (seed) => asked('seed', seed),
      snapshot: async () => (await fetch(`${server.url}/admin/snapshot`)).json() as Promise<Snapshot>,
      restore: (snapshot) => asked('restore', snapshot),
      chaos: (settings) => asked('chaos', settings),
    },
  ],
];

/** Uploads the picture under a name and publishes it; answers the handle of the asset and the handle of the run. */
async function publish(name: string): Promise<{ asset: string | undefined; run: string | undefined }> {
  const user = connect(server);
  await user.call('submitJob', {
    companyHandle,
    jobName: `Upload ${name}`,
    uploadUrlsJob: {
      urlArray: [{ sourceUrl: `${files.url}/red.png`, destPath: `SampleCompany/${name}.png` }],
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
      postImageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
    },
  });
  const { assetArray } = await user.call('searchAssets', {
    companyHandle,
    folder: 'SampleCompany/',
    includeSubfolders: true,
  });
  const { jobLogArray } = await user.call('getJobLogDetails', {
    companyHandle,
    originalName: `Upload ${name}`,
  });
  return {
    asset: assetArray?.find((asset) => asset.name === name)?.assetHandle,
    run: jobLogArray[0]?.jobHandle?.split('|').at(-1),
  };
}

const delivered = async (name: string): Promise<number> =>
  (await fetch(`${server.url}/is/image/SampleCompany/${name}?wid=5`)).status;

const getCompanyInfo = () =>
  post(
    server.url,
    requestXml(
      'getCompanyInfo',
      { companyName: 'Sample Company' },
      {
        header: {
          user: server.admin.email,
          password: server.admin.password,
          appName: 'tests',
          appVersion: '1',
        },
      },
    ),
    { operation: 'getCompanyInfo' },
  );

describe.each(WAYS)('a server by %s', (_way, controls) => {
  describe('seeded', () => {
    it('has the companies with their folders, and the users with their memberships', async () => {
      await controls.seed({
        companies: [{ name: 'Shoe Shop', folders: ['Spring/Red', 'Autumn'] }],
        users: [
          {
            email: 'ann@example.com',
            password: 'ann-password',
            firstName: 'Ann',
            memberships: [{ company: 'shoe shop', role: 'IpsUser' }],
          },
        ],
      });
      const ann = connect(server, { email: 'ann@example.com', password: 'ann-password' });
      const { companyInfo } = await ann.call('getCompanyInfo', { companyName: 'Shoe Shop' });
      expect(companyInfo).toMatchObject({ rootPath: 'ShoeShop/' });
      const { folderArray } = await ann.call('getFolders', { companyHandle: companyInfo.companyHandle });
      expect(folderArray?.map(({ path }) => path).sort()).toEqual([
        'ShoeShop/',
        'ShoeShop/Autumn/',
        'ShoeShop/Spring/',
        'ShoeShop/Spring/Red/',
      ]);
      expect((await ann.fault('getCompanyInfo', { companyName: server.company })).code).toBe(20006);
    });

    it('keeps what it has, whatever a second seed says', async () => {
      const seed = { users: [{ email: 'ann@example.com', password: 'ann-password', isIpsAdmin: true }] };
      await controls.seed(seed);
      await controls.seed({ users: [{ email: 'ANN@example.com', password: 'another', isIpsAdmin: true }] });
      await connect(server, { email: 'ann@example.com', password: 'ann-password' }).call('getAllCompanies', {
        includeExpired: true,
      });
    });

    it.each([
      [{ company: [] }, 'a seed: unknown field "company"; did you mean companies?'],
      [[], 'a seed: found an array, expected an object with $schema, companies, users'],
      [{ companies: {} }, 'companies: found an object, expected an array'],
      [
        { companies: [{ name: 'A' }, null] },
        'companies[1]: found nothing, expected an object with name, folders, metadataFields, imageFormats, groups, permissions, jobs',
      ],
      [
        { companies: [{ name: 'A', folders: [{ path: 'B', assets: [{ file: 'c.png' }] }] }] },
        'companies[0].folders[0].assets[0].file: found "c.png", but only a seed file can name files',
      ],
      [
        { companies: [{ name: '' }] },
        'companies[0].name: found an empty string, expected at least one character',
      ],
      [
        { companies: [{ name: 'A', folders: ['B', 5] }] },
        'companies[0].folders[1]: found a number, expected a path, or an object with path, assets, sets',
      ],
      [
        { users: [{ email: 'a@b.c', password: 1234 }] },
        'users[0].password: found a number, expected a string',
      ],
      [{ users: [{ email: 'a@b.c' }] }, 'users[0].password: found nothing, expected a string'],
      [
        { users: [{ email: 'a@b.c', password: 'p', isIpsAdmin: 'yes' }] },
        'users[0].isIpsAdmin: found "yes", expected true or false',
      ],
      [
        {
          users: [
            { email: 'a@b.c', password: 'p', memberships: [{ company: 'Sample Company', role: 'Boss' }] },
          ],
        },
        'users[0].memberships[0].role: found "Boss", expected one of IpsAdmin, IpsCompanyAdmin',
      ],
      [
        {
          companies: [{ name: 'New' }],
          users: [{ email: 'a@b.c', password: 'p', memberships: [{ company: 'Gone', role: 'IpsUser' }] }],
        },
        'users[0].memberships[0].company: the company "Gone" does not exist',
      ],
    ])('refuses %j, and says where', async (seed, message) => {
      const before = await server.snapshot();
      await expect(controls.seed(seed)).rejects.toThrow(message);
      const { tables } = await server.snapshot();
      expect(tables).toEqual(before.tables);
    });
  });

  it('reads no file that a seed over HTTP names', async () => {
    const { endpoints } = server;
    const answer = await fetch(new URL('/admin/seed', endpoints.soap), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify('/etc/passwd'),
    });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: 'expected a seed as a JSON object' },
    ]);
  });

  it('that is reset starts over, with the same numbers, and delivers nothing any more', async () => {
    const first = await publish('red');
    expect(first).toEqual({ asset: 'a|1001', run: '1' });
    expect(await delivered('red')).toBe(200);
    await controls.reset();
    expect(await delivered('red')).toBe(403);
    const user = connect(server);
    const { jobLogArray } = await user.call('getJobLogs', { companyHandle });
    expect(jobLogArray).toEqual([]);
    const { companyArray } = await user.call('getAllCompanies', { includeExpired: true });
    expect(companyArray.map(({ companyHandle: handle }) => handle)).toContain(companyHandle);
    expect(await publish('blue')).toEqual(first);
  });

  it('returns to a snapshot, and continues from there with the same numbers', async () => {
    const { asset } = await publish('red');
    const user = connect(server);
    // A number that was used does not come back because its row is gone.
    const { asset: gone } = await publish('gone');
    await user.call('deleteAsset', { companyHandle, assetHandle: gone ?? '' });
    const snapshot = await controls.snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    const then = await publish('blue');
    await user.call('deleteAsset', { companyHandle, assetHandle: asset ?? '' });
    await controls.reset();

    await controls.restore(snapshot);
    expect(await controls.snapshot()).toEqual(snapshot);
    expect(await delivered('red')).toBe(200);
    expect(await delivered('blue')).toBe(403);
    expect(await publish('blue')).toEqual(then);
  });

  it.each([
    [{}, 'expected a snapshot of version 1'],
    [{ version: 2, tables: {} }, 'expected a snapshot of version 1'],
    [{ version: 1 }, 'expected a snapshot of version 1, with "tables"'],
    [{ version: 1, tables: { nonsense: [] } }, 'tables.nonsense: this server has no such table'],
    [{ version: 1, tables: { assets: {} } }, 'tables.assets: expected an array of rows'],
    [{ version: 1, tables: { assets: [{ id: 'x' }] } }, 'tables.assets: the rows do not fit: '],
    [{ version: 1, tables: {}, next: { assets: 0 } }, 'next.assets: found 0, expected a whole number from 1'],
  ])('refuses the snapshot %j and stays as it is', async (snapshot, message) => {
    const before = await server.snapshot();
    await expect(controls.restore(snapshot)).rejects.toThrow(message);
    expect(await server.snapshot()).toEqual(before);
  });

  describe('that misbehaves', () => {
    it('answers late', async () => {
      await controls.chaos({ latency: 300 });
      const begin = performance.now();
      expect((await getCompanyInfo()).status).toBe(200);
      // A timer may be a little early.
      expect(performance.now() - begin).toBeGreaterThan(290);
    });

    it('drops the connection', async () => {
      await controls.chaos({ drop: 1 });
      await expect(getCompanyInfo()).rejects.toThrow('fetch failed');
      await controls.chaos({});
      expect((await getCompanyInfo()).status).toBe(200);
    });

    it('answers faults by chance, and by the same chance with the same seed', async () => {
      const pattern = async (seed: number) => {
        await controls.chaos({ fault: 0.5, seed });
        const statuses: number[] = [];
        for (let call = 0; call < 16; call += 1) statuses.push((await getCompanyInfo()).status);
        return statuses.join(' ');
      };
      const first = await pattern(7);
      expect(first).toContain('200');
      expect(first).toContain('500');
      expect(await pattern(7)).toBe(first);
      expect(await pattern(8)).not.toBe(first);
    });

    it('answers faults with HTTP 200', async () => {
      await controls.chaos({ fault: 1, faultWithOk: true });
      const { status, body } = await getCompanyInfo();
      expect(status).toBe(200);
      expect(body).toMatch(/<(?:\w+:)?code>30000</);
      await expect(
        connect(server).call('getCompanyInfo', { companyName: 'Sample Company' }),
      ).rejects.toMatchObject({ code: 30000, httpStatus: 200 });
    });

    it('answers XML that ends in the middle', async () => {
      const whole = (await getCompanyInfo()).body;
      await controls.chaos({ truncate: 1 });
      const { status, body } = await getCompanyInfo();
      expect(status).toBe(200);
      expect(body.length).toBe(Math.floor(whole.length / 2));
      expect(whole.startsWith(body)).toBe(true);
    });

    it('does so only in the named operations', async () => {
      await controls.chaos({ fault: 1, truncate: 1, operations: ['getCompanyInfo'] });
      expect((await connect(server).fault('getFolders', { companyHandle, folderPath: 'x/' })).code).not.toBe(
        30000,
      );
      await connect(server).call('getAllCompanies', { includeExpired: true });
      expect((await getCompanyInfo()).status).toBe(500);
    });

    it.each([
      [{ drop: 2 }, 'chaos.drop: expected a probability from 0 to 1, found 2'],
      [{ fault: 'often' }, 'chaos.fault: expected a probability from 0 to 1, found often'],
      [{ truncate: -0.1 }, 'chaos.truncate: expected a probability from 0 to 1, found -0.1'],
      [{ latency: -5 }, 'chaos.latency: expected 0 to 600000 milliseconds, found -5'],
      [{ faultWithOk: 1 }, 'chaos.faultWithOk: expected true or false, found 1'],
      [{ operations: 'getAssets' }, 'chaos.operations: expected an array'],
      [
        { operations: ['getAssets', 'getNothing'] },
        'chaos.operations[1]: expected the name of an operation, found "getNothing"',
      ],
      [{ seed: 0.5 }, 'chaos.seed: expected a whole number, found 0.5'],
      [{ delay: 5 }, 'chaos.delay: no such setting; expected latency, drop'],
      [[], 'chaos: expected an object'],
    ])('does not by %j, and says what is wrong', async (settings, message) => {
      await expect((async () => controls.chaos(settings as ChaosSettings))()).rejects.toThrow(message);
      expect((await getCompanyInfo()).status).toBe(200);
    });
  });
});

describe('/admin', () => {
  it('is off by default', async () => {
    const closed = await createIpsServer({ jobClock: 'instant' });
    try {
      for (const path of ['reset', 'seed', 'restore', 'clock', 'run-pending', 'chaos'])
        expect((await fetch(`${closed.url}/admin/${path}`, { method: 'POST' })).status).toBe(404);
      for (const path of ['snapshot', 'clock', 'chaos'])
        expect((await fetch(`${closed.url}/admin/${path}`)).status).toBe(404);
    } finally {
      await closed.stop();
    }
  });

  it('advances a manual clock, and does what is due', async () => {
    const manual = await createIpsServer({
      jobClock: 'manual',
      adminApi: true,
      now: new Date('2026-01-01T00:00:00Z'),
      firstId: 500,
    });
    try {
      expect(await (await fetch(`${manual.url}/admin/clock`)).json()).toEqual({
        mode: 'manual',
        now: '2026-01-01T00:00:00.000Z',
      });
      const user = connect(manual);
      // Numbers begin where `firstId` says.
      const { companyArray } = await user.call('getAllCompanies', { includeExpired: true });
      expect(companyArray.map(({ companyHandle: handle }) => handle)).toContain('c|500');
      const submit = (jobName: string, execTime?: string) =>
        user.call('submitJob', {
          companyHandle: 'c|500',
          jobName,
          execTime,
          imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
        });
      const ended = async () =>
        (await user.call('getJobLogs', { companyHandle: 'c|500' })).jobLogArray
          .filter(({ endDate }) => endDate !== undefined)
          .map(({ jobName }) => jobName.split('_')[0]);
      await submit('Now');
      expect(await ended()).toEqual([]);
      expect((await admin('run-pending', undefined, manual)).body).toEqual({ done: 1 });
      expect(await ended()).toEqual(['Now']);
      await submit('Later', '2026-01-01T06:00:00Z');
      expect(await admin('clock', { advance: 3_600_000 }, manual)).toEqual({
        status: 200,
        body: { mode: 'manual', now: '2026-01-01T01:00:00.000Z' },
      });
      expect(await ended()).toEqual(['Now']);
      await admin('clock', { now: '2026-01-01T07:00:00Z' }, manual);
      expect((await ended()).sort()).toEqual(['Later', 'Now']);
    } finally {
      await manual.stop();
    }
  });

  it.each([
    ['seed', '{', /JSON/],
    ['clock', { advance: -1 }, /expected "advance" in milliseconds, or "now" as an ISO 8601 time/],
    ['clock', {}, /expected "advance" in milliseconds/],
    ['clock', { now: 'tomorrow' }, /now: expected an ISO 8601 time, found "tomorrow"/],
    ['clock', { now: 5 }, /now: expected an ISO 8601 time, found "5"/],
    ['clock', { advance: 1 }, /only a manual job clock can be set/],
    ['run-pending', undefined, /only a manual job clock can be set/],
  ])('answers 400 to /%s with %j, and says what is wrong', async (path, body, message) => {
    const answer = await admin(path, body);
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toMatch(message);
  });

  it('shows how it misbehaves, and a reset ends that', async () => {
    await admin('chaos', { latency: 1, operations: ['getAssets'] });
    const settings = async () => (await fetch(`${server.url}/admin/chaos`)).json();
    expect(await settings()).toEqual({ latency: 1, operations: ['getAssets'] });
    await admin('reset');
    expect(await settings()).toEqual({});
  });
});
