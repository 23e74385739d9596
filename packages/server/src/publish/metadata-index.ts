import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { and, asc, eq, gt } from 'drizzle-orm';
import { loadAssets } from '../assets/asset-record.js';
import * as t from '../db/schema.js';
import { assetHandle } from '../handles.js';
import type { RunContext } from '../jobs/run-context.js';
import { publishedDirectory, stageDocument } from './published-directory.js';

/** One asset in the index. */
interface IndexEntry {
  readonly assetHandle: string;
  readonly name: string;
  readonly type: string;
  readonly folder: string;
  readonly metadata: readonly unknown[];
}

/** Assets read at once. */
const PAGE = 500;

/**
 * Publishes the metadata of all assets marked for publish, as `metadata.json` in the company's published directory.
 *
 * @param options - `force` treats every asset as changed; `counted` counts the assets as files of the run,
 * unless the index is only a side effect of the run.
 */
export async function publishMetadataIndex(
  context: RunContext,
  options: { readonly force: boolean; readonly counted: boolean },
): Promise<void> {
  const { services, company, run } = context;
  const path = join(publishedDirectory(services.config.serverRoot, company), 'metadata.json');
  const known = await readIndex(path);
  const task = context.task('MetadataIndex', 1);
  context.progress.phase = 'Publishing metadata';
  const entries: IndexEntry[] = [];
  for (let after = 0; ; ) {
    context.throwIfStopped();
    const rows = await services.db
      .select()
      .from(t.assets)
      .where(
        and(
          eq(t.assets.companyId, company.id),
          eq(t.assets.trashState, 'NotInTrash'),
          eq(t.assets.readyForPublish, true),
          gt(t.assets.id, after),
        ),
      )
      .orderBy(asc(t.assets.id))
      .limit(PAGE);
    if (rows.length === 0) break;
    after = rows.at(-1)?.id ?? after;
    const assets = await loadAssets({ db: services.db, services }, company, rows, new Set(['metadata']));
    entries.push(
      ...rows.map(({ id, name, type }, index) => ({
        assetHandle: assetHandle(id),
        name,
        type,
        folder: assets[index]?.folder ?? company.rootPath,
        metadata: assets[index]?.metadataArray ?? [],
      })),
    );
  }
  const changed = entries.filter(
    (entry) => options.force || known.get(entry.assetHandle) !== JSON.stringify(entry),
  );
  const present = new Set(entries.map(({ assetHandle }) => assetHandle));
  const removed = [...known.keys()].filter((handle) => !present.has(handle));
  const count = changed.length + removed.length;
  if (options.counted) await context.setTotal(count);
  if (count > 0) {
    const document = { company: company.name, assets: entries };
    const staged = await stageDocument(path, `${JSON.stringify(document, undefined, 1)}\n`, run);
    await context.once('metadata-index', async (tx) => {
      await context.addRows(tx, [
        ...changed.map((entry) => ({
          logType: 'MetadataSuccess',
          message: `The metadata of ${entry.folder}${entry.name} was published.`,
          assetName: entry.name,
          assetId: Number(entry.assetHandle.slice(2)),
        })),
        ...removed.map((handle) => ({
          logType: 'MetadataSuccess',
          message: `The metadata of ${handle} was removed.`,
        })),
      ]);
      if (options.counted) await context.count(tx, { success: count, transferSuccess: 1 });
      await staged.commit();
    });
  }
  task.skip();
  task.end();
}

async function readIndex(path: string): Promise<Map<string, string>> {
  try {
    const { assets } = JSON.parse(await readFile(path, 'utf8')) as { assets: IndexEntry[] };
    return new Map(assets.map((entry) => [entry.assetHandle, JSON.stringify(entry)]));
  } catch {
    // There is no index yet, or a foreign file: everything is new.
    return new Map();
  }
}
