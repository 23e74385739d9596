// Keeps the temporary folders that tests and servers make, and says where they are: IPS_TEST_KEEP=1 npx vitest run test/x.test.ts
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';

/** Whether a path is such a folder. */
function isTemporary(path: fs.PathLike): boolean {
  return typeof path === 'string' && dirname(path) === tmpdir() && basename(path).startsWith('ips-');
}

function keep(path: fs.PathLike): void {
  console.log(`kept: ${path}`);
}

const { rmSync } = fs;
const { rm } = fs.promises;
fs.rmSync = (path, options) => (isTemporary(path) ? keep(path) : rmSync(path, options));
fs.promises.rm = async (path, options) => (isTemporary(path) ? keep(path) : rm(path, options));
// Modules that import one of them by its name get these as well.
syncBuiltinESMExports();
