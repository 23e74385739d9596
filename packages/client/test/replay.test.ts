// Recordings that are held against the contract and against another service. The service that is recorded is PHP's SoapServer with our
// WSDL and data of its own, since nobody here has an account of the live one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { codec, createCodec } from '@ips-sdk/wire';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { raw, startService } from '../../../scripts/testing/fake-service.js';
import { hasPhpSoap } from '../../../scripts/testing/php.js';
import { createIpsClient, type IpsClient } from '../src/index.js';
import {
  changingExchanges,
  checkRecording,
  createRecorder,
  type Recording,
  readRecording,
  replayRecording,
} from '../src/recorder.js';
import { clientOf, errorOf } from './support/clients.js';
import type { Peer } from './support/peers/peer.js';
import { startPhpServer } from './support/peers/php-server.js';

const NS = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const AUTH = { user: 'ann@example.org', password: 'correct horse' };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ips-recording-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What a client does, recorded. */
async function record(endpoint: string, work: (ips: IpsClient) => Promise<unknown>): Promise<Recording> {
  const path = folder();
  const recorder = createRecorder(path);
  const ips = createIpsClient({ endpoint, auth: AUTH, company: 'Acme', retry: false, recorder });
  await work(ips);
  await recorder.done();
  await ips.close();
  return readRecording(path);
}

const company = (number: number, name: string) => ({
  companyInfo: { companyHandle: `c|${number}`, name, rootPath: `${name}/` },
});
const asset = (number: number, fields: object) =>
  ({ assetHandle: `a|${number}`, type: 'Image', created: '2014-04-03T10:00:00-07:00', ...fields }) as never;

