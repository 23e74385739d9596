import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { asc, eq, lt } from 'drizzle-orm';
import { ZipFile } from 'yazl';
import * as t from '../db/schema.js';
import type { FileStore } from '../files/file-store.js';
import type { RunContext } from '../jobs/run-context.js';
import type { Services } from '../services.js';

/** Milliseconds for which an archive can be downloaded: a day. */
const EXPIRY = 86_400_000;

/**
 * Makes the archive of the files that a run has ready, and says in its log where it can be downloaded. Once, even if the run is
 * taken over.
 */
export async function publishArchive(context: RunContext): Promise<void> {
  const { services, company, run, logTypes } = context;
  await removeExpired(services);
  const files = await services.db
    .select()
    .from(t.exportFiles)
    .where(eq(t.exportFiles.runId, run.id))
    .orderBy(asc(t.exportFiles.position));
  if (files.length === 0) return;
  const { hash } = await services.files.put(zipOf(services.files, files, services.clock.now()));
  context.throwIfStopped();
  const token = randomBytes(24).toString('base64url');
  const fileName = `${run.originalName.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')}.zip`;
  const expiresAt = new Date(services.clock.now().getTime() + EXPIRY);
  await context.once('archive', async (tx) => {
    await tx
      .insert(t.exportArchives)
      .values({ token, companyId: company.id, runId: run.id, fileName, file: hash, expiresAt });
    await tx.delete(t.exportFiles).where(eq(t.exportFiles.runId, run.id));
    await context.count(tx, { transferSuccess: 1 });
    await context.addRows(tx, [
      {
        logType: logTypes.success,
        message: `${services.baseUrl()}/scene7/export/${token}/${encodeURIComponent(fileName)}`,
        assetName: fileName,
        assetType: 'Zip',
      },
    ]);
  });
}

/** An archive as it is made: a file is opened when its turn comes. */
function zipOf(
  store: FileStore,
  files: readonly { readonly path: string; readonly file: string }[],
  mtime: Date,
): Readable {
  const zip = new ZipFile();
  const used = new Set<string>();
  for (const { path, file } of files) {
    const name = unused(path, used);
    // Images hardly get smaller.
    zip.addReadStreamLazy(name, { mtime, compress: false }, (done) => done(null, store.read(file)));
  }
  zip.end();
  const output = new Readable().wrap(zip.outputStream);
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

async function removeExpired({ db, files, clock }: Services): Promise<void> {
  const gone = await db
    .delete(t.exportArchives)
    .where(lt(t.exportArchives.expiresAt, clock.now()))
    .returning({ file: t.exportArchives.file });
  for (const { file } of gone) {
    if ((await db.$count(t.exportArchives, eq(t.exportArchives.file, file))) === 0) await files.delete(file);
  }
}
