import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createIpsServer, type IpsServer } from '@ips-sdk/server';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileExamples, type Example, markdownExamples } from '../../../scripts/testing/examples.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const own = fileURLToPath(new URL('../', import.meta.url));
const password = 'recipe-password-1';

/** Blocks that begin with these are run by CI itself. */
const RUN_BY_CI = /^npm ci && npm (?:run demo|test)\n$/;

const blocks = markdownExamples(join(root, 'README.md'), root).filter(({ code }) => !RUN_BY_CI.test(code));
const commands = blocks.filter(({ language, info }) => language === 'sh' && info === '');
const programs = blocks.filter(({ language, info }) => language === 'ts' && info === '');

describe.skipIf(process.platform === 'win32')('the recipes of the README', () => {
  let server: IpsServer;
  let folder: string;
  let files: Map<string, string>;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    const all = blocks.filter(({ language }) => language === 'ts');
    files = compileExamples(all, own);
    server = await createIpsServer({ company: 'My Company', admin: { email: 'ann@example.com', password } });
    folder = mkdtempSync(join(tmpdir(), 'ips-recipes-'));
    mkdirSync(join(folder, 'photos'));
    for (const [name, background] of Object.entries({ red: '#c00', blue: '#00c' })) {
      await sharp({ create: { width: 640, height: 480, channels: 3, background } })
        .png()
        .toFile(join(folder, 'photos', `${name}.png`));
    }
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const command = fileURLToPath(new URL('../bin/ips.js', import.meta.url));
    writeFileSync(join(bin, 'ips'), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`);
    chmodSync(join(bin, 'ips'), 0o755);
    environment = {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env['PATH']}`,
      IPS_ENDPOINT: server.endpoints.soap,
      IPS_USER: 'ann@example.com',
      IPS_PASSWORD: password,
      IPS_COMPANY: 'My Company',
      IPS_CONFIG_DIR: join(folder, 'config'),
      IPS_STATE_DIR: join(folder, 'state'),
    };
  });
  afterAll(async () => {
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('are five, and some lines for the shell', () => {
    expect(blocks.filter(({ language }) => language === 'ts')).toHaveLength(5);
    expect(commands).toHaveLength(1);
  });

  it.each(programs)('$name runs and prints what it says', async ({ name, code }) => {
    const { stdout } = await run(process.execPath, [files.get(name) ?? ''], {
      cwd: folder,
      env: environment,
    });
    expect(stdout.trimEnd().split('\n')).toEqual(promisedBy(code));
  });

  it.each(commands)('$name runs', async ({ code }) => {
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', code], { cwd: folder, env: environment });
    expect(stdout).toContain('{"name":"red","type":"Image"}');
  });

  it.each(blocks.filter(({ info }) => info === 'vitest'))(
    '$name passes as a test',
    async ({ name }: Example) => {
      const file = files.get(name) ?? '';
      const test = file.replace(/\.ts$/, '.test.ts');
      writeFileSync(test, await import('node:fs').then(({ readFileSync }) => readFileSync(file)));
      const vitest = join(root, 'node_modules/vitest/vitest.mjs');
      const { stdout } = await run(process.execPath, [
        vitest,
        'run',
        '--root',
        dirname(test),
        '--no-color',
        test,
      ]);
      expect(stdout).toMatch(/Tests\s+1 passed/);
    },
  );
});

function promisedBy(code: string): string[] {
  return code.split('\n').flatMap((line) => /console\.log\(.*\);\s*\/\/ (.+)$/.exec(line)?.[1] ?? []);
}
