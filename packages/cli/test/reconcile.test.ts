// An inventory against the company that should have it, on the real server.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIpsServer, type IpsServer } from '@ips-sdk/server';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startService } from './support/company-service.js';
import { account, ips, type Ran, type RunOptions } from './support/ips.js';
import { plain } from './support/plain.js';
import { png } from './support/png.js';
import { KEYS, terminal } from './support/terminal.js';

const home = mkdtempSync(join(tmpdir(), 'ips-cli-reconcile-'));
let server: IpsServer | undefined;
let env: Record<string, string>;

function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return ips(args, { ...options, env: { ...env, ...options.env }, cwd: home });
}

/** A local file, of another size for each name. */
function file(path: string): void {
  mkdirSync(join(home, path, '..'), { recursive: true });
  writeFileSync(join(home, path), png(8 + path.length, 6, [path.length * 7, 30, 30]));
}

async function upload(
  folder: string,
  names: readonly string[],
  ...options: readonly string[]
): Promise<void> {
  for (const name of names) file(`up/${name}.png`);
  const { code } = await run([
    'upload',
    ...names.map((name) => `up/${name}.png`),
    '--to',
    folder,
    ...options,
  ]);
  expect(code).toBe(0);
}

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Output without what differs from run to run: the service numbers files that arrive at once as they come. */
const steady = (text: string): string => plain(text).replace(/a\|\d{4}/g, 'a|1000');

const reconcile = (...args: readonly string[]) => run(['reconcile', 'inventory.csv', ...args]);
const findings = async (...args: readonly string[]): Promise<string[]> => {
  const { stdout } = await reconcile('--csv', 'finding,name,duplicate,fix', ...args);
  return stdout.trimEnd().split('\n').slice(1);
};

describe('reconcile', () => {
  /** What is to be mended, after a migration that went wrong in every way. */
  beforeEach(async () => {
    server = await createIpsServer({ company: 'MyCompany' });
    const running = server;
    onTestFinished(() => running.stop());
    env = {
      HOME: home,
      IPS_ENDPOINT: server.endpoints.soap,
      IPS_COMPANY: server.company,
      IPS_USER: server.admin.email,
      IPS_PASSWORD: server.admin.password,
    };
    await upload('MyCompany/Shoes/', [
      'right',
      'twice',
      'twice-1',
      'numbered-1',
      'many-1',
      'many_2',
      'dup-3',
    ]);
    await upload('MyCompany/Shoes/', ['unmarked', 'dup', 'series-2'], '--no-ready');
    await upload('MyCompany/Boots/', ['moved']);
    file('files/Shoes/missing.png');
    writeFileSync(
      join(home, 'inventory.csv'),
      [
        'Path;Name;Publish State',
        'MyCompany/Shoes/right.png;right;MarkedForPublish',
        'Shoes/missing.png;;yes',
        'Shoes\\lost.png;;',
        '"MyCompany/Shoes/numbered.png";numbered;',
        'Shoes/many.png;many;',
        'Shoes/unmarked.png;unmarked;',
        'Shoes/twice.png;TWICE;',
        'Shoes/dup.png;dup;true',
        'Shoes/moved.png;moved;',
        'Shoes/series-2.png;series-2;no',
        ';;',
        '',
      ].join('\r\n'),
    );
  });

  it('lists differences as a table, in a pipe and as CSV', async () => {
    const { code, stdout, stderr } = await reconcile('--files', 'files');
    expect(code).toBe(1);
    await expect(steady(stdout)).toMatchFileSnapshot('golden/pipe/reconcile.txt');
    expect(stderr).toBe(
      '10 assets in the inventory: 2 missing, 3 only under a numbered name, 1 not marked for publish, ' +
        '1 duplicated, 1 only the duplicate is marked for publish, 1 in a different folder\n',
    );
    await expect(steady((await reconcile('--csv')).stdout)).toMatchFileSnapshot('golden/csv/reconcile.txt');
    const { exit, screen } = terminal(['reconcile', join(home, 'inventory.csv')], { env, columns: 120 });
    expect(await exit).toBe(1);
    await expect(steady(await screen())).toMatchFileSnapshot('golden/terminal-120/reconcile.txt');
  });

  it('--apply renames, uploads, marks and publishes where possible, after a prompt with the handles', async () => {
    const refused = await reconcile('--apply', '--files', 'files');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /would make 4 changes, but cannot prompt[\s\S]* {4}a\|\d+ {2}rename numbered-1 to numbered\n {4}files\S+missing\.png {2}upload to MyCompany\/Shoes\/missing\.png\n {4}a\|\d+ {2}publish unmarked\n/,
    );
    const dry = await reconcile('--apply', '--files', 'files', '--dry-run', '--quiet');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(/<renameAssetParam[\s\S]*<setAssetsPublishStateParam[\s\S]*<submitJobParam/);
    expect(await findings('--files', 'files')).toContain('missing,missing,,upload');

    const args = ['reconcile', join(home, 'inventory.csv'), '--apply', '--files', join(home, 'files')];
    const { sees, type, exit } = terminal(args, { env, columns: 120 });
    await sees(/This will make 4 changes:[\s\S]*Continue\?/);
    type(`y${KEYS.enter}`);
    // What only a person can decide remains.
    expect(await exit).toBe(1);
    const screen = await sees(/published/);
    expect(screen).toContain('1 asset renamed');
    expect(screen).toContain('1 file uploaded');
    expect(screen).toContain('2 assets marked for publish');
    expect(await findings()).toEqual([
      'missing,lost,,',
      'numbered,many,many-1,',
      'numbered,many,many_2,',
      'duplicated,TWICE,twice-1,',
      'duplicated,dup,dup-3,',
      'elsewhere,moved,,',
    ]);
    for (const name of ['numbered', 'missing', 'unmarked', 'dup'])
      expect((await fetch(`${server?.url}/is/image/MyCompany/${name}`)).status, name).toBe(200);
  });

  it('--apply exits with 0 if no differences remain', async () => {
    const csv = 'path\nMyCompany/Shoes/right.png\nMyCompany/Shoes/unmarked.png\n';
    const all = ['reconcile', '-', '--apply', '--yes'];
    expect((await run(all, { input: csv })).code).toBe(0);
    const { code, stdout, stderr } = await run(all, { input: csv });
    expect([code, stdout, stderr]).toEqual([0, '', '2 assets in the inventory, no differences\n']);
  });

  it('compares with the company of a profile', async () => {
    const other = await createIpsServer({ company: 'Old' });
    onTestFinished(() => other.stop());
    const there = {
      IPS_ENDPOINT: other.endpoints.soap,
      IPS_COMPANY: 'Old',
      IPS_USER: other.admin.email,
      IPS_PASSWORD: other.admin.password,
    };
    for (const name of ['right', 'numbered', 'gone']) file(`up/${name}.png`);
    const uploaded = await run(
      ['upload', 'up/right.png', 'up/numbered.png', 'up/gone.png', '--to', 'Old/Shoes/'],
      { env: there },
    );
    expect(uploaded.code).toBe(0);
    const login = await run(['login', '--profile', 'old', '--endpoint', other.endpoints.soap], {
      env: { ...there, IPS_ENDPOINT: undefined },
    });
    expect(login.code, login.stderr).toBe(0);
    const { code, stdout } = await run([
      'reconcile',
      '--from-profile',
      'old',
      '--csv',
      'finding,name,path,duplicate,fix',
    ]);
    expect(code).toBe(1);
    expect(stdout).toBe(
      'finding,name,path,duplicate,fix\nmissing,gone,Shoes/gone.png,,\nmissing,numbered,Shoes/numbered.png,,\n',
    );
  });
});

