import { and, asc, eq, inArray, isNotNull, isNull, or } from 'drizzle-orm';
import { assetCondition } from '../access/permissions/conditions.js';
import { READ_WRITE } from '../access/permissions/rights.js';
import type { FileProcessing } from '../assets/ingest-options.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { JobKind } from '../jobs/job-kind.js';
import { reprocessItem, reprocessTogether } from './reprocess-item.js';

/** Log types of jobs that recreate derivatives. */
export const REPROCESS_LOG_TYPES = {
  begin: 'BeginReoptimize',
  end: 'endReoptimize',
  success: 'ReoptimizeSuccess',
  error: 'ReoptimizeFailure',
  // The service has no constant for these warnings.
  warning: 'UploadWarning',
} as const;

/** Creates missing derivatives of the images that the submitter may change. */
export const optimizeImagesJob: JobKind<'optimizeImagesJob'> = {
  kind: 'optimizeImagesJob',
  type: 'ImageOptimization',
  logTypes: REPROCESS_LOG_TYPES,
  run: async (context) => {
    const { services, company, run } = context;
    const permitted = await assetCondition(services.db, await context.viewer(), READ_WRITE);
    const images = await services.db
      .select()
      .from(t.assets)
      .where(
        and(
          eq(t.assets.companyId, company.id),
          permitted,
          inArray(t.assets.type, ['Image', 'AnimatedGif']),
          eq(t.assets.trashState, 'NotInTrash'),
          isNotNull(t.assets.originalFile),
          or(isNull(t.assets.optimizedFile), isNull(t.assets.thumbFile)),
        ),
      )
      .orderBy(asc(t.assets.id));
    const done = context.doneKeys('asset/').length;
    if (run.counters.total === 0) await context.setTotal(images.length + done);
    const task = context.task('OptimizeImage', images.length);
    context.progress.phase = 'Optimizing files';
    const items = images.map((image) =>
      reprocessItem(context, image, { processing: askedOf(image), requested: new Set(), projectIds: [] }),
    );
    await context.items(task, items, { together: reprocessTogether(context) });
    task.end('Done');
    return 'done';
  },
};

/** The processing of an image, as set by the job that uploaded it. */
export function askedOf({ processing }: AssetRow): FileProcessing {
  return (processing['asked'] as FileProcessing | undefined) ?? {};
}
