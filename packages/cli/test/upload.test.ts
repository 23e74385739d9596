// Uploads against the real server: what is sent, what is skipped, and what is said about it.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { createIpsServer, type IpsServer } from '@ips-sdk/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { expandWildcards } from '../src/commands/expand-wildcards.js';
import { ips, type Ran, type RunOptions } from './support/ips.js';
import { png } from './support/png.js';
import { terminal } from './support/terminal.js';

const root = mkdtempSync(join(tmpdir(), 'ips-cli-upload-'));
let home = root;
let server: IpsServer;
let env: Record<string, string>;
let tests = 0;

function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return ips(args, { ...options, env: { ...env, ...options.env }, cwd: home });
}

beforeAll(async () => {
  server = await createIpsServer({ company: 'MyCompany', jobClock: 'instant' });
});

afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Every test has a folder of its own, with two images, a file that is none, and what systems leave behind. */
beforeEach(() => {
  tests += 1;
  home = join(root, String(tests));
  env = {
    HOME: home,
    IPS_ENDPOINT: server.endpoints.soap,
    IPS_COMPANY: server.company,
    IPS_USER: server.admin.email,
    IPS_PASSWORD: server.admin.password,
  };
  mkdirSync(join(home, 'photos/raw'), { recursive: true });
  for (const [i, name] of [`red${tests}.png`, `raw/blue${tests}.png`].entries())
    writeFileSync(join(home, 'photos', name), png(8, 6, [i * 90, tests, 30]));
  writeFileSync(join(home, 'photos/broken.png'), 'this is no image');
  for (const name of ['.DS_Store', 'Thumbs.db', 'raw/desktop.ini', '.hidden.png'])
    writeFileSync(join(home, 'photos', name), 'x');
});

const folder = (): string => `MyCompany/T${tests}/`;

/** Upload with a journal, as if the process had been killed just before the end. */
async function interrupt(...args: string[]): Promise<string> {
  const journal = join(home, 'upload.jsonl');
  await run(['upload', 'photos', '--to', folder(), '--journal', journal, ...args]);
  const text = readFileSync(journal, 'utf8');
  expect(text).toMatch(/\{"type":"end".*\n$/);
  writeFileSync(journal, text.replace(/\{"type":"end".*\n$/, ''));
  return journal;
}

/** Without the times. */
function timeless(text: string): string {
  return text.replace(/\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+Z)?/g, 'TIME');
}

describe('an upload that ended', () => {
  it('with failures is not resumed: the same command sends everything, and its jobs have the name', async () => {
    const args = ['upload', 'photos', '--to', folder(), '--name', `Shoes ${tests}`, '--json', 'status,job'];
    const first = await run(args);
    const second = await run(args);
    for (const { code, stdout, stderr } of [first, second]) {
      expect(code).toBe(1);
      expect(stderr).toContain('sent MyCompany/');
      expect(stderr).not.toContain('resuming');
      expect(stdout).not.toContain('skipped');
    }
    const jobs = [first, second].map(
      ({ stdout }) => (JSON.parse(stdout) as { job: string }[]).map(({ job }) => job)[0],
    );
    expect(jobs[0]).toBe(`Shoes ${tests}`);
    expect(jobs[1]).toMatch(new RegExp(`^Shoes ${tests} 20`));
    expect(readdirSync(join(home, '.local/state/ips/uploads'))).toEqual([]);
  });

  it('with a given journal is not resumed either', async () => {
    const args = ['upload', 'photos', '--to', folder(), '--journal', 'j.jsonl', '--jq', '.[].status'];
    const { stdout } = await run(args);
    expect(stdout.split('\n').sort().join(' ').trim()).toBe('failed succeeded succeeded');
    expect((await run(args)).stdout).not.toContain('skipped');
  });
});

describe('an upload that was interrupted', () => {
  it('reports files already sent, without reporting them as succeeded', async () => {
    const journal = await interrupt();
    const { code, stdout, stderr } = await run(['upload', 'photos', '--to', folder(), '--journal', journal]);
    expect(code).toBe(1);
    const lines = timeless(stderr).split('\n');
    expect(lines).toContain('resuming an interrupted upload: 2 already sent on TIME, skipped');
    expect(timeless(stderr)).toContain('3 files: 1 failed, 2 already sent on TIME, skipped');
    expect(stderr).not.toMatch(/succeeded|sent MyCompany\S+red/);
    expect(timeless(stdout)).toMatch(
      new RegExp(`^skipped\t${folder()}red${tests}.png\talready sent on TIME`, 'm'),
    );
  });

  it('shows them in a terminal', async () => {
    rmSync(join(home, 'photos/broken.png'));
    const journal = await interrupt();
    const args = ['upload', join(home, 'photos'), '--to', folder(), '--journal', journal];
    const { exit, sees } = terminal(args, { env, columns: 120 });
    const seen = timeless(await sees(/✓ 2 files/));
    expect(seen).toContain('resuming an interrupted upload: 2 already sent on TIME, skipped');
    expect(seen).toMatch(/^skipped +MyCompany\/T\d+\/red\d+\.png +already sent on TIME/m);
    expect(seen).toContain('✓ 2 files: 2 already sent on TIME, skipped');
    expect(await exit).toBe(0);
  });

  it('sends missing files again with --verify', async () => {
    rmSync(join(home, 'photos/broken.png'));
    const journal = await interrupt();
    expect((await run(['asset', 'delete', `red${tests}`, '--yes'])).code).toBe(0);
    const args = ['upload', 'photos', '--to', folder(), '--journal', journal, '--verify'];
    const { code, stdout, stderr } = await run(args);
    expect(`${code} ${stderr}`).toMatch(/^0 /);
    expect(timeless(stderr)).toContain(
      'resuming an interrupted upload: 1 already sent on TIME, skipped\n1 file already sent but no longer in the service: sending again',
    );
    expect(stdout).toMatch(/^skipped.*blue/m);
    expect(stdout).toMatch(/^succeeded.*red/m);
    expect((await run(['asset', 'search', `red${tests}`, '--jq', 'length'])).stdout).toBe('1\n');
  });

  it('resumes from a journal with Windows line ends', async () => {
    const journal = await interrupt();
    writeFileSync(journal, `\uFEFF${readFileSync(journal, 'utf8').replaceAll('\n', '\r\n')}`);
    const { stderr } = await run(['upload', 'photos', '--to', folder(), '--journal', journal]);
    expect(stderr).toContain('2 already sent on');
  });
});

describe('skipped files', () => {
  it('are hidden files and system files; they are counted and listed', async () => {
    const { stdout, stderr } = await run(['upload', 'photos', '--to', folder(), '--jq', '.[].destPath']);
    expect(stdout.split('\n').sort()).toEqual([
      '',
      `${folder()}broken.png`,
      `${folder()}raw/blue${tests}.png`,
      `${folder()}red${tests}.png`,
    ]);
    expect(stderr).toContain(
      'skipped 4 hidden or system files; --hidden sends them:\n  photos/.DS_Store, photos/.hidden.png, photos/Thumbs.db, photos/raw/desktop.ini\n',
    );
  });

  it('are links whose target does not exist, which are listed', async () => {
    const lost = join(home, 'photos/raw/lost.png');
    symlinkSync('nowhere.png', lost);
    onTestFinished(() => rmSync(lost));
    const { stdout, stderr } = await run(['upload', 'photos/raw', '--to', folder(), '--jq', '.[].destPath']);
    expect(stdout).toBe(`${folder()}blue${tests}.png\n`);
    expect(stderr).toContain('skipped 1 link whose target does not exist:\n  photos/raw/lost.png\n');
  });

  it.each([
    [
      ['--include', '*.png', '--exclude', 'raw/'],
      ['broken.png', 'redN.png'],
    ],
    [['--only', 'r*.png'], ['redN.png']],
    [['--exclude', 'photos/raw/**', '--exclude', 'b*'], ['redN.png']],
    [
      ['--include', 'raw/**', '--hidden'],
      ['raw/blueN.png', 'raw/desktop.ini'],
    ],
  ])('are those excluded by %j', async (rules, expected) => {
    const args = ['upload', 'photos', '--to', folder(), '--dry-run', ...rules];
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(0);
    const places = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[1]);
    expect(places).toEqual(expected.map((name) => `${folder()}${name.replace('N', String(tests))}`));
    expect(stderr).toContain(`${expected.length} file${expected.length === 1 ? '' : 's'} would be sent`);
  });

  it('is shown in a terminal', async () => {
    const args = ['upload', join(home, 'photos'), '--to', folder(), '--exclude', '*.png'];
    const { exit, sees } = terminal(args, { env, columns: 200 });
    const seen = await sees(/✓ 0 files: nothing to do/);
    expect(seen).toMatch(/skipped 4 hidden or system files; --hidden sends them:\n {2}photos\/\.DS_Store, /);
    expect(seen).toContain('skipped 3 paths matching --exclude');
    expect(await exit).toBe(0);
  });
});

