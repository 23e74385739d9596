import { asc, count, eq } from 'drizzle-orm';
import { ingestOptionsOf } from '../assets/ingest-options.js';
import * as t from '../db/schema.js';
import type { JobKind } from '../jobs/job-kind.js';
import type { RunContext } from '../jobs/run-context.js';
import { withUploadDefaults } from './upload-defaults.js';
import { type Arrival, UPLOAD_LOG_TYPES, UploadRun } from './upload-run.js';

/** Adds posted files to the catalog. Waits for more until a post ends the upload. */
export const uploadPostJob: JobKind<'uploadPostJob'> = {
  kind: 'uploadPostJob',
  type: 'UploadPost',
  logTypes: UPLOAD_LOG_TYPES,
  // Someone is sending files.
  size: () => 1,
  check: async (details, place) => {
    await ingestOptionsOf(place.db, place.company, details, 'uploadPostJob');
  },
  shown: withUploadDefaults,
  run: async (context) => {
    const upload = await UploadRun.begin(context, 0);
    const seen = new Set(context.doneKeys(KEY));
    for (;;) {
      const posted = await context.services.db
        .select()
        .from(t.postedFiles)
        .where(eq(t.postedFiles.runId, context.run.id))
        .orderBy(asc(t.postedFiles.id));
      const pending = posted.filter(({ id }) => !seen.has(`${KEY}${id}`));
      if (pending.length > 0) {
        upload.addTotal(pending.length);
        await upload.add(pending.map(arrivalOf));
        for (const { id } of pending) seen.add(`${KEY}${id}`);
        continue;
      }
      // A post enqueues the run after recording its files, so a suspended run continues.
      const [end] = await context.services.db
        .select({ requested: t.runs.endRequested })
        .from(t.runs)
        .where(eq(t.runs.id, context.run.id));
      if (end?.requested !== true) return 'suspended';
      const files = await postedCount(context);
      // The post that ended the upload had another file.
      if (files > posted.length) continue;
      await upload.announce(files);
      upload.end();
      return 'done';
    }
  },
};

const KEY = 'posted/';

function arrivalOf(posted: typeof t.postedFiles.$inferSelect): Arrival {
  return {
    key: `${KEY}${posted.id}`,
    path: posted.path,
    transferred: true,
    fetch: async () => ({ hash: posted.file, size: posted.size }),
  };
}

function postedCount(context: RunContext): Promise<number> {
  return context.transaction(async (tx) => {
    const [row] = await tx
      .select({ files: count() })
      .from(t.postedFiles)
      .where(eq(t.postedFiles.runId, context.run.id));
    return row?.files ?? 0;
  });
}
