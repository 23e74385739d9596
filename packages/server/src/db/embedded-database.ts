import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PGlite, PGliteOptions } from '@electric-sql/pglite';

/**
 * Memory for pages of the database, instead of 128 MB. The system caches the files of a directory, and those of a database in memory are
 * in memory anyway.
 */
const SHARED_BUFFERS = '32MB';

/** Compiled once for all databases of a process. */
let compiled: Promise<Compiled> | undefined;

type Compiled = PGliteOptions['pgliteWasmModule'];

// Node's types and those of the language lack it; the types of the web would bring everything else of the web.
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { compile(code: Uint8Array): Promise<Compiled> };
};

/** Opens an embedded database. */
export async function openEmbedded(options: PGliteOptions): Promise<PGlite> {
  compiled ??= compile();
  const [{ PGlite }, pgliteWasmModule] = await Promise.all([import('@electric-sql/pglite'), compiled]);
  const lite = new PGlite({
    ...options,
    ...(pgliteWasmModule === undefined ? {} : { pgliteWasmModule }),
    startParams: [...PGlite.defaultStartParams, '-c', `shared_buffers=${SHARED_BUFFERS}`],
  });
  // Statements are sent by node-postgres, which has its own parsers. PGlite would read all types of arrays from each database that it
  // opens, which takes a quarter of the time of opening it.
  lite._initArrayTypes = async () => undefined;
  await lite.waitReady;
  return lite;
}

/** PostgreSQL as WebAssembly; `undefined` where a version of PGlite keeps it elsewhere, which then compiles it itself. */
async function compile(): Promise<Compiled> {
  try {
    const file = new URL('./pglite.wasm', import.meta.resolve('@electric-sql/pglite'));
    return await WebAssembly.compile(await readFile(fileURLToPath(file)));
  } catch {
    return undefined;
  }
}
