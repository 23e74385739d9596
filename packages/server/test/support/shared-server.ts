// Servers that the test files of a worker share: starting one takes longer than most of their tests. A file that needs options
// of its own, or moves the clock, starts its own.
import { beforeEach, test } from 'vitest';
import { createIpsServer, type IpsServer } from '../../src/create-server.js';
import type { Snapshot } from '../../src/seed/snapshot.js';
import type { IpsServerOptions } from '../../src/server-options.js';
import { TEST_COST } from './password-hash.js';

/** The time on the clock of the manual one, which stands still. */
export const NOW = new Date('2026-03-01T12:00:00Z');

const OPTIONS = {
  /** Jobs are done when submitJob answers. */
  instant: { jobClock: 'instant', passwordCost: TEST_COST },
  /** Jobs wait. */
  manual: { jobClock: 'manual', now: NOW, passwordCost: TEST_COST },
} as const satisfies Readonly<Record<string, IpsServerOptions>>;

type Cleanup = { readonly onCleanup: (clean: () => Promise<void>) => void };

async function start(options: IpsServerOptions, { onCleanup }: Cleanup): Promise<IpsServer> {
  const server = await createIpsServer(options);
  onCleanup(() => server.stop());
  return server;
}

// Each starts when the first file asks for it, and stops with the worker.
const shared = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it what else is wanted, which is nothing.
  .extend('instant', { scope: 'worker' }, ({}, cleanup) => start(OPTIONS.instant, cleanup))
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  .extend('manual', { scope: 'worker' }, ({}, cleanup) => start(OPTIONS.manual, cleanup));

/**
 * Before the tests of this file: empties a shared server, and hands it over to be filled.
 *
 * @param begin - Keeps the server and puts into it what the tests expect.
 */
export function serverForFile(
  kind: keyof typeof OPTIONS,
  begin: (server: IpsServer) => void | Promise<void>,
): void {
  const empty = async (server: IpsServer): Promise<void> => {
    server.chaos({});
    await server.reset();
    await begin(server);
  };
  // Vitest reads the name of what is wanted from the parameter.
  if (kind === 'instant') shared.beforeAll(({ instant }) => empty(instant));
  else shared.beforeAll(({ manual }) => empty(manual));
}

/** As `serverForFile`, and brings the server back before each test to what it was filled with. */
export function serverForEachTest(
  kind: keyof typeof OPTIONS,
  begin: (server: IpsServer) => void | Promise<void>,
): void {
  let filled: { readonly server: IpsServer; readonly snapshot: Snapshot } | undefined;
  let untouched = true;
  serverForFile(kind, async (server) => {
    await begin(server);
    filled = { server, snapshot: await server.snapshot() };
  });
  beforeEach(async () => {
    if (!untouched) await filled?.server.restore(filled.snapshot);
    untouched = false;
  });
}
