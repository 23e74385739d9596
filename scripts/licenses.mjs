// Lists the licences of everything that the published packages install, in docs/licenses.md. With --check, fails when the list is
// out of date or contains a licence that is not allowed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { bundledPackages, productionTree, publishedPackages } from './production-tree.mjs';

/** Licences that are allowed without further reason. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

/** Others, each with the reason why it is acceptable for this package. */
const EXCEPTIONS = [
  {
    name: /^@img\/sharp-(?:libvips-|win32-|wasm32|webcontainers-wasm32|freebsd-wasm32)/,
    license: /LGPL-3\.0-or-later/,
    reason: 'libvips, a shared library that sharp loads; it can be replaced by another build',
  },
  {
    name: /^libheif-js$/,
    license: /^LGPL-3\.0$/,
    reason:
      'libheif in WebAssembly, an optional dependency that is loaded as a separate file; it can be omitted or replaced',
  },
  {
    name: /^mediabunny$/,
    license: /^MPL-2\.0$/,
    reason:
      'unmodified; the licence covers its own files and no others, and the notices of the bundle name their source',
  },
  {
    name: /^pako$/,
    license: /^\(MIT AND Zlib\)$/,
    reason: 'a port of zlib under its permissive licence',
  },
];

const file = new URL('../docs/licenses.md', import.meta.url);
const rows = new Map();
for (const { path, name } of publishedPackages()) {
  for (const dependency of [...productionTree(path), ...bundledPackages(path)]) {
    if (dependency.ours) continue;
    const key = `${dependency.name}@${dependency.version}`;
    const row = rows.get(key) ?? { ...dependency, usedBy: new Set() };
    row.usedBy.add(`${name.replace('@ips-sdk/', '')}${dependency.bundled ? ' (bundled)' : ''}`);
    rows.set(key, row);
  }
}

const refused = [];
const lines = [...rows.values()]
  .sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version))
  .map(({ name, version, license, optional, usedBy }) => {
    const reason = judge(name, license);
    if (reason === undefined) refused.push(`${name}@${version}: ${license ?? 'no licence'}`);
    const note = [optional ? 'one of several platforms' : '', reason ?? '']
      .filter((text) => text !== '')
      .join('; ');
    return `| ${name} | ${version} | ${license ?? '?'} | ${[...usedBy].sort().join(', ')} | ${note} |`;
  });
const text = `# Licenses

The dependencies of the published packages, from the lock file, and the packages bundled into them, whose licences are in
\`dist/THIRD-PARTY-LICENSES.txt\` of each. Written by \`npm run licenses\` after a build. The packages of this repository are under
Apache-2.0.

| Package | Version | License | Used by | Note |
| --- | --- | --- | --- | --- |
${lines.join('\n')}
`;

if (refused.length > 0) {
  console.error(`licences that are not allowed; see scripts/licenses.mjs:\n  ${refused.join('\n  ')}`);
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('docs/licenses.md is out of date; run "npm run licenses"');
  process.exitCode = 1;
} else console.log(`${rows.size} packages under allowed licences`);

/** Why a licence is acceptable: an empty string for an allowed one, `undefined` if it is not. */
function judge(name, license) {
  if (license === undefined) return undefined;
  // "A OR B" leaves the choice, "A AND B" does not.
  const alternatives = license.replaceAll(/[()]/g, '').split(/\s+OR\s+/);
  if (alternatives.some((each) => each.split(/\s+AND\s+/).every((one) => ALLOWED.has(one)))) return '';
  return EXCEPTIONS.find((exception) => exception.name.test(name) && exception.license.test(license))?.reason;
}
