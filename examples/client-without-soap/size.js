// What was installed for the client: fewer than 20 packages of less than 9 MB.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const installed = Object.keys(packages).filter(
  (path) => path !== '' && !packages[path].dev && existsSync(join(path, 'package.json')),
);
const bytes = installed.reduce((sum, path) => sum + size(path), 0);
assert.ok(!installed.includes('node_modules/soap'), 'soap was not left out');
assert.ok(installed.length < 20, `${installed.length} packages: ${installed.join(', ')}`);
assert.ok(bytes < 9e6, `${bytes} bytes`);
console.log(`${installed.length} packages, ${(bytes / 1e6).toFixed(1)} MB`);

/** Bytes of the files in a folder, without packages of its own. */
function size(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .reduce((sum, entry) => {
      const path = join(folder, entry.name);
      return sum + (entry.isDirectory() ? size(path) : statSync(path).size);
    }, 0);
}
