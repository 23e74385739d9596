// The direction of the packages: see docs/ARCHITECTURE.md. It stands here because the command line stands above all of them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../', import.meta.url));

/** What each package may import of the others. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  types: [],
  delivery: [],
  validator: ['types'],
  wire: ['types'],
  codegen: [],
  client: ['types', 'validator', 'wire'],
  server: ['client', 'delivery', 'types', 'validator', 'wire'],
  cli: ['client', 'codegen', 'types', 'validator', 'wire'],
};

interface Source {
  readonly file: string;
  readonly text: string;
}

function sourcesOf(name: string): Source[] {
  return readdirSync(join(PACKAGES, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/(^|\/)(generated|compiled)\//.test(file))
    .map((file) => ({ file, text: readFileSync(join(PACKAGES, name, 'src', file), 'utf8') }));
}

/** Examples in comments may show packages together. */
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\//g, '');

it('every package has a place', () => {
  const names = readdirSync(PACKAGES).filter((name) => existsSync(join(PACKAGES, name, 'package.json')));
  expect(names.sort()).toEqual(Object.keys(BELOW).sort());
});

it.each(Object.entries(BELOW))('%s imports only what is below it', (name, below) => {
  const foreign = sourcesOf(name).flatMap(({ file, text }) =>
    [...withoutComments(text).matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)'@ips-sdk\/([\w-]+)/g)]
      .map(([, to = '']) => to)
      .filter((to) => to !== name && !below.includes(to))
      .map((to) => `${name}/src/${file} → @ips-sdk/${to}`),
  );
  expect(foreign).toEqual([]);
});

it.each(Object.keys(BELOW))('files of %s have a length that one can read', (name) => {
  const long = sourcesOf(name).filter(({ text }) => text.split('\n').length > 320);
  expect(long.map(({ file, text }) => `${file}: ${text.split('\n').length}`)).toEqual([]);
});