describe('a destination that repeats a folder', () => {
  it.each([['photos'], ['photos', '--dry-run']])('is warned of: %j', async (...args) => {
    const { stderr } = await run(['upload', ...args, '--to', 'MyCompany/MyCompany/']);
    expect(stderr).toContain(
      'warning: destination MyCompany/MyCompany/: repeats a folder; did you mean MyCompany/?',
    );
  });

  it('gives a warning for a list', async () => {
    const { stderr } = await run(['upload', '--urls', '-', '--to', 'MyCompany/Shoes'], {
      input: 'http://127.0.0.1:9/red.png,MyCompany/Shoes/red.png\n',
    });
    expect(stderr).toContain('MyCompany/Shoes/MyCompany/Shoes/: repeats a folder');
  });
});

describe('paths with wildcards, which shells of Windows do not expand', () => {
  it('name the files that match', async () => {
    const { stdout } = await run(['upload', 'photos/r*.png', '--to', folder(), '--dry-run']);
    expect(stdout).toBe(
      `photos/red${tests}.png\t${folder()}red${tests}.png\t${png(8, 6, [0, tests, 30]).length}\n`,
    );
  });

  it('follow the rules of the platform', async () => {
    const at = join(home, 'photos', '*.PNG');
    expect(await expandWildcards(at)).toEqual([at]);
    const names = (await expandWildcards(join(home, 'photos', '[BR]*.PNG'), win32)).map((path) =>
      win32.basename(path),
    );
    expect(names).toEqual(['broken.png', `red${tests}.png`]);
    expect(await expandWildcards('no/such/*.png')).toEqual(['no/such/*.png']);
    expect(await expandWildcards('red.png')).toEqual(['red.png']);
  });

  it('are not needed in a list, which may be in UTF-16 from PowerShell', async () => {
    const list = `\uFEFFhttp://127.0.0.1:9/red.png,${folder()}red.png\r\n`;
    writeFileSync(join(home, 'list.csv'), list, 'utf16le');
    const { stdout } = await run(['upload', '--urls', 'list.csv', '--dry-run']);
    expect(stdout).toContain(`<destPath>${folder()}red.png</destPath>`);
    const paths = await ips(['upload', '-', '--to', folder(), '--dry-run'], {
      env,
      cwd: home,
      input: `\uFEFFphotos/red${tests}.png\r\n`,
    });
    expect(paths.stdout).toContain(`${folder()}red${tests}.png`);
  });
});
