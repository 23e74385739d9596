import { eq } from 'drizzle-orm';
import * as t from '../db/schema.js';
import type { Claim } from './claims.js';
import type { LogRow } from './item.js';
import type { RunContext } from './run-context.js';

/** Writes the first rows of the log, once. If another worker continues the run, writes rows with the reason. */
export async function beginLog(context: RunContext, type: string, before: Claim['before']): Promise<void> {
  const { run, services } = context;
  const [begun] = await services.db
    .select({ id: t.logRows.id })
    .from(t.logRows)
    .where(eq(t.logRows.runId, run.id))
    .limit(1);
  if (begun === undefined) {
    const rows: LogRow[] = [
      {
        logType: context.logTypes.begin,
        message: context.logTypes.beginMessage ?? `Job ${run.name} started.`,
      },
      // The run's own name, as in the documented sample, although the head of the log has a different original name.
      { logType: 'OriginalJobName', message: run.name },
      { logType: 'JobClient', message: services.config.serverName },
      { logType: 'JobType', message: type },
    ];
    if (run.initiatingJobName !== null)
      rows.push({ logType: 'InitiatingJobName', message: run.initiatingJobName });
    await context.log(...rows);
    return;
  }
  if (before === undefined || run.stopRequested) return;
  const rows: LogRow[] = [];
  if (before.lost) {
    services.log.warn({ run: run.name, lost: before.server }, 'resuming a run whose worker was lost');
    rows.push({
      logType: context.logTypes.warning,
      message: `The worker ${before.server} was lost; the run continues`,
    });
  }
  if (before.lost || before.server !== run.serverName)
    rows.push({ logType: 'JobClient', message: run.serverName });
  await context.log(...rows);
}
