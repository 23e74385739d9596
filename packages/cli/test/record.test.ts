// The whole way from a service to a report: PHP's SoapServer with our WSDL and odd data stands in for the live service, which nobody
// here has an account of. What is recorded from it is searched for its data, held against the contract and against the real server.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPhpSoap } from '../../../scripts/testing/php.js';
import type { Peer } from '../../client/test/support/peers/peer.js';
import { startPhpServer } from '../../client/test/support/peers/php-server.js';
import { startService } from './support/company-service.js';
import { account, ips, PASSWORD, type Ran, temporaryFolder } from './support/ips.js';
import { terminal } from './support/terminal.js';

/** Everything that a folder holds, names of files too. */
function everything(folder: string): string {
  return readdirSync(folder)
    .map((name) => `${name}\n${readFileSync(join(folder, name), 'utf8')}`)
    .join('\n');
}

const json = ({ stdout }: Ran): Record<string, unknown>[] => JSON.parse(stdout) as Record<string, unknown>[];

describe('record', () => {
  it('runs a command unchanged and records its exchanges, in one folder for several runs', async () => {
    const service = await startService();
    const home = temporaryFolder();
    const env = { HOME: home, ...account(service.endpoint) };
    const alone = await ips(['job', 'list', '--json'], { env });
    const first = await ips(['record', '--to', 'fixtures', '--', 'job', 'list', '--json'], { env });
    expect(first.stdout).toBe(alone.stdout);
    expect(first.code).toBe(0);
    expect(first.stderr).toContain(
      'recorded 4 exchanges in fixtures; review the files before you share them',
    );
    const second = await ips(['record', '--to', 'fixtures', '--', 'job', 'stop', 'j|6|nothing|', '--yes'], {
      env,
    });
    expect(second.code).not.toBe(0);
    expect(second.stderr).toContain('error:');
    const folder = join(home, 'fixtures');
    const files = readdirSync(folder);
    expect(files.slice(0, 4)).toEqual([
      '0001-getCompanyInfo.json',
      expect.stringMatching(/^0002-get/),
      expect.stringMatching(/^0003-get/),
      expect.stringMatching(/^0004-get/),
    ]);
    expect(files).toContainEqual(expect.stringMatching(/-stopJob\.json$/));
    const text = everything(folder);
    expect(text).not.toMatch(/MyCompany|ann@|Spring|Autumn|Nightly|127\.0\.0\.1/);
    expect(text).not.toContain(PASSWORD);
    const names = [...text.matchAll(/<companyName>(\w+)</g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(1);

    const keys = readdirSync(join(home, '.local/state/ips/recordings'));
    expect(keys).toHaveLength(1);
    // What the fake service says of a task is not a value that the contract lists.
    const decode = await ips(['replay', 'fixtures', '--decode'], { env });
    expect(decode.stdout.split('\n')).toEqual([
      expect.stringContaining('].taskState\tunknown-constant\t1'),
      '',
    ]);
    expect(decode.code).toBe(1);
    const replay = await ips(['replay', 'fixtures', '--against', service.endpoint], { env });
    expect(replay).toMatchObject({ code: 0, stdout: '' });
    expect(replay.stderr).toMatch(/\d+ requests replayed, no differences/);
  });

  it('needs the key of a recording to extend it', async () => {
    const service = await startService();
    const folder = join(temporaryFolder(), 'fixtures');
    const line = ['record', '--to', folder, '--', 'folder', 'list'];
    expect((await ips(line, { env: account(service.endpoint) })).code).toBe(0);
    const elsewhere = await ips(line, { env: account(service.endpoint) });
    expect(elsewhere.code).toBe(2);
    expect(elsewhere.stderr).toContain('the pseudonym key of this recording is not on this machine');
    expect(elsewhere.stdout).toBe('');
  });

  it('reports an invalid command line, and records nothing', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'thesis'));
    writeFileSync(join(home, 'thesis/one.txt'), 'mine');
    for (const [line, message] of [
      ['record -- job list', 'missing --to'],
      ['record --to x', "missing required argument 'command'"],
      ['record --to x -- jbo list', 'did you mean job?'],
      ['record --to x -- record --to y -- job list', 'ips record cannot record itself'],
      ['record --to thesis -- job list', 'it has no recording.json'],
    ] as const) {
      const { code, stderr, stdout } = await ips(line.split(' '), { env: { HOME: home } });
      expect(stderr).toContain(message);
      expect(code).toBe(2);
      expect(stdout).toBe('');
    }
    const { code, stderr } = await ips(['record', '--to', 'x', '--', 'schema', 'Company'], {
      env: { HOME: home },
    });
    expect(code).toBe(0);
    expect(stderr).toContain('nothing was recorded');
    expect(readdirSync(home).filter((name) => name !== 'thesis' && !name.startsWith('.'))).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'refuses a place that cannot hold files before it runs the command',
    async () => {
      const service = await startService();
      const home = temporaryFolder();
      writeFileSync(join(home, 'file'), 'mine');
      for (const [to, message] of [
        ['file', '--to: cannot record into file: already exists and is not a folder'],
        ['file/below', '--to: cannot record into file/below: a part of the path is not a folder'],
        ['/dev/null', '--to: cannot record into /dev/null: already exists and is not a folder'],
        ['/proc/self', '--to: cannot record into /proc/self'],
        ['/proc/ips/x', '--to: cannot record into /proc/ips'],
      ] as const) {
        const { code, stdout, stderr } = await ips(['record', '--to', to, '--', 'job', 'list'], {
          env: { HOME: home, ...account(service.endpoint) },
          cwd: home,
        });
        expect(stderr).toContain(message);
        expect([code, stdout]).toEqual([2, '']);
      }
      expect(service.operations()).toEqual([]);
      expect(readFileSync(join(home, 'file'), 'utf8')).toBe('mine');
    },
  );

  it('leaves no folder when nothing was recorded, and keeps one that was there', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'kept'));
    for (const to of ['new/deep', 'kept']) {
      const { code } = await ips(['record', '--to', to, '--', 'version'], { env: { HOME: home }, cwd: home });
      expect(code).toBe(0);
    }
    expect(readdirSync(home).filter((name) => !name.startsWith('.'))).toEqual(['kept']);
  });
});

