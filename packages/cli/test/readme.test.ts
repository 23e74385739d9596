// Runs the README: its blocks for shells, in order, in one home, against the real server.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markdownExamples } from '../../../scripts/testing/examples.js';
import { CONNECT_OPTIONS, type CommandSpec, PRINT_OPTIONS } from '../src/spec.js';
import { tree } from '../src/tree/tree.js';
import { BIN, environment, ON_WINDOWS } from './support/ips.js';
import { png } from './support/png.js';

const readme = fileURLToPath(new URL('../README.md', import.meta.url));
const text = readFileSync(readme, 'utf8');
const blocks = markdownExamples(readme);
const home = mkdtempSync(join(tmpdir(), 'ips-cli-readme-'));
const env = environment(home, { PATH: `${home}/bin:${process.env['PATH']}` });

beforeAll(() => {
  mkdirSync(join(home, 'bin'));
  mkdirSync(join(home, 'photos'));
  for (const [name, color] of [
    ['red-shoe', [200, 30, 30]],
    ['blue-shoe', [30, 30, 200]],
  ] as const)
    writeFileSync(join(home, 'photos', `${name}.png`), png(320, 240, color));
  writeFileSync(join(home, 'bin/ips'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(join(home, 'bin/ips'), 0o755);
});

afterAll(async () => {
  if (!ON_WINDOWS) await promisify(execFile)('ips', ['server', 'stop', '--quiet'], { env });
  rmSync(home, { recursive: true, force: true });
});

describe('the README', () => {
  it('has only blocks that are run, or marked as not run', () => {
    for (const { language } of blocks) expect(language).toBe('sh');
    const skipped = blocks.filter(({ info }) => info === 'no-run');
    expect(skipped.every(({ code }) => /npm install|ips completion/.test(code))).toBe(true);
  });

  // The blocks are those of a POSIX shell.
  it.skipIf(ON_WINDOWS).each(blocks.filter(({ info }) => info !== 'no-run'))(
    '$name runs as it stands',
    async ({ code }) => {
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', code], {
        env,
        cwd: home,
      });
      expect(stdout).not.toBe('');
    },
  );

  it('names every command', () => {
    const missing = leaves(tree).filter((path) => {
      const [noun = '', verb] = path.split(' ');
      const lines = text.split('\n').filter((line) => line.includes(`\`ips ${noun}`));
      return !lines.some((line) => verb === undefined || line.includes(verb));
    });
    expect(missing.filter((path) => !['logout', 'whoami'].includes(path))).toEqual([]);
  });

  it('names every exit code, variable and option of output and connection', () => {
    const sources = ['src/config/settings.ts', 'src/config/folders.ts', 'src/config/secrets.ts'].map((file) =>
      readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'),
    );
    for (const [, name] of sources.join().matchAll(/env\['(IPS_\w+)'\]/g)) expect(text).toContain(name);
    for (const code of [0, 1, 2, 3, 4, 5, 6, 130]) expect(text).toContain(`\n| ${code} | `);
    for (const { flags } of [...PRINT_OPTIONS, ...CONNECT_OPTIONS])
      expect(text).toContain(flags.split(' ')[0]);
  });

  it('explains each dependency', () => {
    const { dependencies } = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    ) as { dependencies: Record<string, string> };
    for (const name of Object.keys(dependencies))
      expect(text).toContain(name.startsWith('@ips-sdk/') ? '| `@ips-sdk/*` |' : `| \`${name}\` |`);
  });
});

function leaves(spec: CommandSpec, path: readonly string[] = []): string[] {
  if (spec.commands === undefined) return [path.join(' ')];
  return spec.commands.flatMap((child) => leaves(child, [...path, child.name]));
}
