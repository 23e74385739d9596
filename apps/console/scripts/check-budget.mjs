// Fails when the built console has more script than its budget: on the first route, or on all routes together. Compressed as the host
// sends it.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KIB = 1024;
/** KiB of script, compressed. */
const BUDGET = { first: 170, all: 260 };

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('console/manifest.json', dist), 'utf8'));
const chunks = Object.entries(manifest).filter(([, { file }]) => file.endsWith('.js'));
const sizeOf = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

/** What a chunk loads at once. */
function withImports(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const imported of manifest[key].imports ?? []) withImports(imported, seen);
  return seen;
}

const entries = chunks.filter(([, { isEntry }]) => isEntry).map(([key]) => key);
if (entries.length === 0) throw new Error('the manifest has no entry; run npm run build -w apps/console');
const first = new Set(entries.flatMap((entry) => [...withImports(entry)]));
const total = (keys) => [...keys].reduce((sum, key) => sum + sizeOf(manifest[key].file), 0) / KIB;
const measured = { first: total(first), all: total(chunks.map(([key]) => key)) };

for (const [what, size] of Object.entries(measured)) {
  const words = what === 'first' ? 'the first route' : 'all routes';
  console.log(`${words}: ${size.toFixed(1)} KiB of ${BUDGET[what]}`);
}
const over = Object.keys(BUDGET).filter((what) => measured[what] > BUDGET[what]);
if (over.length > 0) {
  console.error(`over budget: ${over.join(', ')}. Load more on demand, or find a smaller way.`);
  process.exitCode = 1;
}