describe('replay', () => {
  it.each([
    ['none --decode', 'does not exist'],
    ['. --decode', 'it has no recording.json'],
    ['new --decode', 'expected format version 1 or earlier, found 99'],
    ['ok', 'missing --decode or --against'],
    ['ok --decode --against server', '--decode and --against cannot be combined'],
    ['ok --against somewhere', 'expected server or the http or https URL'],
  ])('%s: %s', async (line, message) => {
    const home = temporaryFolder();
    for (const [name, version] of [
      ['new', 99],
      ['ok', 1],
    ] as const) {
      mkdirSync(join(home, name));
      const manifest = { format: 'ips-recording', version, contract: '', recordedOn: [], keyFingerprint: '' };
      writeFileSync(join(home, name, 'recording.json'), JSON.stringify(manifest));
    }
    const { code, stderr, stdout } = await ips(['replay', ...line.split(' ')], { env: { HOME: home } });
    expect(stderr).toContain(message);
    expect(stderr).toContain('error:');
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });

  it('prompts before it changes a service on another machine', async () => {
    const service = await startService();
    const home = temporaryFolder();
    const env = { HOME: home, ...account(service.endpoint) };
    await ips(['record', '--to', 'fixtures', '--', 'folder', 'create', 'Shoes'], { env });
    const { code, stderr } = await ips(
      [
        'replay',
        'fixtures',
        '--against',
        'https://s7sps1apissl.scene7.example/scene7/services/IpsApiService',
      ],
      { env },
    );
    expect(code).toBe(2);
    expect(stderr).toContain('1 request that may change data at s7sps1apissl.scene7.example');
    expect(stderr).toContain('createFolder');
  });

  it('shows differences as a table in a terminal', async () => {
    const service = await startService();
    const home = temporaryFolder();
    const env = { HOME: home, ...account(service.endpoint) };
    await ips(['record', '--to', 'fixtures', '--', 'folder', 'create', 'Shoes'], { env });
    service.fails('createFolder', { kind: 'api', code: 30002, reason: 'The folder exists' });
    const { sees, exit } = terminal(['replay', 'fixtures', '--against', service.endpoint], { env });
    await sees(/OPERATION +PATH +KIND[\s\S]*createFolder/);
    expect(await exit).toBe(1);
  });
});

