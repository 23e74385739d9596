import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, tableNames } from '../src/db/store.js';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-template-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('a new embedded database', () => {
  it('replaces what is left of one whose creation was interrupted', async () => {
    mkdirSync(join(dataDir, 'database.incoming/base'), { recursive: true });
    writeFileSync(join(dataDir, 'database.incoming/PG_VERSION'), '1');
    const store = await openStore({ kind: 'directory', path: dataDir });
    expect(await tableNames(store.db)).toEqual(expect.arrayContaining(['companies', 'runs']));
    await store.close();
    expect(existsSync(join(dataDir, 'database.incoming'))).toBe(false);
  });

  it('has the same tables in memory as in a directory', async () => {
    const memory = await openStore({ kind: 'memory' });
    const directory = await openStore({ kind: 'directory', path: dataDir });
    expect(await tableNames(memory.db)).toEqual(await tableNames(directory.db));
    await memory.close();
    await directory.close();
  });
});
