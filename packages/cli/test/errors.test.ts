import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompanyService, openService, startService } from './support/company-service.js';
import { account, ips, ipsProcess, ON_WINDOWS, temporaryFolder } from './support/ips.js';
import { plain } from './support/plain.js';

let service: CompanyService & { readonly stop: () => Promise<void> };
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.stop());

/** Errors of what was typed: nothing is sent, exit code 2. */
const USAGE: readonly (readonly [name: string, args: readonly string[], input?: string])[] = [
  ['since', ['job', 'list', '--since', 'yesterday']],
  ['only', ['job', 'list', '--only', 'running']],
  ['kind', ['job', 'submit', 'exportjbo']],
  ['job-field', ['job', 'submit', 'exportJob', '-f', 'frmt=orig']],
  [
    'job-at',
    ['job', 'submit', 'exportJob', '-f', 'fmt=orig', '-f', 'assetHandleArray=a|1', '--at', 'tomorrow'],
  ],
  ['schedule', ['job', 'schedule', '0 0 25 * * ?']],
  ['schedule-crontab', ['job', 'schedule', '0 2 * * *']],
  [
    'schedule-crontab-call',
    ['call', 'submitJob', '--input', '-', '-f', 'execSchedule=*/15 9-17 * * 1-5'],
    '{ "jobName": "x", "optimizeImagesJob": { "emailSetting": "None" } }',
  ],
  ['schedule-zone', ['job', 'schedule', '0 0 2 * * ?', '--time-zone', 'Mars']],
  ['field-form', ['call', 'getFolderTree', '-f', 'depth']],
  ['field-number', ['call', 'getFolderTree', '-f', 'depth=deep']],
  ['field-boolean', ['call', 'getAllCompanies', '-f', 'includeExpired=yes']],
  ['field-unknown', ['call', 'getFolderTree', '-f', 'dept=1']],
  ['input-json', ['call', 'getFolderTree', '--input', '-'], '{ "depth": '],
  ['input-array', ['call', 'getFolderTree', '--input', '-'], '[]'],
  ['input-missing', ['call', 'getFolderTree', '--input', 'nothing.json']],
  ['input-rules', ['call', 'submitJob', '-f', 'jobName=x']],
  ['upload-nothing', ['upload']],
  ['upload-both', ['upload', 'a.tif', '--urls', 'list.csv']],
  ['upload-missing', ['upload', 'nothing.tif']],
  ['upload-pattern', ['upload', '.', '--exclude', '']],
  ['upload-pattern-urls', ['upload', '--urls', '-', '--include', '*.tif']],
  ['upload-wildcard', ['upload', '*.tif']],
  ['export-size', ['export', 'red', '--max-size', '2 GB']],
  ['export-size-word', ['export', 'red', '--max-size', 'much']],
  ['export-chunk', ['export', 'red', '--chunk', '501']],
  ['upload-as', ['upload', 'a.tif', '--as', 'b.tif']],
  [
    'upload-url',
    ['upload', '--urls', '-'],
    'sourceUrl,destPath\nhttps://example.com/a.tif,x/a.tif\nno url,x/b.tif\n',
  ],
  ['upload-place', ['upload', '--urls', '-'], 'https://example.com/a.tif\n'],
  ['upload-quote', ['upload', '--urls', '-'], 'https://example.com/a.tif,"x\n'],
  ['upload-size', ['upload', '.', '--job-size', '2000']],
  ['where', ['asset', 'search', '--where', 'Nmae=x']],
  ['type', ['asset', 'search', '--type', 'Imgae']],
  ['limit', ['asset', 'search', '--limit', 'all']],
  ['twin', ['asset', 'get', 'twin']],
  ['move-to', ['asset', 'move', 'red']],
  ['tag-field', ['asset', 'tag', 'red', '--add', 'spring']],
  ['tag-what', ['asset', 'tag', 'red', '--field', 'Season']],
  ['tag-both', ['asset', 'tag', 'red', '--field', 'Season', '--add', 'a', '--value', 'b']],
  ['depth', ['folder', 'tree', '--depth', 'all']],
  ['cdn', ['cdn', 'invalidate', '/is/image/x', 'ftp://example.com/x', '--yes']],
  ['validate-type', ['validate', '-'], '{}'],
  ['validate-name', ['validate', '-', '--type', 'submitJbo'], '{}'],
  ['contract', ['contract', 'diff', 'nothing.wsdl']],
  ['profile-field', ['profile', 'set', 'x', 'regoin=na']],
  ['profile-value', ['profile', 'set', 'x', 'region=us']],
  ['profile-name', ['profile', 'set', '../x', 'region=na']],
  ['refuse-delete', ['job', 'delete', 'Nightly']],
  ['refuse-many', ['asset', 'delete', 'red', 'green']],
  ['refuse-cdn', ['cdn', 'invalidate', 'https://example.com/is/image/x']],
  ['refuse-folder', ['folder', 'delete', 'MyCompany/Boots']],
];

describe('an invalid command exits with 2 and prints the error with a hint', () => {
  it.each(USAGE.map(([name, args, input]) => ({ name, args, input })))(
    '$name',
    async ({ name, args, input }) => {
      const before = service.operations().length;
      const { code, stdout, stderr } = await ips(args, {
        env: account(service.endpoint),
        ...(input === undefined ? {} : { input }),
      });
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^error: /m);
      const sent = service.operations().slice(before);
      expect(sent.filter((operation) => !operation.startsWith('get'))).toEqual([]);
      await expect(plain(stderr)).toMatchFileSnapshot(`golden/errors/usage-${name}.txt`);
    },
  );
});

