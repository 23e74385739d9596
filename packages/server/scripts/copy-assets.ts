// Copies what the compiled code reads at run time.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

cpSync(new URL('../src/db/migrations', import.meta.url), new URL('../dist/db/migrations', import.meta.url), {
  recursive: true,
});

cpSync(
  new URL('../src/seed/seed.schema.json', import.meta.url),
  new URL('../dist/seed.schema.json', import.meta.url),
);

// The pages of the console, beside the code that serves them, and compressed once instead of at each start.
const PACKED = new Set(['.html', '.js', '.css', '.svg']);
const web = fileURLToPath(new URL('../dist/console/web/', import.meta.url));
for (const name of ['console', 'index.html', 'index.html.gz']) {
  rmSync(join(web, name), { recursive: true, force: true });
}
cpSync(new URL('../../../apps/console/dist/', import.meta.url), web, { recursive: true });
for (const entry of readdirSync(web, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  const isOurs = entry.name === 'index.html' || entry.parentPath.startsWith(join(web, 'console'));
  if (entry.isFile() && isOurs && PACKED.has(extname(file))) {
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
  }
}
