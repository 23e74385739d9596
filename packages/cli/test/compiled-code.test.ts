// Where Node.js keeps the compiled code of the command.
import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ipsProcess, temporaryFolder } from './support/ips.js';

/** Runs `ips --version` with settings of the user that are not the ones of the other tests. */
async function version(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const ran = await ipsProcess(['--version'], { env: { NODE_COMPILE_CACHE: undefined, ...env } });
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d/), stderr: '' });
}

/** A home, a folder for temporary files that others can write to, and where the code belongs. */
function folders() {
  const all = temporaryFolder();
  const [home, temporary] = [join(all, 'home'), join(all, 'tmp')];
  const cache = join(home, '.cache');
  for (const folder of [home, temporary]) mkdirSync(folder);
  return { home, temporary, cache, compiled: join(cache, 'ips/compiled') };
}

describe.skipIf(process.platform === 'win32')('compiled code is kept', () => {
  it('in the folder of the user, not among temporary files', async () => {
    const { home, temporary, cache, compiled } = folders();
    await version({ HOME: home, TMPDIR: temporary });
    expect(readdirSync(compiled).length).toBeGreaterThan(0);
    expect(readdirSync(temporary)).toEqual([]);
    const other = join(cache, 'other');
    await version({ HOME: home, TMPDIR: temporary, XDG_CACHE_HOME: other });
    expect(existsSync(join(other, 'ips/compiled'))).toBe(true);
  });

  it('where NODE_COMPILE_CACHE says', async () => {
    const { home, cache, temporary } = folders();
    await version({ HOME: home, NODE_COMPILE_CACHE: join(temporary, 'here') });
    expect(readdirSync(join(temporary, 'here')).length).toBeGreaterThan(0);
    expect(existsSync(cache)).toBe(false);
  });

  it('nowhere if the user has no folder that can be written', async () => {
    const { home, cache, temporary } = folders();
    // No folder can be made below a file.
    writeFileSync(cache, '');
    await version({ HOME: home, TMPDIR: temporary });
    await version({ HOME: undefined, TMPDIR: temporary });
    await version({ HOME: undefined, XDG_CACHE_HOME: 'relative', TMPDIR: temporary });
    expect(readdirSync(temporary)).toEqual([]);
  });

  // Only root can give a folder to another user.
  it.skipIf(process.getuid?.() !== 0)('nowhere if the folder belongs to another user', async () => {
    const { home, compiled, temporary } = folders();
    mkdirSync(compiled, { recursive: true });
    chownSync(compiled, 12_345, 12_345);
    await version({ HOME: home, TMPDIR: temporary });
    expect(readdirSync(compiled)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
