import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm';
import { ZipFile } from 'yazl';
import type { Db } from '../db/db.js';
import type { ExportArchiveRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { FileStore } from '../files/file-store.js';
import { removeUnusedFiles } from '../files/unused-files.js';
import type { RunContext } from '../jobs/run-context.js';
import type { Services } from '../services.js';

/** Milliseconds for which an archive can be downloaded: a day. */
const EXPIRY = 86_400_000;

/**
 * Packs the files that a run has prepared into an archive, and logs where to download it. Does so once, even if the run is taken
 * over.
 */
export async function publishArchive(context: RunContext): Promise<void> {
  const { services, company, run, logTypes } = context;
  await removeExpiredExports(services);
  const made = await services.db.$count(t.exportArchives, eq(t.exportArchives.runId, run.id));
  const files = await services.db
    .select()
    .from(t.exportFiles)
    .where(eq(t.exportFiles.runId, run.id))
    .orderBy(asc(t.exportFiles.position));
  if (made > 0 || files.length === 0) return;
  const { hash } = await services.files.put(zipOf(services.files, files, services.clock.now()));
  context.throwIfStopped();
  const token = randomBytes(24).toString('base64url');
  const fileName = `${run.originalName.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')}.zip`;
  const expiresAt = new Date(services.clock.now().getTime() + EXPIRY);
  await context.once('archive', async (tx) => {
    await tx
      .insert(t.exportArchives)
      .values({ token, companyId: company.id, runId: run.id, fileName, file: hash, expiresAt });
    await context.count(tx, { transferSuccess: 1 });
    const link = `${services.baseUrl()}/scene7/export/${token}/${encodeURIComponent(fileName)}`;
    // Programs read it from the name of the asset, people from the message.
    await context.addRows(tx, [
      { logType: logTypes.success, message: link, assetName: link, assetType: 'Zip' },
    ]);
  });
}

/** The archive with a token, unless it has expired. */
export async function findArchive(db: Db, token: string, now: Date): Promise<ExportArchiveRow | undefined> {
  const [archive] = await db
    .select()
    .from(t.exportArchives)
    .where(eq(t.exportArchives.token, token.replaceAll('\0', '')));
  return archive !== undefined && archive.expiresAt > now ? archive : undefined;
}

/**
 * Removes expired archives, and the converted files of exports that ended at least as long ago, with or
 * without an archive. Files used elsewhere are kept.
 *
 * @returns The number of removed files.
 */
export async function removeExpiredExports(
  { db, files, keepsFile, clock }: Pick<Services, 'db' | 'files' | 'keepsFile' | 'clock'>,
  options: { readonly fileGrace?: number } = {},
): Promise<number> {
  const now = clock.now();
  const hashes = await db.transaction(async (tx) => {
    const archives = await tx
      .delete(t.exportArchives)
      .where(lt(t.exportArchives.expiresAt, now))
      .returning({ file: t.exportArchives.file });
    const ended = tx
      .select({ id: t.runs.id })
      .from(t.runs)
      .where(
        and(
          // Few runs are exports.
          sql`${t.runs.id} = any(array(select distinct e.run_id from ${t.exportFiles} e))`,
          eq(t.runs.state, 'Done'),
          lt(t.runs.endDate, new Date(now.getTime() - EXPIRY)),
        ),
      );
    const parts = await tx
      .delete(t.exportFiles)
      .where(inArray(t.exportFiles.runId, ended))
      .returning({ file: t.exportFiles.file });
    return [...archives, ...parts].map(({ file }) => file);
  });
  return removeUnusedFiles({ db, files, keepsFile }, hashes, options.fileGrace);
}

/** An archive as a stream: each file is opened only when it is read. */
function zipOf(
  store: FileStore,
  files: readonly { readonly path: string; readonly file: string }[],
  mtime: Date,
): Readable {
  const zip = new ZipFile();
  const used = new Set<string>();
  for (const { path, file } of files) {
    const name = unused(path, used);
    // Images hardly compress any further.
    zip.addReadStreamLazy(name, { mtime, compress: false }, (done) => done(null, store.read(file)));
  }
  zip.end();
  const output = Readable.from(zip.outputStream, { objectMode: false });
  zip.on('error', (error) => output.destroy(error as Error));
  return output;
}

function unused(path: string, used: Set<string>): string {
  const dot = path.lastIndexOf('.');
  const [stem, extension] = dot > path.lastIndexOf('/') ? [path.slice(0, dot), path.slice(dot)] : [path, ''];
  let name = path;
  for (let number = 2; used.has(name.toLowerCase()); number += 1) name = `${stem} (${number})${extension}`;
  used.add(name.toLowerCase());
  return name;
}
