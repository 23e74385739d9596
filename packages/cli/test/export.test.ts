// Exports and the cache of the content delivery network, against the real server.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIpsServer, type IpsServer } from '@ips-sdk/server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ips, ipsProcess, type Ran, type RunOptions } from './support/ips.js';
import { png } from './support/png.js';
import { KEYS, terminal } from './support/terminal.js';

const home = mkdtempSync(join(tmpdir(), 'ips-cli-export-'));
let server: IpsServer;
let env: Record<string, string>;

function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return ips(args, { ...options, env: { ...env, ...options.env }, cwd: home });
}

beforeAll(async () => {
  server = await createIpsServer({ company: 'MyCompany' });
  env = {
    HOME: home,
    IPS_ENDPOINT: server.endpoints.soap,
    IPS_COMPANY: server.company,
    IPS_USER: server.admin.email,
    IPS_PASSWORD: server.admin.password,
  };
  mkdirSync(join(home, 'photos'));
  for (const [i, name] of ['red', 'green', 'blue'].entries())
    writeFileSync(join(home, `photos/${name}.png`), png(64, 48, [i * 90, 30, 30]));
  expect((await run(['upload', 'photos', '--to', 'MyCompany/Shoes/'])).code).toBe(0);
});

afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

/** A Photoshop file of one multichannel pixel, with header only. */
const MULTICHANNEL = Buffer.concat([
  Buffer.from('38425053000100000000000000040000000100000001000800070000', 'hex'),
  Buffer.alloc(16),
]);

/** The names in an archive, from its central directory. */
function namesIn(archive: Buffer): string[] {
  const names: string[] = [];
  for (let at = archive.indexOf('PK\u0001\u0002'); at !== -1; at = archive.indexOf('PK\u0001\u0002', at + 46))
    names.push(archive.subarray(at + 46, at + 46 + archive.readUInt16LE(at + 28)).toString());
  return names.sort();
}