describe('configuration', () => {
  it.each([
    ['nothing at all', {}],
    ['no password', { IPS_REGION: 'na', IPS_USER: 'ann@example.com' }],
    ['no user', { IPS_REGION: 'na', IPS_PASSWORD: 'x' }],
    ['an unknown region', { IPS_REGION: 'us' }],
    ['an unknown profile', { IPS_PROFILE: 'staging' }],
    ['an invalid endpoint', { ...account('localhost'), IPS_ENDPOINT: 'localhost' }],
  ])('with %s exits with 3', async (name, env) => {
    const { code, stderr } = await ips(['job', 'list'], { env });
    await expect(plain(stderr)).toMatchFileSnapshot(`golden/errors/config-${name.replaceAll(' ', '-')}.txt`);
    expect(code).toBe(3);
  });

  it.skipIf(ON_WINDOWS)('exits with 3 if it is not JSON, or if other users can read it', async () => {
    const home = temporaryFolder();
    const folder = join(home, '.config/ips');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config.json'), '{');
    const broken = await ips(['profile', 'list'], { env: { HOME: home } });
    expect(broken.code).toBe(3);
    expect(broken.stderr).toContain('config.json: not valid JSON');
    const profile = {
      endpoint: service.endpoint,
      user: 'ann@example.com',
      company: 'MyCompany',
      secret: 'file',
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ current: 'a', profiles: { a: profile } }));
    writeFileSync(join(folder, 'secrets.json'), JSON.stringify({ a: { password: 'x' } }));
    chmodSync(join(folder, 'secrets.json'), 0o644);
    const open = await ips(['whoami'], { env: { HOME: home } });
    expect(open.code).toBe(3);
    expect(plain(open.stderr)).toBe(
      'error: HOME/.config/ips/secrets.json: other users can read this file, which contains secrets\n' +
        '  try: chmod 600 HOME/.config/ips/secrets.json\n',
    );
  });
});

describe('the service', () => {
  it('exits with 4 if the service rejects the login', async () => {
    const env = { ...account(service.endpoint), IPS_PASSWORD: 'battery staple' };
    const { code, stderr } = await ipsProcess(['job', 'list'], { env });
    expect(code).toBe(4);
    await expect(plain(stderr)).toMatchFileSnapshot('golden/errors/authentication.txt');
    expect(stderr).not.toContain('battery');
  });

  it('exits with 4 if the service does not allow the command', async () => {
    const own = await startService();
    own.fails('deleteFolder', { kind: 'authorization', code: 20002, reason: 'not your folder' });
    const { code, stderr } = await ips(['folder', 'delete', 'MyCompany/Boots', '--yes'], {
      env: account(own.endpoint),
    });
    expect(code).toBe(4);
    await expect(plain(stderr)).toMatchFileSnapshot('golden/errors/authorization.txt');
  });

  it.each([
    ['job-stop', ['job', 'stop', 'j|6||nobody|1', '--yes']],
    ['job-get', ['job', 'get', 'nobody']],
    ['job-pause', ['job', 'pause', 'nobody']],
    ['asset-get', ['asset', 'get', 'nobody']],
    ['asset-rename', ['asset', 'rename', 'red', 'green']],
    ['asset-tag', ['asset', 'tag', 'red', '--field', 'Seeson', '--add', 'x']],
    ['folder', ['folder', 'rename', 'MyCompany/Nowhere', 'X']],
    ['company', ['folder', 'tree', '--company', 'Nobody']],
  ])('exits with 5 if the service returns a fault: %s', async (name, args) => {
    const { code, stdout, stderr } = await ips(args, { env: account(service.endpoint) });
    expect(code).toBe(5);
    expect(stdout).toBe('');
    await expect(plain(stderr)).toMatchFileSnapshot(`golden/errors/service-${name}.txt`);
  });

  it('exits with 5 if the endpoint is not a service', async () => {
    const own = await startService();
    own.answers((_, response) => {
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end('<h1>Not Found</h1>');
    });
    const { code, stderr } = await ips(['job', 'list'], { env: account(own.endpoint) });
    expect(code).toBe(5);
    await expect(plain(stderr)).toMatchFileSnapshot('golden/errors/http-404.txt');
  });

  it('exits with 5 if the service is not running', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const { code, stderr } = await ips(['call', 'getUserInfo'], {
      env: account(`http://127.0.0.1:${port}/scene7/services/IpsApiService`),
    });
    expect(code).toBe(5);
    expect(stderr).toContain('error: cannot reach the service: getUserInfo: connect ECONNREFUSED');
    expect(stderr).toContain('try: no server is listening there; ips server status shows the local server');
  });

  it('exits with 1 after a partial failure, and lists the failures', async () => {
    const { code, stderr } = await ips(['asset', 'move', 'a|1', 'a|77', '--to', 'f|MyCompany/Boots/'], {
      env: account(service.endpoint),
    });
    expect(code).toBe(1);
    expect(stderr).toBe('✓ 1 asset moved to f|MyCompany/Boots/\n✗ a|77: Invalid assetHandle (30001)\n');
  });
});
