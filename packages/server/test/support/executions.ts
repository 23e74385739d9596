// Executors of runs that do what a test says, and what is left of their runs.
import { eq } from 'drizzle-orm';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { beforeEach } from 'vitest';
import type { RunRow } from '../../src/db/rows.js';
import * as t from '../../src/db/schema.js';
import type { JobKind } from '../../src/jobs/job-kind.js';
import type { RunContext } from '../../src/jobs/run-context.js';
import { RunExecutor } from '../../src/jobs/run-executor.js';
import type { JobWorld } from './job-world.js';

/** A lost connection, as a query reports it. */
export const lost = () =>
  new DrizzleQueryError('select', [], Object.assign(new Error('a'), { code: 'ECONNRESET' }));

/** Work that waits until a test lets it go on, or it is stopped. */
export function held(
  then: (context: RunContext<'exportJob'>) => Promise<'done' | 'suspended'> = async () => 'done',
) {
  const { promise: letGo, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  return {
    begun,
    goOn,
    run: async (context: RunContext<'exportJob'>) => {
      begin();
      const stopped = new Promise<void>((resolve) =>
        context.signal.addEventListener('abort', () => resolve()),
      );
      await Promise.race([letGo, stopped]);
      context.throwIfStopped();
      return then(context);
    },
  };
}

/** An item of a run. */
export const item = (key: string, work: () => Promise<void>) => ({
  key,
  name: key,
  prepare: work,
  commit: async () => ({ outcome: 'success' as const, rows: [] }),
});

/** The executors of the tests of a file. Call it at the top of the file. */
export function executions(world: () => JobWorld) {
  let done: RunRow[] = [];
  beforeEach(() => {
    done = [];
    world().services.metrics.runs.reset();
  });
  const read = async ({ id }: Pick<RunRow, 'id'>): Promise<RunRow> => {
    const [row] = await world().db.select().from(t.runs).where(eq(t.runs.id, id));
    if (row === undefined) throw new Error('the run is gone');
    return row;
  };
  const rows = async () =>
    (await world().db.select().from(t.logRows).orderBy(t.logRows.id)).map(({ logType, message }) => [
      logType,
      message,
    ]);
  const ended = async () =>
    (await world().services.metrics.runs.get()).values.map(({ labels, value }) => [labels.outcome, value]);
  const atWork = async () => (await world().services.metrics.runsAtWork.get()).values[0]?.value;
  const logged = (): string[] =>
    world().lines.map((line) => String((JSON.parse(line) as { msg: unknown }).msg));
  /** An executor of a kind that does what a test says. */
  function executorOf(run: JobKind<'exportJob'>['run'], services = world().services): RunExecutor {
    const parts = { ...world().withKind({ run }), services };
    return new RunExecutor(parts, async (_tx, end) => void done.push(end));
  }
  return {
    read,
    rows,
    ended,
    atWork,
    logged,
    /** Runs that ended, in their transaction. */
    finished: () => done,
    executorOf,
  };
}
