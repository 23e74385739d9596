import type { RunContext } from '../jobs/run-context.js';
import { noLongerMarked, publishCandidates } from './publish-candidates.js';
import { publishedTogether, publishItems } from './publish-items.js';
import type { PublishPlan } from './publish-plan.js';
import { removedTogether, unpublishItem } from './unpublish-items.js';

/** Files read and copied at once. */
const CONCURRENCY = 4;

/**
 * Publishes the marked assets of a context, and removes others. Work that was finished before a run was lost
 * is not repeated.
 */
export async function publishRun(context: RunContext, plan: PublishPlan): Promise<void> {
  const { db } = context.services;
  const assets = await publishCandidates(db, context.company, plan);
  const obsolete = await noLongerMarked(db, plan.context);
  const keys = new Set([
    ...context.doneKeys('publish/'),
    ...context.doneKeys('unpublish/'),
    ...assets.map(({ id }) => `publish/${id}`),
    ...obsolete.map(({ assetId }) => `unpublish/${assetId}`),
  ]);
  await context.setTotal(
    keys.size,
    assets.reduce((sum, { fileSize }) => sum + (fileSize ?? 0), 0),
  );
  const task = context.task('Publish', assets.length);
  context.progress.phase = 'Publishing files';
  await context.items(task, publishItems(context, plan, assets), {
    concurrency: CONCURRENCY,
    together: publishedTogether(context, plan),
  });
  task.end();
  if (obsolete.length === 0 && context.doneKeys('unpublish/').length === 0) return;
  await context.once('cleanup/begin', (tx) =>
    context.addRows(tx, [{ logType: plan.cleanup.begin, message: plan.context.name }]),
  );
  const cleanup = context.task('Cleanup', obsolete.length);
  await context.items(
    cleanup,
    obsolete.map((publication) => unpublishItem(plan, publication)),
    { together: removedTogether(plan) },
  );
  cleanup.end();
  const { end } = plan.cleanup;
  if (end === undefined) return;
  await context.once('cleanup/end', (tx) =>
    context.addRows(tx, [{ logType: end, message: plan.context.name }]),
  );
}
