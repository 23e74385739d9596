// Checks the package in the working folder as npm would publish it: the manifest with publint, the exports as TypeScript resolves
// them with are-the-types-wrong. Both check the packed files, not the folder.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whose types public declarations may name, besides our own: they ship with them, and compile without `skipLibCheck`. */
const TYPED = { '@ips-sdk/server': ['pino', 'vitest'] };

const bin = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'pack-'));
try {
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { encoding: 'utf8' });
  const [{ filename, files, size, unpackedSize }] = Object.values(JSON.parse(packed));
  const unwanted = files
    .map(({ path }) => path)
    .filter((path) => /(^|\/)(test|bench|scripts|node_modules)\/|\.test\.|tsbuildinfo/.test(path));
  if (unwanted.length > 0)
    throw new Error(`${manifest.name} would publish ${unwanted.slice(0, 5).join(', ')}`);
  for (const needed of ['README.md', 'package.json']) {
    if (!files.some(({ path }) => path === needed))
      throw new Error(`${manifest.name} would be published without ${needed}`);
  }
  checkSourceMaps(files.map(({ path }) => path));
  const tarball = join(folder, filename);
  execFileSync(bin('publint'), ['--strict', tarball], { stdio: 'inherit' });
  // What is not code has no types; a package with nothing but a command has no entry points at all.
  const entries = Object.keys(manifest.exports ?? {}).filter((key) => !/[*]|\.json$/.test(key));
  checkDeclarations();
  if (entries.length > 0) {
    execFileSync(
      bin('attw'),
      [tarball, '--profile', 'esm-only', '--entrypoints', ...entries, '--format', 'table-flipped'],
      { stdio: 'inherit' },
    );
  }
  console.log(`${manifest.name}: ${files.length} files, ${kib(size)} packed, ${kib(unpackedSize)} unpacked`);
} finally {
  rmSync(folder, { recursive: true });
}

/** A source map that names an unpublished file of ours is useless. */
function checkSourceMaps(paths) {
  const published = new Set(paths);
  for (const path of paths.filter((each) => each.endsWith('.map'))) {
    const { sources, sourcesContent } = JSON.parse(readFileSync(path, 'utf8'));
    for (const [index, source] of sources.entries()) {
      if (typeof sourcesContent?.[index] === 'string' || published.has(posix.join(dirname(path), source)))
        continue;
      // The code of other packages in a bundle.
      if (source === '') continue;
      throw new Error(`${manifest.name} would publish ${path}, whose source ${source} is not in the package`);
    }
  }
}

/**
 * A program that checks declarations compiles every file that they import, with the types that those need. So what can be reached
 * from an entry point names our own packages only, and nothing of Node, whose types need not be installed.
 */
function checkDeclarations() {
  const seen = new Set();
  const visit = (file, isForPeer) => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    for (const [, name] of code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (name.startsWith('.')) visit(join(dirname(file), name.replace(/\.js$/, '.d.ts')), isForPeer);
      // Whoever imports an entry point for an optional package has that package.
      else if (
        !name.startsWith('@ips-sdk/') &&
        !TYPED[manifest.name]?.includes(name) &&
        !(isForPeer && manifest.peerDependenciesMeta?.[name]?.optional)
      )
        throw new Error(`${manifest.name}: the public declaration ${file} names a type of ${name}`);
    }
    const ofNode = /\b(?:Buffer|NodeJS)\b/.exec(code)?.[0];
    if (ofNode !== undefined)
      throw new Error(`${manifest.name}: the public declaration ${file} names ${ofNode}, a type of Node`);
  };
  for (const [entry, { types }] of Object.entries(manifest.exports ?? {}))
    if (types !== undefined) visit(types, manifest.peerDependencies?.[entry.slice(2)] !== undefined);
}

function kib(bytes) {
  return `${Math.round(bytes / 1024).toLocaleString('en-US')} KiB`;
}