describe('export', () => {
  it('prints a link to the archive', async () => {
    const { code, stdout } = await run(['export', 'red', 'blue', '--name', 'Two']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/\S+\/Two\.zip\n$/);
    const bytes = Buffer.from(await (await fetch(stdout.trim())).arrayBuffer());
    expect(namesIn(bytes)).toEqual(['Shoes/blue.png', 'Shoes/red.png']);
  });

  it('--to downloads the archive into a new folder', async () => {
    const { code, stdout, stderr } = await run(['export', 'red', '--to', 'new/folder', '--name', 'One']);
    expect(`${code} ${stdout}`).toBe(`0 ${join('new', 'folder', 'One.zip')}\n`);
    expect(stderr).toMatch(/saved new\/folder\/One\.zip, \d+ B, 1 file verified/);
    expect(namesIn(readFileSync(join(home, 'new/folder/One.zip')))).toEqual(['Shoes/red.png']);
    expect(readdirSync(join(home, 'new/folder'))).toEqual(['One.zip']);
  });

  it('--preset applies an image preset', async () => {
    expect((await run(['preset', 'save', 'Web', 'wid=8&fmt=webp'])).code).toBe(0);
    const { stdout } = await run(['export', 'red', '--format', 'convert', '--preset', 'Web', '--name', 'P']);
    const bytes = Buffer.from(await (await fetch(stdout.trim())).arrayBuffer());
    expect(namesIn(bytes)).toEqual(['Shoes/red.webp']);
    expect((await run(['preset', 'delete', 'web', '--yes'])).code).toBe(0);
    const refused = await run(['export', 'red', '--format', 'convert', '--preset', 'Web', '--name', 'Q']);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain("exportJob/macro: found '$Web$'");
  });

  it('converts in several jobs, and prints JSON', async () => {
    const search = await run(['asset', 'search', '--jq', '.[].assetHandle']);
    const { code, stdout } = await run(
      [
        'export',
        '-',
        '--format',
        'convert',
        '--modifier',
        'wid=8&fmt=jpeg',
        '--chunk',
        '2',
        '--to',
        'many',
      ].concat('--json', 'files,status,ok,assets'),
      { input: search.stdout },
    );
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as { files: string[]; ok: boolean; assets: number }[];
    expect(rows.map(({ ok, assets }) => [ok, assets])).toEqual([
      [true, 2],
      [true, 1],
    ]);
    const names = rows.flatMap(({ files }) => files.map((file) => namesIn(readFileSync(join(home, file)))));
    expect(names.flat().sort()).toEqual(['Shoes/blue.jpg', 'Shoes/green.jpg', 'Shoes/red.jpg']);
  });

  it('does not replace an existing file by default, and prints the link to the archive', async () => {
    mkdirSync(join(home, 'kept'));
    const path = join(home, 'kept/Mine.zip');
    writeFileSync(path, 'mine');
    const args = ['export', 'red', '--to', 'kept', '--name', 'Mine'];
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/kept\/Mine\.zip already exists.*\n.*http:\/\/\S+\/Mine\.zip\n.*--yes/);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    const { type, sees, exit } = terminal(args.with(3, join(home, 'kept')), { env });
    await sees(/This will replace a file:[\s\S]*Continue\?/);
    type(`n${KEYS.enter}`);
    expect(await exit).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect((await run([...args, '--yes'])).code).toBe(0);
    expect(namesIn(readFileSync(path))).toEqual(['Shoes/red.png']);
    expect(readdirSync(join(home, 'kept'))).toEqual(['Mine.zip']);
  });

  it('refuses unknown assets and unusable folders before it starts', async () => {
    const file = await run(['export', 'red', '--to', 'photos/red.png']);
    expect([file.code, file.stdout]).toEqual([2, '']);
    expect(file.stderr).toContain('photos/red.png: already exists');
    const unknown = await run(['export', 'purple']);
    expect(unknown.code).toBe(5);
    expect(unknown.stderr).toContain('ips asset search');
    expect((await run(['export', '-'])).stderr).toContain('no assets given');
    expect((await run(['export', 'red', '--chunk', '0'])).code).toBe(2);
  });

  it('--dry-run prints the job, and creates no folder', async () => {
    const { code, stdout } = await run(['export', 'red', '--to', 'never', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('<exportJob>');
    expect(existsSync(join(home, 'never'))).toBe(false);
  });

  it('--dry-run cuts jobs by number and by size, as a real run does', async () => {
    const size = (name: string): number => readFileSync(join(home, `photos/${name}.png`)).length;
    const all = ['red', 'green', 'blue'];
    const dry = async (...options: string[]): Promise<string[]> => {
      const { code, stdout } = await run(['export', ...all, '--name', 'Cut', '--dry-run', ...options]);
      expect(code).toBe(0);
      return [...stdout.matchAll(/<jobName>(.*?)<\/jobName>|<items>(.*?)<\/items>/g)].map(
        ([, job, handle]) => job ?? handle ?? '',
      );
    };
    const [one, red, green, blue] = await dry();
    expect(one).toBe('Cut');
    expect(await dry('--chunk', '2')).toEqual(['Cut 1', red, green, 'Cut 2', blue]);
    const both = `${size('green') + size('blue')}B`;
    const cut = await dry('--max-size', both);
    const ran = await run(['export', ...all, '--max-size', both, '--jq', '.[].assets']);
    const real = ran.stdout.trim().split('\n').map(Number);
    const parts = cut
      .join(' ')
      .split(/ ?Cut \d ?/)
      .slice(1);
    expect(parts.map((part) => part.split(' ').length)).toEqual(real);
    expect(real.length).toBeGreaterThan(1);
    const large = await run(['export', 'red', '--max-size', '10', '--dry-run']);
    expect([large.code, large.stdout]).toEqual([2, '']);
  });

  it('exits with 1 and prints the reason if it does not succeed', async () => {
    // An image that the server keeps and cannot decode.
    writeFileSync(join(home, 'old.psd'), MULTICHANNEL);
    expect((await run(['upload', 'old.psd', '--to', 'MyCompany/Web/'])).code).toBe(0);
    const { code, stdout, stderr } = await run(['export', 'old', '--format', 'convert', '--name', 'Sheet']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/warning: Sheet did not succeed: .*old/);
    const nobody = await run(['export', 'a|999999999']);
    expect(nobody.code).toBe(5);
    expect(nobody.stderr).toContain('999999999');
  });

  it('leaves no files after an interrupted download', async () => {
    const archives = await proxyOfArchives((bytes) => bytes.subarray(0, 20));
    const { code, stderr, stdout } = await ipsProcess(
      ['export', 'red', '--to', 'broken', '--name', 'Broken'],
      { env: { ...env, ...archives.env }, cwd: home },
    );
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toMatch(/still available at http:\S+\/Broken\.zip/);
    expect(readdirSync(join(home, 'broken'))).toEqual([]);
  });

  it('respects lower limits, and refuses assets larger than the limit of a job', async () => {
    const sizes = ['red', 'green', 'blue'].map(
      (name) => readFileSync(join(home, `photos/${name}.png`)).length,
    );
    const [red = 0, green = 0] = sizes;
    const both = await run([
      'export',
      'red',
      'green',
      'blue',
      '--max-size',
      `${red + green}B`,
      '--jq',
      '.[].assets',
    ]);
    expect(`${both.code} ${both.stdout}`).toBe('0 2\n1\n');
    const { code, stdout, stderr } = await run(['export', 'red', 'green', '--max-size', '10']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /assets larger than the limit of 10 B per job; nothing was exported:\n {4}a\|\d+ {2}MyCompany\/Shoes\/red, \d+ B\n/,
    );
    for (const [option, bad] of [
      ['--max-size', '2GB'],
      ['--max-size', '0'],
      ['--max-size', 'much'],
      ['--chunk', '501'],
    ] as const)
      expect((await run(['export', 'red', option, bad])).code).toBe(2);
  });

  it('resumes after an interruption: exports nothing twice, and downloads only missing archives', async () => {
    const archives = await proxyOfArchives((bytes, n) => (n === 2 ? bytes.subarray(0, 20) : bytes));
    const jobs = async () =>
      (await run(['job', 'list', '--jq', '[.[] | select(.name | startswith("Parts"))] | length'])).stdout;
    const args = ['export', 'red', 'green', 'blue', '--chunk', '1', '--to', 'parts', '--name', 'Parts'];
    const first = await ipsProcess(args, { env: { ...env, ...archives.env }, cwd: home });
    expect([first.code, first.stdout]).toEqual([5, join('parts', 'Parts_1.zip\n')]);
    expect(readdirSync(join(home, 'parts'))).toEqual(['Parts_1.zip']);
    expect(await jobs()).toBe('2\n');
    const { sees, exit } = terminal(args.with(7, join(home, 'parts')), { env });
    const seen = await sees(/✓ saved \S*parts\/Parts_3\.zip/);
    expect(seen).toContain('resuming an interrupted export; assets already exported are skipped');
    expect(seen).toMatch(/already saved \S*parts\/Parts_1\.zip, \d+ B; skipped/);
    expect(seen).toMatch(/✓ saved \S*parts\/Parts_2\.zip/);
    expect(await exit).toBe(0);
    expect(await jobs()).toBe('3\n');
    const names = readdirSync(join(home, 'parts')).map((file) =>
      namesIn(readFileSync(join(home, 'parts', file))),
    );
    expect(names).toEqual([['Shoes/red.png'], ['Shoes/green.png'], ['Shoes/blue.png']]);
    const journals = join(home, '.local/state/ips/uploads');
    const texts = readdirSync(journals).map((file) => readFileSync(join(journals, file), 'utf8'));
    expect(texts.filter((text) => text.includes('Parts'))).toEqual([]);
  });

  it('downloads changed files again, with a given journal', async () => {
    const args = [
      'export',
      'red',
      'blue',
      '--chunk',
      '1',
      '--to',
      'own',
      '--name',
      'Own',
      '--journal',
      'own.jsonl',
    ];
    expect((await run(args)).code).toBe(0);
    const journal = join(home, 'own.jsonl');
    // As if the process had been killed just before the end, and by Windows.
    const text = readFileSync(journal, 'utf8').replace(/\{"type":"end".*\n$/, '');
    writeFileSync(journal, text.replaceAll('\n', '\r\n'));
    rmSync(join(home, 'own/Own_1.zip'));
    const { code, stderr } = await run(args);
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    expect(stderr).toMatch(/✓ saved own\/Own_1\.zip/);
    expect(stderr).toMatch(/already saved \S*own\/Own_2\.zip/);
  });

  it('warns if an archive has fewer files than exported assets', async () => {
    const archives = await proxyOfArchives(() => EMPTY);
    const args = ['export', 'red', '--to', 'few', '--name', 'Few'];
    const { code, stderr } = await ipsProcess(args, { env: { ...env, ...archives.env }, cwd: home });
    expect(code).toBe(1);
    expect(stderr).toContain('warning: Few succeeded, but its archive contains 0 files for 1 asset');
  });

  it('deletes a damaged download', async () => {
    const archives = await proxyOfArchives((bytes) => {
      const copy = Buffer.from(bytes);
      // A byte of the file in it.
      const at = 30 + copy.readUInt16LE(26) + copy.readUInt16LE(28) + 40;
      copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
      return copy;
    });
    const args = ['export', 'red', '--to', 'damaged', '--name', 'Damaged'];
    const { code, stdout, stderr } = await ipsProcess(args, { env: { ...env, ...archives.env }, cwd: home });
    expect([code, stdout]).toEqual([5, '']);
    expect(stderr).toMatch(
      /damaged\/Damaged\.zip: the download is damaged and was deleted: .*Shoes\/red\.png/,
    );
    expect(readdirSync(join(home, 'damaged'))).toEqual([]);
    expect((await run(args)).code).toBe(0);
  });
});

/** An archive without files. */
const EMPTY = Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)]);