describe('a replay', () => {
  it('of a service against itself finds nothing, though handles, names and dates are others', async () => {
    const service = (number: number, name: string, at: string) =>
      startService({
        getCompanyInfo: () => company(number, name),
        getActiveJobs: () => ({ jobArray: [] }),
        createFolder: ({ folderPath }) => ({ folderHandle: `f|${folderPath}` }),
        searchAssets: () => ({
          totalRows: 1,
          assetArray: [asset(number * 100, { name: `${name} red`, created: at })],
        }),
        getAssets: ({ assetHandleArray }) => ({
          assetArray: assetHandleArray.map((assetHandle) => ({ assetHandle, type: 'Image' }) as never),
        }),
        stopJob: ({ jobHandle }) =>
          raw(`<stopJobReturn xmlns="${NS}"><note>${jobHandle}</note></stopJobReturn>`),
      });
    const theirs = await service(6, 'Acme', '2014-04-03T10:00:00-07:00');
    const ours = await service(7123, 'Other', '2026-01-01T00:00:00.5Z');
    const recording = await record(theirs.endpoint, async (ips) => {
      await ips.getActiveJobs();
      const { assetArray } = await ips.searchAssets({ includeSubfolders: true });
      await ips.getAssets({ assetHandleArray: [assetArray?.[0]?.assetHandle ?? ''] });
      await ips.createFolder({ folderPath: 'Acme/Shoes/' });
      await ips.stopJob({ jobHandle: 'j|6|Nightly|' });
    });
    const replay = await replayRecording(recording, {
      endpoint: ours.endpoint,
      auth: { user: 'bob@example.org', password: 'battery' },
      company: 'Other',
    });
    expect(replay).toEqual({ sent: 6, skipped: [], differences: [] });
    const requests = ours.requests.map(({ decoded }) => decoded);
    expect(requests[2]?.header).toMatchObject({ user: 'bob@example.org', password: 'battery' });
    expect(requests[2]?.input).toMatchObject({ companyHandle: 'c|7123' });
    expect(requests[4]?.input).toMatchObject({ assetHandleArray: ['a|712300'] });
    expect(requests[5]?.input).toMatchObject({ folderPath: expect.stringMatching(/^Other\/anon\w{10}\/$/) });
    expect(requests[6]?.input).toMatchObject({ jobHandle: expect.stringMatching(/^j\|7123\|anon\w{10}\|$/) });
  });

  it('tells what another service answers otherwise, path by path', async () => {
    const theirs = await startService({
      getCompanyInfo: () => company(6, 'Acme'),
      getActiveJobs: () => ({ jobArray: [] }),
      searchAssets: () => ({
        totalRows: 2,
        assetArray: [1, 2].map((n) => asset(n, { name: `n${n}`, readyForPublish: true })),
      }),
      pauseJob: () => ({}),
      resumeJob: () => raw(`<resumeJobReturn xmlns="${NS}"><a>1</a><b>2</b></resumeJobReturn>`),
    });
    const ours = await startService({
      getCompanyInfo: () => company(6, 'Acme'),
      getActiveJobs: () => raw('<getActiveJobsReturn xmlns="urn:other"><jobArray/></getActiveJobsReturn>'),
      searchAssets: () => ({
        totalRows: 3,
        assetArray: [1, 2, 3].map((n) => asset(n, { type: 'Video', fileName: 'x', name: `n${n}` })),
      }),
      pauseJob: () => raw('busy', 503),
      resumeJob: () => raw(`<resumeJobReturn xmlns="${NS}"><b>2</b><a>1</a></resumeJobReturn>`),
    });
    const recording = await record(theirs.endpoint, async (ips) => {
      await ips.getActiveJobs();
      await ips.searchAssets({ includeSubfolders: true });
      await ips.pauseJob({ jobHandle: 'j|6|x|' });
      await ips.resumeJob({ jobHandle: 'j|6|x|' });
    });
    expect(changingExchanges(recording).map(({ fixture }) => fixture.operation)).toEqual([
      'pauseJob',
      'resumeJob',
    ]);
    const { differences } = await replayRecording(recording, { endpoint: ours.endpoint, auth: AUTH });
    const told = differences.map(({ kind, path, recorded, replayed: other, count }) => [
      kind,
      path,
      recorded,
      other,
      count,
    ]);
    const list = 'searchAssetsReturn.assetArray';
    expect(told).toEqual([
      ['namespace', 'getActiveJobsReturn', NS, 'urn:other', 1],
      ['value', 'searchAssetsReturn.totalRows', '2', '3', 1],
      ['count', list, '2', '3', 1],
      ['value', `${list}[].type`, 'Image', 'Video', 2],
      ['missing', `${list}[].readyForPublish`, 'true', undefined, 2],
      ['extra', `${list}[].fileName`, undefined, 'x', 2],
      ['status', '', '200', '503', 1],
      ['message', '', 'pauseJobReturn', 'not XML', 1],
      ['order', 'resumeJobReturn', 'a, b', 'b, a', 1],
    ]);
  });

  it('compares faults by what they say, whatever they name', async () => {
    const answering = (reason: string) =>
      startService({
        getCompanyInfo: () => company(6, 'Acme'),
        stopJob: () => raw(codec.encodeFault({ kind: 'api', code: 30001, reason }), 500),
      });
    const theirs = await answering('Invalid jobHandle: j|6|Spring|');
    const recording = await record(theirs.endpoint, (ips) =>
      errorOf(ips.stopJob({ jobHandle: 'j|6|Spring|' })),
    );
    for (const [reason, found] of [
      ['Invalid jobHandle: j|99|Autumn|', 0],
      ['jobHandle is not valid: j|6|Spring|', 1],
    ] as const) {
      const ours = await answering(reason);
      const { differences } = await replayRecording(recording, {
        endpoint: ours.endpoint,
        auth: AUTH,
        company: 'Acme',
      });
      expect(differences.filter(({ path }) => path.endsWith('reason'))).toHaveLength(found);
    }
  });

  it('leaves out what cannot be sent again', async () => {
    const service = await startService({
      getCompanyInfo: () => company(6, 'Acme'),
      getActiveJobs: () => ({ jobArray: [] }),
      getJobLogs: () => ({ jobLogArray: [] }),
      getJobLogDetails: () => ({ jobLogArray: [] }),
    });
    service.onPath('/scene7/UploadFile', (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'text/xml' });
        response.end(`<uploadPostReturn xmlns="${NS}"><jobHandle>j|6|x|</jobHandle></uploadPostReturn>`);
      });
    });
    const path = folder();
    const recorder = createRecorder(path);
    const ips = clientOf(service, { recorder });
    await ips.uploadFiles([{ content: Buffer.from('x'), destPath: 'Acme/red.tif' }], {
      wait: { timeout: 1 },
    });
    await recorder.done();
    const { skipped, sent } = await replayRecording(await readRecording(path), {
      endpoint: service.endpoint,
      auth: AUTH,
    });
    expect(sent).toBeGreaterThan(0);
    expect(skipped.map(({ reason }) => reason)).toContain('the content of files is not recorded');
  });

  it('ends with an error when nobody answers', async () => {
    const service = await startService({
      getCompanyInfo: () => company(6, 'Acme'),
      getActiveJobs: () => ({ jobArray: [] }),
    });
    const recording = await record(service.endpoint, (ips) => ips.getActiveJobs());
    const error = await errorOf(
      replayRecording(recording, {
        endpoint: 'http://127.0.0.1:9/scene7/services/IpsApiService',
        auth: AUTH,
      }),
    );
    expect(error.name).toBe('ConnectionError');
  });
});