describe.skipIf(!hasPhpSoap())("a company behind PHP's SoapServer", () => {
  const home = mkdtempSync(join(tmpdir(), 'ips-cli-record-'));
  let php: Peer;
  beforeAll(async () => {
    php = await startPhpServer();
  });
  afterAll(async () => {
    await php.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const ODD = {
    companyHandle: 'c|4711',
    jobHandle: 'j|4711||Größe <XL>_2014-04-03-12:00:00.000|815',
    name: 'Größe <XL>_2014-04-03-12:00:00.000',
    originalName: 'Größe <XL>',
    type: 'TeleportUpload',
    state: 'Running',
    submitUserEmail: 'Zoe.Mueller@Acme.example',
    serverName: '10.11.12.13',
    startDate: '2014-04-03T12:00:00.250-05:00',
    triggerTime: '2014-04-03T11:58:00Z',
    totalSize: 3,
    progress: 40,
    progressMessage: 'Fetching https://zoe:pw@intern.example/red.tif?sig=abc123',
    lastProgressUpdate: '2014-04-03T12:00:10Z',
    taskProgressArray: {},
  };

  it('produces a folder to share, and a report', async () => {
    const env = {
      HOME: home,
      IPS_ENDPOINT: php.endpoint,
      IPS_USER: 'Zoe.Mueller@Acme.example',
      IPS_PASSWORD: PASSWORD,
    };
    const recorded = async (...line: string[]): Promise<Ran> =>
      ips(['record', '--to', 'fixtures', '--', 'call', ...line], { env });
    php.answer({
      output: { companyInfo: { companyHandle: 'c|4711', name: 'Acme Größe', rootPath: 'Acme Größe/' } },
    });
    expect((await recorded('getCompanyInfo', '-f', 'companyName=Acme Größe')).code).toBe(0);
    php.answer({ output: { jobArray: { items: [ODD, { ...ODD, progress: 41 }] } } });
    expect((await recorded('getActiveJobs', '-f', 'companyHandle=c|4711')).code).toBe(0);
    php.answer({
      fault: {
        name: 'ipsApiFault',
        string: 'ipsApiFault',
        detail: { code: 30000, reason: "Asset ID 'Zoe-81592' is already in use by Acme Größe." },
      },
    });
    const fault = await recorded(
      'stopJob',
      '-f',
      'companyHandle=c|4711',
      '-f',
      'jobHandle=j|4711|Größe <XL>|',
    );
    expect(fault.code).toBe(5);

    const text = everything(join(home, 'fixtures'));
    // A pseudonym may hold its digits by chance; by itself it must not stand anywhere.
    for (const secret of [
      'Größe',
      'Zoe',
      'Mueller',
      'Acme',
      '4711',
      '81592',
      'intern',
      'abc123',
      '10.11',
      'Teleport',
    ])
      expect(text).not.toMatch(new RegExp(`(?<![0-9a-z])${secret.replace('.', '\\.')}(?![0-9a-z])`, 'i'));
    expect(text).not.toContain(PASSWORD);
    expect(text).toContain('<faultstring>ipsApiFault<');

    const decode = await ips(['replay', 'fixtures', '--decode', '--json'], { env });
    expect(decode.code).toBe(1);
    expect(json(decode)).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        operation: 'getActiveJobs',
        path: 'getActiveJobsReturn.jobArray[].type',
        code: 'unknown-constant',
        count: 2,
        file: '0002-getActiveJobs.json',
      }),
    );
  });

  it('is compared with the local server', async () => {
    const env = { HOME: home };
    // The server is found from the project, so the command runs there.
    const line = ['replay', join(home, 'fixtures'), '--against', 'server'];
    const { code, stdout, stderr } = await ips([...line, '--json'], { env, cwd: process.cwd() });
    expect(code).toBe(1);
    expect(stderr).toMatch(/3 requests replayed, \d+ differences/);
    const found = (JSON.parse(stdout) as { operation: string; kind: string; path: string }[]).map(
      ({ operation, kind, path }) => `${operation} ${kind} ${path}`,
    );
    // The recorded company has active jobs, and PHP names its faults after the client.
    expect(found).toContain('getActiveJobs count getActiveJobsReturn.jobArray');
    expect(found.filter((each) => each.startsWith('getCompanyInfo '))).toEqual([
      'getCompanyInfo extra getCompanyInfoReturn.companyInfo.expires',
    ]);
    const rows = await ips(line, { env, cwd: process.cwd() });
    expect(rows.stdout.split('\n')[0]?.split('\t').length).toBe(6);
  });
});
