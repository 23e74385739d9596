// Runs the shell blocks of the guides as readers copy them: page by page and in order, with `ips` as it was built, against a server.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIpsClient } from '@ips-sdk/client';
import { createIpsServer, type IpsServer } from '@ips-sdk/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { type Example, markdownExamples } from '../../../scripts/testing/examples.js';

const guides = fileURLToPath(new URL('../content/guides/', import.meta.url));
const command = fileURLToPath(new URL('bin/ips.js', import.meta.resolve('@ips-sdk/cli/package.json')));
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);
const user = 'ann@example.com';
const password = 'guide-password-1';

const blocksOf = (page: string): Example[] =>
  markdownExamples(join(guides, `${page}.md`), guides).filter(
    ({ language, info }) => language === 'sh' && info === '',
  );

describe.skipIf(process.platform === 'win32')('the shell blocks of the guides', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ips-guides-'));
  let server: IpsServer;

  beforeAll(async () => {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/ips'), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`);
    chmodSync(join(folder, 'bin/ips'), 0o755);
    server = await createIpsServer({
      company: 'My Company',
      admin: { email: user, password },
      jobClock: 'instant',
    });
    await server.seed({
      companies: [{ name: 'Old Company' }, { name: 'New Company' }, { name: 'Empty Company' }],
    });
  });

  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const account = (): NodeJS.ProcessEnv => ({
    IPS_ENDPOINT: server.endpoints.soap,
    IPS_COMPANY: 'My Company',
    IPS_USER: user,
    IPS_PASSWORD: password,
  });

  /** A folder for a page, with `images/red.png` and `images/blue.png`. */
  function homeOf(page: string): string {
    const home = join(folder, page);
    mkdirSync(join(home, 'images'), { recursive: true });
    for (const name of ['red', 'blue']) writeFileSync(join(home, `images/${name}.png`), pixel);
    return home;
  }

  /** Runs a script that must exit with 0, and returns what it printed. */
  function run(home: string, script: string, extra: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = {
      PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
      HOME: home,
      TZ: 'UTC',
      IPS_KEYCHAIN: 'off',
      ...extra,
    };
    return new Promise((resolve, reject) => {
      execFile(
        'bash',
        ['--norc', '-euo', 'pipefail', '-c', script],
        { cwd: home, env },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new Error(`${script}\n${stdout}${stderr}`));
        },
      );
    });
  }

  const clientOf = (company: string) =>
    createIpsClient({ endpoint: server.endpoints.soap, auth: { user, password }, company });

  async function namesIn(company: string, inFolder: string): Promise<(string | undefined)[]> {
    const ips = clientOf(company);
    const { assetArray } = await ips.searchAssets({ folder: inFolder, includeSubfolders: true });
    await ips.close();
    return (assetArray ?? []).map(({ name }) => name).sort();
  }

  it('of "From crontab to Quartz" explain a schedule and submit a job with it', async () => {
    const [block] = blocksOf('from-crontab');
    const printed = await run(homeOf('from-crontab'), block?.code ?? '', account());
    expect(printed).toContain('every Monday and Friday at 02:30');
    const ips = clientOf('My Company');
    expect((await ips.getScheduledJobs()).jobArray.map(({ name }) => name)).toContain('Nightly publish');
    await ips.close();
  });

  it('of "In CI" read the state of the last publish, and use a local server', async () => {
    const home = homeOf('in-ci');
    const [check, local] = blocksOf('in-ci');
    expect(await run(home, check?.code ?? '', account())).toBe('null\n');
    await run(home, 'ips publish --name "Nightly publish 2"', account());
    const code = check?.code.replace('Nightly publish', 'Nightly publish 2') ?? '';
    expect((await run(home, code, account())).trim()).toBe('succeeded');
    expect(await run(home, local?.code ?? '')).toMatch(/red/);
  });

  it('of the workflow in "In CI" upload and publish', async () => {
    const text = markdownExamples(join(guides, 'in-ci.md')).find(({ language }) => language === 'yaml');
    const workflow = parseYaml(text?.code ?? '') as {
      jobs: { publish: { env: Record<string, string>; steps: { run?: string }[] } };
    };
    const { env, steps } = workflow.jobs.publish;
    const script = steps.flatMap(({ run: line }) => (line?.startsWith('ips ') ? [line] : [])).join('\n');
    // The service and the secrets are those of the test, everything else is as the page has it.
    const {
      IPS_REGION: _,
      IPS_COMPANY: company,
      ...others
    } = { ...env, ...account(), IPS_COMPANY: 'My Company' } as Record<string, string>;
    await run(homeOf('workflow'), script, { ...others, IPS_COMPANY: company });
    expect(await namesIn('My Company', 'MyCompany/Web/')).toEqual(['blue', 'red']);
  });

  it('of "Move a company" move assets from one company to the other', async () => {
    const home = homeOf('move-a-company');
    for (const [profile, company] of Object.entries({ old: 'Old Company', new: 'New Company' }))
      await run(home, `printf %s "$IPS_PASSWORD" | ips login --profile ${profile} --password-stdin`, {
        ...account(),
        IPS_COMPANY: company,
      });
    await run(home, 'ips upload images/red.png images/blue.png --to OldCompany/Shoes/ --profile old');
    for (const { code } of blocksOf('move-a-company')) await run(home, code);
    const inventory = JSON.parse(readFileSync(join(home, 'inventory.json'), 'utf8')) as object[];
    expect(inventory).toContainEqual({ name: 'red', type: 'Image', folder: 'OldCompany/Shoes/' });
    expect(await namesIn('New Company', 'NewCompany/Shoes/')).toEqual(['blue', 'red']);
  });

  it.each(['check-your-company', 'test-without-the-service'])(
    'of %s record a company and find no difference in an empty one',
    async (page) => {
      const home = homeOf(page);
      const empty = { ...account(), IPS_COMPANY: 'Empty Company' };
      for (const { code } of blocksOf(page)) await run(home, code, empty);
      expect(readdirSync(join(home, 'fixtures')).length).toBeGreaterThan(2);
    },
  );

  it('of a company with assets find a difference of the kind that the guide names', async () => {
    const home = homeOf('replay');
    await run(home, 'ips upload images --to MyCompany/Replay/', account());
    await run(home, 'ips record --to fixtures -- asset search', account());
    const replay = run(home, 'ips replay fixtures --against server', account());
    await expect(replay).rejects.toThrow(/searchAssetsReturn\.assetArray\tcount/);
  });

  it('are all run by a test of this file', () => {
    const run = ['from-crontab', 'in-ci', 'move-a-company', 'check-your-company', 'test-without-the-service'];
    const pages = markdownPages().filter((page) => blocksOf(page).length > 0);
    expect(pages.sort()).toEqual(run.sort());
  });
});

function markdownPages(): string[] {
  return readdirSync(guides).map((name) => name.replace(/\.md$/, ''));
}