/** A proxy that hands everything on, but archives as they are changed; the environment that uses it. */
async function proxyOfArchives(
  change: (bytes: Buffer, number: number) => Buffer,
): Promise<{ readonly env: Record<string, string> }> {
  let archives = 0;
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const target = request(incoming.url ?? '', { method, headers }, (answer) => {
      const status = answer.statusCode ?? 500;
      if (!incoming.url?.endsWith('.zip')) {
        outgoing.writeHead(status, answer.headers);
        return void answer.pipe(outgoing);
      }
      const chunks: Buffer[] = [];
      answer.on('data', (data: Buffer) => chunks.push(data));
      answer.on('end', () => {
        archives += 1;
        const whole = Buffer.concat(chunks);
        const changed = change(whole, archives);
        // Content too short for an archive is sent as an interrupted response.
        const isWhole = changed.length >= EMPTY.length;
        const length = isWhole ? changed.length : whole.length;
        outgoing.writeHead(status, { ...answer.headers, 'content-length': length });
        outgoing.write(changed);
        if (isWhole) outgoing.end();
        else setTimeout(() => outgoing.destroy(), 50);
      });
    });
    incoming.pipe(target);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  // Proxies are taken from the environment of the process.
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { env: { http_proxy: url, no_proxy: '' } };
}