describe('decoding a recording', () => {
  it('tells by path what the contract does not have', async () => {
    const service = await startService({
      getCompanyInfo: () => company(6, 'Acme'),
      getActiveJobs: () => ({ jobArray: [] }),
      searchAssets: () => ({ totalRows: 2, assetArray: [1, 2].map((n) => asset(n, { type: 'Hologram' })) }),
      pauseJob: () => raw(`<pauseJobReturn xmlns="${NS}"><later>1</later></pauseJobReturn>`),
      resumeJob: () => raw('<html><p>', 502),
      stopJob: () => raw(codec.encodeFault({ kind: 'api', code: 30001, reason: 'Invalid jobHandle' }), 500),
      deleteJob: () => raw(`<stopJobReturn xmlns="${NS}"/>`),
    });
    const recording = await record(service.endpoint, async (ips) => {
      const job = { jobHandle: 'j|6|x|' };
      await ips.getActiveJobs();
      await ips.searchAssets({ includeSubfolders: true });
      await ips.pauseJob(job);
      for (const call of [ips.resumeJob(job), ips.stopJob(job), ips.deleteJob(job)]) await errorOf(call);
    });
    const issues = checkRecording(recording).map(({ operation, by, severity, code, path, count }) =>
      [operation, by, severity, code, path, count].join(' '),
    );
    expect(issues).toEqual([
      'searchAssets validator warning unknown-constant searchAssetsReturn.assetArray[].type 2',
      'pauseJob codec warning unknown-element pauseJobReturn 1',
      'resumeJob http error not-xml  1',
      'deleteJob codec error no-message  1',
    ]);
  });
});

describe('a recording of a client for another contract', () => {
  const older = createCodec(of2013);
  /** What its service answers: a field that the default contract lacks, and one that its own lacks. */
  const answers = async (): Promise<Recording> => {
    const service = await startService({
      getCompanyInfo: () =>
        raw(
          older
            .encodeResponse('getCompanyInfo', company(6, 'Acme'))
            .replace('</companyInfo>', '<imsOrgId>org</imsOrgId></companyInfo>'),
        ),
      getGroups: () => raw(older.encodeResponse('getGroups', { groupArray: [] })),
    });
    const path = folder();
    const recorder = createRecorder(path);
    const options = {
      endpoint: service.endpoint,
      auth: AUTH,
      company: 'Acme',
      retry: false,
      recorder,
    } as const;
    const old = createIpsClient({ ...options, contract: of2013 });
    const current = createIpsClient(options);
    await old.getGroups({});
    await errorOf(current.getActiveJobs());
    await recorder.done();
    await Promise.all([old.close(), current.close()]);
    return readRecording(path);
  };

  it('names the contract, and for an exchange in another one that', async () => {
    const { manifest, exchanges } = await answers();
    expect(manifest.contract).toBe('2013-02-15');
    expect(exchanges.map(({ fixture }) => [fixture.operation, fixture.contract])).toEqual([
      ['getCompanyInfo', undefined],
      ['getGroups', undefined],
      ['getCompanyInfo', '2014-04-03'],
      ['getActiveJobs', '2014-04-03'],
    ]);
  });

  it('is held against that contract', async () => {
    const issues = checkRecording(await answers());
    // The default contract has the field, but not the namespace.
    expect(issues.map(({ file, by, code, count }) => [file, by, code, count])).toEqual([
      ['0001-getCompanyInfo.json', 'codec', 'unknown-element', 1],
      ['0003-getCompanyInfo.json', 'codec', 'namespace', 1],
    ]);
  });

  it('says so when nobody here knows the contract', async () => {
    const { manifest, exchanges } = await answers();
    const issues = checkRecording({ manifest: { ...manifest, contract: '2031-01-01' }, exchanges });
    const unknown = issues.filter(({ code }) => code === 'unknown-contract');
    expect(unknown.map(({ operation, severity }) => [operation, severity])).toEqual([
      ['getCompanyInfo', 'error'],
      ['getGroups', 'error'],
    ]);
    expect(unknown[0]?.message).toBe(
      'unknown contract "2031-01-01"; a later version of this package may support it',
    );
  });
});

