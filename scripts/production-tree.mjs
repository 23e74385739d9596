// What a published package installs, by the lock file: every package that npm would install with it, without development
// dependencies, for all platforms.
import { existsSync, readFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

/** Names and folders of this repository's published packages. */
export function publishedPackages() {
  return Object.entries(lock.packages)
    .filter(([path]) => /^packages\/[^/]+$/.test(path))
    .map(([path, { name, version }]) => ({ path, name: name ?? nameAt(path), version }))
    .filter(
      ({ path }) =>
        JSON.parse(readFileSync(new URL(`../${path}/package.json`, import.meta.url), 'utf8')).private !==
        true,
    );
}

/**
 * All packages that one of ours needs, except itself: `{ name, version, path, license, optional, ours }`.
 *
 * @param path - Of the package in this repository, such as `packages/client`.
 */
export function productionTree(path) {
  const found = new Map();
  const visit = (from, entry, optional) => {
    const wanted = [
      ...Object.keys(entry.dependencies ?? {}).map((name) => [name, optional]),
      ...Object.keys(entry.optionalDependencies ?? {}).map((name) => [name, true]),
    ];
    for (const [name, isOptional] of wanted) {
      const target = resolve(from, name);
      // Optional packages of other platforms, and peers that nobody asked for, may be absent.
      if (target === undefined) continue;
      // One that was found as optional may be required elsewhere.
      const known = found.get(target);
      if (known !== undefined && (isOptional || !known.optional)) continue;
      const row = lock.packages[target];
      const real = row.link ? row.resolved : target;
      const { version, license } = lock.packages[real];
      found.set(target, {
        name,
        version,
        path: real,
        license,
        optional: isOptional,
        ours: row.link === true,
      });
      visit(real, lock.packages[real], isOptional);
    }
  };
  visit(path, lock.packages[path], false);
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The packages of others whose code is in a built package of ours: `{ name, version, license, optional, bundled, ours }`. */
export function bundledPackages(path) {
  const manifest = JSON.parse(readFileSync(new URL(`../${path}/package.json`, import.meta.url), 'utf8'));
  if (!manifest.scripts.build.includes('bundle')) return [];
  const list = new URL(`../${path}/dist/bundled.json`, import.meta.url);
  if (!existsSync(list)) throw new Error(`${path} is not built; run "npm run build" first`);
  return JSON.parse(readFileSync(list, 'utf8')).map((one) => ({
    ...one,
    optional: false,
    bundled: true,
    ours: false,
  }));
}

/** The path of a dependency, as Node.js finds it: in the nearest node_modules upwards. */
function resolve(from, name) {
  for (let folder = from; ; folder = folder.replace(/(?:^|\/)[^/]+$/, '')) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (lock.packages[candidate] !== undefined) return candidate;
    if (folder === '') return undefined;
  }
}

function nameAt(path) {
  return JSON.parse(readFileSync(new URL(`../${path}/package.json`, import.meta.url), 'utf8')).name;
}
