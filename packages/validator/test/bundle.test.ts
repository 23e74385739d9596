// One name costs what one name needs, by whatever spelling and from whatever module it is imported.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as all from '@ips-sdk/validator';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** KiB of a bundle, minified. */
async function size(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  return (outputFiles[0]?.contents.length ?? 0) / 1024;
}

describe('a bundle holds no other names', () => {
  it.each([
    ["isSubmitJobParam } from '@ips-sdk/validator/SubmitJobParam'", 25],
    ["isSubmitJobParam } from '@ips-sdk/validator/submitJobParam'", 25],
    ["isSubmitJobParam } from '@ips-sdk/validator'", 30],
    ["validateStopJobParam } from '@ips-sdk/validator/stopJobParam'", 15],
    ["validateStopJobParam } from '@ips-sdk/validator'", 15],
    ["validateSubmitJobParam } from '@ips-sdk/validator/submitJobParam'", 100],
    ["validateSubmitJobParam } from '@ips-sdk/validator'", 100],
  ])('import { %s', async (code, limit) => {
    expect(await size(`export { ${code};`)).toBeLessThan(limit);
  });

  it('but validate, which takes any name, holds all', async () => {
    expect(await size("export { validate } from '@ips-sdk/validator';")).toBeGreaterThan(500);
  });
});

describe('every name is a module in both spellings', () => {
  const names = Object.keys(all).flatMap((name) => /^validate([A-Z].*)/.exec(name)?.[1] ?? []);
  const element = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

  it('which the manifest leads to', () => {
    const file = (name: string) => fileURLToPath(import.meta.resolve(`@ips-sdk/validator/${name}`));
    const found = names.flatMap((name) => [file(name), file(element(name))]);
    expect(found.length).toBeGreaterThan(1000);
    expect(found.filter((path) => !existsSync(path))).toEqual([]);
    // On many file systems names that differ only in case are one.
    expect(new Set(found.map((path) => path.toLowerCase())).size).toBe(found.length);
  });

  it('which is one and the same', async () => {
    for (const name of ['StopJobParam', 'ActiveJob', 'ZipInfo']) {
      const [type, lower] = await Promise.all(
        [name, element(name)].map((each) => import(`@ips-sdk/validator/${each}`) as Promise<object>),
      );
      expect(Object.keys(type ?? {})).toEqual([`is${name}`, `validate${name}`]);
      expect(lower).toEqual(type);
    }
  });
});