describe.skipIf(!hasPhpSoap())("PHP's SoapServer with odd data", () => {
  let php: Peer;
  beforeAll(async () => {
    php = await startPhpServer();
  });
  afterAll(() => php.stop());

  const ODD = {
    companyHandle: 'c|4711',
    jobHandle: 'j|4711||Größe <XL> & "Co"_2014-04-03-12:00:00.000|815',
    name: 'Größe <XL> & "Co"_2014-04-03-12:00:00.000',
    originalName: 'Größe <XL> & "Co"',
    type: 'TeleportUpload',
    state: 'Running',
    submitUserEmail: 'Zoë.Müller@Größe.example',
    serverName: '10.11.12.13',
    startDate: '2014-04-03T12:00:00',
    triggerTime: '2014-04-03T11:58:00Z',
    totalSize: 3,
    progress: 40,
    progressMessage: 'Fetching https://zoe:pw@intern.example/Größe.tif?sig=abc123 for Zoë',
    lastProgressUpdate: '2014-04-03T12:00:10Z',
    taskProgressArray: {},
  };

  it('is recorded without anything of anybody, and reported', async () => {
    const recording = await record(php.endpoint, async (ips) => {
      php.answer({ output: company(4711, 'Acme') });
      await ips.companyHandle();
      php.answer({ output: { jobArray: { items: [ODD, ODD] } } });
      await ips.getActiveJobs();
      php.answer({
        fault: {
          name: 'ipsApiFault',
          string: 'ipsApiFault',
          detail: { code: 30000, reason: 'Asset ID \'Zoë-81592\' is already in use by Größe <XL> & "Co".' },
        },
      });
      await errorOf(ips.stopJob({ jobHandle: 'j|4711|Größe <XL> & "Co"|' }));
    });
    const text = JSON.stringify(recording);
    // A pseudonym may hold its digits by chance; by itself it must not stand anywhere.
    for (const secret of [
      'Größe',
      'Zoë',
      'Müller',
      '4711',
      '81592',
      'Acme',
      'intern.example',
      'pw@',
      'abc123',
      '10.11',
      'Tele',
    ])
      expect(text).not.toMatch(new RegExp(`(?<![0-9a-z])${secret.replace('.', '\\.')}(?![0-9a-z])`, 'i'));
    expect(text).toMatch(/reason>Asset ID 'anon\w{10}' is already in use by anon\w{10}\.</);
    expect(text).toContain('state>Running</');

    const decoded = checkRecording(recording).map(({ code, path }) => `${code} ${path}`);
    expect(decoded).toContain('unknown-constant getActiveJobsReturn.jobArray[].type');

    php.answer({ output: { jobArray: {} } });
    const { sent, differences } = await replayRecording(recording, { endpoint: php.endpoint, auth: AUTH });
    expect(sent).toBe(3);
    // The service now has one answer for everything.
    expect(differences.map(({ kind, path }) => `${kind} ${path}`)).toEqual(
      expect.arrayContaining(['count getActiveJobsReturn.jobArray']),
    );
  });
});
