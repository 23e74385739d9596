// Removes white space from the generated tables in dist: it is a third of what programs would load.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  if (!/\bgenerated\b.*\.js$/.test(file)) continue;
  const path = join('dist', file);
  const { code } = transformSync(readFileSync(path, 'utf8'), { minifyWhitespace: true, format: 'esm' });
  writeFileSync(path, code);
}