/** Text as Excel saves it: in UTF-16 with a byte order mark. */
function utf16(text: string, order: 'LE' | 'BE'): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return order === 'LE' ? bytes : bytes.swap16();
}

describe('an inventory as Excel saves it', () => {
  it.each(['LE', 'BE'] as const)('is read in UTF-16 %s, with tabs', async (order) => {
    const { endpoint } = await startService();
    const text = 'Path\tPublish State\r\nShoes/red.tif\tno\r\nShoes/größe.tif\tno\r\n';
    writeFileSync(join(home, 'excel.txt'), utf16(text, order));
    const options = { env: account(endpoint), cwd: home };
    const args = ['reconcile', 'excel.txt', '--csv', 'finding,name'];
    expect((await ips(args, options)).stdout).toBe('finding,name\nmissing,größe\n');
    const list = 'sourceUrl\tdestPath\r\nhttp://127.0.0.1:9/g;a,b.png\tMyCompany/größe, rot.png\r\n';
    writeFileSync(join(home, 'urls.txt'), utf16(list, order));
    const upload = await ips(['upload', '--urls', 'urls.txt', '--dry-run'], options);
    expect(upload.stdout).toContain('<sourceUrl>http://127.0.0.1:9/g;a,b.png</sourceUrl>');
    expect(upload.stdout).toContain('<destPath>MyCompany/größe, rot.png</destPath>');
  });

  it('is refused in another encoding, instead of reading other names', async () => {
    const { endpoint } = await startService();
    writeFileSync(join(home, 'latin.csv'), Buffer.from('path\nShoes/größe.tif\n', 'latin1'));
    const { code, stderr } = await ips(['reconcile', 'latin.csv'], { env: account(endpoint), cwd: home });
    expect(stderr).toContain('latin.csv: expected text in UTF-8, or in UTF-16 with a byte order mark');
    expect(code).toBe(2);
  });
});

describe('an inventory that cannot be read', () => {
  it.each([
    [[], '', 'missing an inventory, --from-profile or --from-company'],
    [
      ['-', '--from-company', 'Other'],
      'path\nx',
      'an inventory cannot be combined with --from-profile or --from-company',
    ],
    [['-'], 'color,weight\nred,1', 'stdin: the header has no column path or name'],
    [['-'], 'path,publish\na.png,maybe', 'stdin, line 2: publishState: expected a value such as yes, no'],
    [['-'], 'path,size\n\na.png,big', 'stdin, line 3: size: expected a number of bytes, found "big"'],
    [['-'], 'name,url\na,nowhere', 'stdin, line 2: url: expected a URL, found "nowhere"'],
    [['-'], 'path,name\n"a', 'stdin: line 2: unclosed quote'],
    [['-', '--files', 'nowhere'], 'path\nx', '--files: no such folder: nowhere'],
    [['nowhere.csv'], '', 'nowhere.csv: no such file or folder'],
  ])('%j is refused', async (args, input, message) => {
    const { endpoint } = await startService();
    const { code, stdout, stderr } = await ips(['reconcile', ...args], { input, env: account(endpoint) });
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });
});