describe('cdn', () => {
  it('invalidate --wait waits until the invalidation is complete, and status shows it', async () => {
    const url = `${server.url}/is/image/MyCompany/red`;
    const asked = await run(['cdn', 'invalidate', url, '--yes', '--wait', '--json', 'handle,urls']);
    expect(`${asked.code} ${asked.stderr}`).toMatch(/^0 [\s\S]*: cached copies removed\n$/);
    const [{ handle, urls } = { handle: '', urls: [''] }] = JSON.parse(asked.stdout) as {
      handle: string;
      urls: string[];
    }[];
    expect(urls).toEqual([url]);
    const status = await run(['cdn', 'status', handle, '--json']);
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ status: expect.stringMatching(/complete/i) });
  });

  it('invalidate --wait --timeout exits with 6 if it takes longer', async () => {
    const url = `${server.url}/is/image/MyCompany/blue`;
    const { code, stdout } = await run(['cdn', 'invalidate', url, '--yes', '--wait', '--timeout', '1ms']);
    expect(code).toBe(6);
    expect(stdout).toMatch(/^\S+\t/);
  });

  const urlsOf = async (...args: readonly string[]): Promise<string[]> => {
    const { stdout } = await run(['cdn', 'invalidate', ...args, '--yes', '--json', 'urls']);
    const rows = JSON.parse(stdout) as { urls: string[] }[];
    const base = `${server.url}/is/image/MyCompany/`;
    return rows.flatMap(({ urls }) => urls.map((url) => url.replace(base, ''))).sort();
  };

  it('invalidate accepts assets and folders, with the template of the company', async () => {
    expect(await urlsOf('--asset', 'red', 'green', '--preset', 'product')).toEqual([
      'green',
      'green?$product$',
      'red',
      'red?$product$',
    ]);
    expect(await urlsOf('--folder', 'MyCompany/Shoes', '--asset', 'red')).toEqual(['blue', 'green', 'red']);
    expect(await urlsOf('--folder', 'MyCompany/', '--flat')).toEqual([]);
    const { typeArray } = JSON.parse((await run(['call', 'getPropertySetTypes'])).stdout) as {
      typeArray: { name: string; typeHandle: string }[];
    };
    const type = typeArray.find(({ name }) => name === 'Adobe.SPS.ApplicationSetting');
    const { code } = await run(['call', 'createPropertySet', '--input', '-'], {
      input: JSON.stringify({
        typeHandle: type?.typeHandle,
        primaryOwnerHandle: 'c|6',
        propertyArray: [
          {
            name: 'application_cdn_invalidation_template',
            value: `${server.url}/is/image/MyCompany/<ID>?$small$\n${server.url}/is/image/MyCompany/<ID>?wid=8`,
          },
        ],
      }),
    });
    expect(code).toBe(0);
    expect(await urlsOf('--asset', 'red')).toEqual(['red?$small$', 'red?wid=8']);
    expect(await urlsOf('--asset', 'red', '--url-template', `${server.url}/is/image/MyCompany/<ID>`)).toEqual(
      ['red'],
    );
  });

  it('invalidate --published-since selects published assets', async () => {
    const before = new Date().toISOString();
    expect(await urlsOf('--published-since', before)).toEqual([]);
    await run(['call', 'forceRepublishAssets', '-f', 'assetHandleArray[]=a|1']);
    expect((await run(['publish', '--full', '--if-running', 'wait'])).code).toBe(0);
    const urls = await urlsOf(
      '--published-since',
      before,
      '--url-template',
      `${server.url}/is/image/MyCompany/<ID>`,
    );
    expect(urls).toEqual(expect.arrayContaining(['blue', 'green', 'red']));
  });

  it('invalidate prompts in a terminal, and lists the URLs', async () => {
    const { type, sees, exit } = terminal(
      ['cdn', 'invalidate', '--asset', 'red', '--url-template', `${server.url}/is/image/MyCompany/<ID>`],
      { env },
    );
    await sees(
      /This will invalidate cached copies of a URL:\n {4}http:\S+\/is\/image\/MyCompany\/red\n[\s\S]*Continue\?/,
    );
    type(`n${KEYS.enter}`);
    expect(await exit).toBe(1);
  });

  it.each([
    [['--asset', 'purple'], 5, 'asset not found: "purple"'],
    [['--published-since', 'soon'], 2, '--published-since: expected a time'],
    [['--preset', 'product'], 2, '--preset needs --asset, --folder or --published-since'],
    [['--asset', 'red', '--flat'], 2, '--flat needs --folder'],
    [['--asset', 'red', '--url-template', 'https://a.example/red'], 2, '<ID>'],
    [[], 2, 'missing URLs, --asset, --folder or --published-since'],
    [['--folder', 'MyCompany/Nowhere/'], 5, 'ips folder tree lists the folders'],
  ])('invalidate %j is refused', async (args, code, message) => {
    const ran = await run(['cdn', 'invalidate', ...args, '--yes']);
    expect(ran.stderr).toContain(message);
    expect(ran.code).toBe(code);
  });

  it('refuses URLs of other companies', async () => {
    const url = 'https://s7d1.scene7.com/is/image/Other/red';
    const { code, stderr } = await run(['cdn', 'invalidate', url, '--root-id', 'MyCompany', '--yes']);
    expect(code).toBe(2);
    expect(stderr).toContain('nothing was sent');
  });
});
