// What a recording keeps: the form of everything, which things are the same, and how far dates lie apart.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codec, IpsFault } from '@ips-sdk/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hangUp, raw, startService } from '../../../scripts/testing/fake-service.js';
import { createRecorder, type Fixture, type Recording, readRecording } from '../src/recorder.js';
import { clientOf, collect, errorOf } from './support/clients.js';

const NS = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const KEY = Buffer.alloc(32, 7);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ips-recording-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const answerOf = ({ answer }: Fixture): string => answer?.xml?.join('\n') ?? '';
const requestOf = ({ request }: Fixture): string => request.xml?.join('\n') ?? '';
const texts = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)<`, 'g'))].map(([, text = '']) => text);

const ACTIVE = {
  companyHandle: 'c|6',
  jobHandle: 'j|6||Spring shoes_2014-04-03-12:00:00.000|54091',
  name: 'Spring shoes_2014-04-03-12:00:00.000',
  originalName: 'Spring shoes',
  type: 'UrlUpload',
  state: 'Running',
  submitUserEmail: 'Ann@Example.org',
  serverName: 'worker7.scene7.example',
  startDate: '2014-04-03T12:00:00.250-07:00',
  triggerTime: '2014-04-03T11:58:00Z',
  totalSize: 3,
  progress: 40,
  progressMessage: 'Optimizing files',
  lastProgressUpdate: '2014-04-03T12:00:10.250-07:00',
  taskProgressArray: [],
};

async function recordJobs(path: string, key: Uint8Array = KEY): Promise<Recording> {
  const service = await startService({
    getCompanyInfo: () => ({ companyInfo: { companyHandle: 'c|6', name: 'Acme', rootPath: 'Acme/' } }),
    getActiveJobs: () => ({ jobArray: [ACTIVE as never] }),
    stopJob: () => {
      throw new IpsFault({
        kind: 'api',
        code: 30000,
        reason:
          'The job Spring shoes of Acme cannot be stopped: upload of Acme/Shoes/red.tif by ann@example.org',
      });
    },
  });
  const recorder = createRecorder(path, { key });
  const ips = clientOf(service, {
    recorder,
    companyHandle: undefined,
    company: 'Acme',
    auth: { user: 'ann@example.org', password: 'correct horse' },
  });
  await ips.getActiveJobs();
  await errorOf(ips.stopJob({ jobHandle: 'j|6|Spring shoes|' }));
  await recorder.done();
  return readRecording(path);
}

describe('a recording', () => {
  it('has a file for each exchange, and says what it is', async () => {
    const path = folder();
    const { manifest, exchanges } = await recordJobs(path);
    expect(readdirSync(path)).toEqual([
      '0001-getCompanyInfo.json',
      '0002-getActiveJobs.json',
      '0003-stopJob.json',
      'recording.json',
    ]);
    expect(manifest).toMatchObject({
      format: 'ips-recording',
      version: 1,
      contract: '2014-04-03',
      recordedOn: [new Date().toISOString().slice(0, 10)],
      company: expect.stringMatching(/^anon[0-9a-f]{10}$/),
      user: expect.stringMatching(/^anon[0-9a-f]{10}@example\.com$/),
    });
    const fixture = exchanges[2]?.fixture;
    expect(fixture).toMatchObject({
      operation: 'stopJob',
      attempt: 1,
      request: {
        path: '/scene7/services/IpsApiService',
        headers: {
          'content-type': 'text/xml;charset=UTF-8',
          soapaction: '"stopJob"',
          'accept-encoding': 'gzip',
        },
      },
      answer: { status: 500, headers: { 'content-type': expect.stringContaining('text/xml') } },
      failure: 'IpsFault',
    });
  });

  it('names the same thing the same everywhere, and keeps the form of everything', async () => {
    const { manifest, exchanges } = await recordJobs(folder());
    const [info, active, stop] = exchanges.map(({ fixture }) => fixture) as [Fixture, Fixture, Fixture];
    const { company = '', user = '' } = manifest;
    expect(texts(requestOf(info), 'companyName')).toEqual([company]);
    expect(texts(answerOf(info), 'rootPath')).toEqual([`${company}/`]);
    expect(texts(requestOf(stop), 'user')).toEqual([user]);
    const [companyHandle = ''] = texts(answerOf(info), 'companyHandle');
    expect(companyHandle).toMatch(/^c\|\d{9}$/);
    expect(texts(requestOf(active), 'companyHandle')).toEqual([companyHandle]);

    const xml = answerOf(active);
    const [job = ''] = texts(xml, 'originalName');
    const number = companyHandle.slice(2);
    expect(texts(xml, 'submitUserEmail')).toEqual([user]);
    expect(texts(xml, 'jobHandle')[0]).toMatch(
      new RegExp(String.raw`^j\|${number}\|\|${job}_\d{4}-\d\d-\d\d-12:00:00\.000\|\d{9}$`),
    );
    expect(texts(requestOf(stop), 'jobHandle')).toEqual([`j|${number}|${job}|`]);
    for (const [name, value] of Object.entries({ type: 'UrlUpload', state: 'Running', progress: '40' }))
      expect(texts(xml, name)).toEqual([value]);
    expect(texts(xml, 'progressMessage')).toEqual(['Optimizing files']);
    const [reason = ''] = texts(answerOf(stop), '(?:\\w+:)?reason');
    expect(reason).toMatch(
      new RegExp(
        `^The job ${job} of ${company} cannot be stopped: upload of ${company}/anon\\w{10}/anon\\w{10}\\.tif by ${user}$`,
      ),
    );
    expect(codec.decodeResponse('getActiveJobs', xml).value.jobArray[0]?.originalName).toBe(job);
  });

  it('moves all dates by the same number of weeks, and leaves their form', async () => {
    const { exchanges } = await recordJobs(folder());
    const xml = answerOf(exchanges[1]?.fixture as Fixture);
    const [start = ''] = texts(xml, 'startDate');
    const [update = ''] = texts(xml, 'lastProgressUpdate');
    const [trigger = ''] = texts(xml, 'triggerTime');
    expect(start).toMatch(/^\d{4}-\d\d-\d\dT12:00:00\.250-07:00$/);
    expect(trigger).toMatch(/T11:58:00Z$/);
    expect(Date.parse(update) - Date.parse(start)).toBe(10_000);
    const shift = Date.parse(ACTIVE.startDate) - Date.parse(start);
    expect(shift % (7 * 86_400_000)).toBe(0);
    expect(shift).toBeGreaterThanOrEqual(52 * 7 * 86_400_000);
    expect(texts(xml, 'name')[0]).toContain(`_${start.slice(0, 10)}-12:00:00.000`);
  });

  it('goes on with the same names when the same key is given, and with no other', async () => {
    const path = folder();
    const first = await recordJobs(path);
    const both = await recordJobs(path);
    expect(both.exchanges).toHaveLength(6);
    expect(both.exchanges[5]?.file).toBe('0006-stopJob.json');
    expect(requestOf(both.exchanges[5]?.fixture as Fixture)).toBe(
      requestOf(first.exchanges[2]?.fixture as Fixture),
    );
    expect(await errorOf(recordJobs(path, Buffer.alloc(32, 8)))).toMatchObject({ problem: 'other-key' });
    const elsewhere = await recordJobs(folder(), Buffer.alloc(32, 8));
    expect(elsewhere.manifest.company).not.toBe(first.manifest.company);
    expect(() => createRecorder(path, { key: Buffer.alloc(5) })).toThrow(
      /^key: expected at least 32 random bytes/,
    );
  });

  it('finds names of several words, and names that are words of the service, in messages', async () => {
    const service = await startService({
      getCompanyInfo: () => ({
        companyInfo: { companyHandle: 'c|6', name: 'Preview', rootPath: 'Preview/' },
      }),
      createFolder: ({ folderPath }) => ({ folderHandle: `f|${folderPath}` }),
      deleteFolder: () => {
        throw new IpsFault({
          kind: 'api',
          code: 30000,
          reason: 'Company Preview has no folder Preview/Red shoes/, Red shoes (2)',
        });
      },
    });
    const path = folder();
    const recorder = createRecorder(path);
    const ips = clientOf(service, { recorder, companyHandle: undefined, company: 'Preview' });
    await ips.createFolder({ folderPath: 'Red shoes' });
    await errorOf(ips.deleteFolder({ folderHandle: 'f|Preview/Red shoes/' }));
    await recorder.done();
    const { manifest, exchanges } = await readRecording(path);
    const [, created, deleted] = exchanges.map(({ fixture }) => fixture) as [Fixture, Fixture, Fixture];
    const [shoes = ''] = texts(requestOf(created), 'folderPath');
    expect(texts(answerOf(deleted), '(?:\\w+:)?reason')).toEqual([
      `Company ${manifest.company} has no folder ${manifest.company}/${shoes}/, ${shoes} (2)`,
    ]);
  });

  it('keeps the words that it is told to keep', async () => {
    const service = await startService({
      stopJob: () =>
        raw(`<stopJobReturn xmlns="${NS}"><mood>Sparkling</mood><other>Still</other></stopJobReturn>`),
    });
    const path = folder();
    const recorder = createRecorder(path, { keep: ['Sparkling'] });
    await clientOf(service, { recorder }).stopJob({ jobHandle: 'j|6|x|' });
    await recorder.done();
    const { exchanges } = await readRecording(path);
    expect(texts(answerOf(exchanges[0]?.fixture as Fixture), 'mood')).toEqual(['Sparkling']);
    expect(texts(answerOf(exchanges[0]?.fixture as Fixture), 'other')[0]).toMatch(/^anon/);
  });

  it('has every attempt, streamed answers and calls through the soap package too', async () => {
    let calls = 0;
    const service = await startService({
      getActiveJobs: () => {
        calls += 1;
        return calls === 1 ? hangUp : { jobArray: [ACTIVE as never] };
      },
      searchAssets: () => ({
        totalRows: 1,
        assetArray: [{ assetHandle: 'a|739|1|537', name: 'red' }] as never,
      }),
    });
    const path = folder();
    const recorder = createRecorder(path);
    const ips = clientOf(service, { recorder });
    await ips.getActiveJobs();
    expect(await collect(ips.stream('searchAssets', { includeSubfolders: true }))).toEqual([
      { assetHandle: 'a|739|1|537', name: 'red' },
    ]);
    await ips.soap;
    await ips.getActiveJobs();
    await recorder.done();
    const fixtures = (await readRecording(path)).exchanges.map(({ fixture }) => fixture);
    expect(fixtures.map(({ operation, attempt, failure }) => [operation, attempt, failure])).toEqual([
      ['getActiveJobs', 1, 'ConnectionError'],
      ['getActiveJobs', 2, undefined],
      ['searchAssets', 1, undefined],
      ['getActiveJobs', 1, undefined],
    ]);
    expect(fixtures[0]?.answer).toBeUndefined();
    expect(answerOf(fixtures[2] as Fixture)).toMatch(/<assetHandle>a\|\d{9}\|1\|\d{9}</);
    expect(answerOf(fixtures[3] as Fixture)).toBe(answerOf(fixtures[1] as Fixture));
  });

  it('that cannot be written fails no call, but says so in the end', async () => {
    const service = await startService({ stopJob: () => ({}) });
    const path = folder();
    writeFileSync(join(path, 'thesis.txt'), 'mine');
    const recorder = createRecorder(path);
    await clientOf(service, { recorder }).stopJob({ jobHandle: 'j|6|x|' });
    expect(await errorOf(recorder.done())).toMatchObject({
      name: 'RecordingError',
      problem: 'not-a-recording',
    });
    expect(readdirSync(path)).toEqual(['thesis.txt']);
  });
});

describe('a folder', () => {
  it.each([
    ['missing', undefined, undefined, 'does not exist'],
    ['not-a-recording', undefined, {}, 'has no recording.json'],
    ['not-a-recording', '{', {}, 'is not JSON'],
    ['not-a-recording', '{"format":"other"}', {}, 'does not describe a recording'],
    ['not-a-recording', '{"format":"ips-recording","version":1}', {}, 'is incomplete'],
    [
      'newer-version',
      '{"format":"ips-recording","version":2}',
      {},
      'expected format version 1 or earlier, found 2',
    ],
    [
      'not-a-recording',
      '{"format":"ips-recording","version":1,"contract":"x","recordedOn":[],"keyFingerprint":"x"}',
      { '0001-stopJob.json': '{}' } as Record<string, string>,
      'does not contain an exchange',
    ],
  ])('that is %s is refused: %s', async (problem, manifest, files, message) => {
    const path = folder();
    if (manifest !== undefined) writeFileSync(join(path, 'recording.json'), manifest);
    for (const [name, text] of Object.entries<string>(files ?? {})) writeFileSync(join(path, name), text);
    const error = await errorOf(readRecording(files === undefined ? join(path, 'none') : path));
    expect(error).toMatchObject({ name: 'RecordingError', problem });
    expect(error.message).toContain(message);
  });
});
