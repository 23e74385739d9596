// Copies the declarations that the entry points of the package need into dist/types. Those of all modules would be ten times as large.
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path/posix';

const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8'));
const folder = './dist/types/';
rmSync(folder, { recursive: true, force: true });
const copied = new Set();
for (const { types } of Object.values(entries)) if (types !== undefined) copy(types.slice(folder.length));

/** Copies a file and those that it imports. */
function copy(file) {
  if (copied.has(file)) return;
  copied.add(file);
  const code = readFileSync(join('dist', file), 'utf8');
  cpSync(join('dist', file), join(folder, file));
  for (const [, name] of code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
    const imported = join(file, '..', name).replace(/\.js$/, '.d.ts');
    if (!existsSync(join('dist', imported)))
      throw new Error(`dist/${file} imports ${name}, which has no declarations`);
    copy(imported);
  }
}
