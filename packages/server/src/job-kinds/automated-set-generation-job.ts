import type { JobPayloads } from '@ips-sdk/types/jobs';
import { IpsFault } from '@ips-sdk/wire';
import { and, asc, eq, sql } from 'drizzle-orm';
import { deniedAssets, requireAssets } from '../access/permissions/checks.js';
import { requirePlaces } from '../access/permissions/places.js';
import { READ, READ_WRITE } from '../access/permissions/rights.js';
import { claimCatalogName } from '../assets/asset-changes.js';
import { assetsById } from '../assets/asset-store.js';
import { logFileTypeOf } from '../assets/log-file-types.js';
import { markEverywhere } from '../assets/publish-marks.js';
import { cleanPath } from '../assets/upload-path.js';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { AssetRow, CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ItemFailure, RunFailure } from '../failures.js';
import { invalidParameter } from '../faults.js';
import { ensureFolder, type FolderRow, touchFolder } from '../folders/folder-store.js';
import { assetHandle, parseAssetHandle } from '../handles.js';
import type { Item } from '../jobs/item.js';
import type { JobKind } from '../jobs/job-kind.js';
import type { RunContext } from '../jobs/run-context.js';
import { readSetScripts, type SetScript } from '../sets/set-scripts.js';
import { checkAsset, checkPlace } from './permitted-items.js';
import { checkHandles } from './reprocess-assets-job.js';

type Details = JobPayloads['automatedSetGenerationJob'];
type Context = RunContext<'automatedSetGenerationJob'>;

/** Maximum assets of a job, as in the service. */
const MAX_ASSETS = 1000;

const SCRIPTS = 'automatedSetGenerationJob/autoSetCreationOptions/autoSetsArray';

/** A set found by scripts, with its members in order. */
interface FoundSet {
  readonly name: string;
  readonly setType: string;
  readonly members: { readonly asset: AssetRow; readonly order: string | undefined }[];
}

/**
 * Creates sets of assets according to the naming rules in property sets: see `readSetScripts`. Missing members are added to existing
 * sets.
 */
export const automatedSetGenerationJob: JobKind<'automatedSetGenerationJob'> = {
  kind: 'automatedSetGenerationJob',
  type: 'AutomatedSetGeneration',
  // The service has no constants for sets.
  logTypes: {
    begin: 'BeginGet',
    end: 'EndGet',
    success: 'ReturnSuccess',
    error: 'GetFailure',
    warning: 'GetFailure',
  },
  size: ({ assetHandleArray }) => assetHandleArray.length,
  check: async (details, place) => {
    const { assetHandleArray: handles } = details;
    const path = 'automatedSetGenerationJob/assetHandleArray';
    checkHandles(handles, path);
    if (handles.length > MAX_ASSETS)
      throw invalidParameter(path, String(handles.length), `at most ${MAX_ASSETS} assets`);
    const folder = folderPath(place.company, details);
    const field = 'automatedSetGenerationJob/destFolder';
    await requirePlaces(place.db, place.viewer, [folder], READ_WRITE, () => field);
    const ids = handles.map((handle) => parseAssetHandle(handle) ?? -1);
    await requireAssets(place.db, place.viewer, ids, READ, (index) => `${path}/items[${index}]`);
    await readSetScripts(place.db, place.company, place.submitter, scriptsOf(details), SCRIPTS);
  },
  run: async (context) => {
    const { services, company, details, submitter } = context;
    const scripts = await scriptsOfRun(context);
    const handles = [...new Set(details.assetHandleArray)];
    const ids = handles.map((handle) => parseAssetHandle(handle) ?? -1);
    const assets = await assetsById(services.db, company.id, ids);
    const hidden = await deniedAssets(services.db, await context.viewer(), ids, READ);
    const sets = new Map<string, FoundSet>();
    const others: Item<unknown>[] = [];
    for (const [index, handle] of handles.entries()) {
      const asset = assets.get(ids[index] ?? -1);
      if (asset?.trashState !== 'NotInTrash') {
        others.push(
          failure(handle, asset === undefined ? 'the asset does not exist' : 'the asset is in the trash'),
        );
      } else if (hidden.has(asset.id)) {
        others.push(failure(handle, `missing Read permission on asset '${assetHandle(asset.id)}'`));
      } else if (!addTo(sets, scripts, asset)) others.push(unmatched(context, asset));
    }
    const folder = await destination(context);
    const items = [
      ...others,
      ...[...sets].map(([key, set]) => setItem(context, key, set, folder, submitter.id)),
    ];
    await context.setTotal(items.length);
    const task = context.task('com.scene7.autoset.AutoSetAsyncTaskMonitor', items.length);
    context.progress.phase = 'Generating sets';
    await context.items(task, items, { concurrency: 1 });
    task.end();
    return 'done';
  },
};

const scriptsOf = (details: Details): readonly string[] => details.autoSetCreationOptions.autoSetsArray ?? [];

/** The folder of the sets. Default: the company's root. */
function folderPath(company: CompanyRow, { destFolder }: Details): string {
  const path = cleanPath(company, `${destFolder ?? ''}/set`, 'automatedSetGenerationJob/destFolder');
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The folder of the sets, which is created if it is missing. */
async function destination(context: Context): Promise<FolderRow> {
  const { services, company, details } = context;
  const path = folderPath(company, details);
  try {
    await checkPlace(context, path, READ_WRITE);
  } catch (error) {
    if (error instanceof ItemFailure) throw new RunFailure(error.message, { cause: error });
    throw error;
  }
  return services.db.transaction((tx) => ensureFolder(tx, company.id, path, services.clock.now()));
}

/** The scripts when the run begins. They may have been changed or removed since the job was submitted. */
async function scriptsOfRun({ services, company, submitter, details }: Context): Promise<SetScript[]> {
  try {
    return await readSetScripts(services.db, company, submitter, scriptsOf(details), SCRIPTS);
  } catch (error) {
    if (error instanceof IpsFault) throw new RunFailure(error.reason, { cause: error });
    throw error;
  }
}

/** Adds an asset to the sets of all scripts that match its name. Returns whether any did. */
function addTo(sets: Map<string, FoundSet>, scripts: readonly SetScript[], asset: AssetRow): boolean {
  let found = false;
  for (const { rule, setType } of scripts) {
    const place = rule(asset.name);
    if (place === undefined) continue;
    found = true;
    const key = `${setType}/${place.set.toLowerCase()}`;
    const set = sets.get(key) ?? { name: place.set, setType, members: [] };
    if (!set.members.some((member) => member.asset.id === asset.id))
      set.members.push({ asset, order: place.order });
    sets.set(key, set);
  }
  return found;
}

const failure = (handle: string, reason: string): Item<unknown> => ({
  key: `asset/${handle}`,
  name: handle,
  prepare: async () => {
    throw new ItemFailure(reason);
  },
  commit: async () => ({ outcome: 'error', rows: [] }),
});

const unmatched = ({ logTypes }: Context, { id, name }: AssetRow): Item<unknown> => ({
  key: `asset/${id}`,
  name,
  prepare: async () => undefined,
  commit: async () => ({
    outcome: 'warning',
    rows: [
      {
        logType: logTypes.warning,
        message: `${name}: no script matches the name`,
        assetName: name,
        assetId: id,
      },
    ],
  }),
});

function setItem(
  context: Context,
  key: string,
  found: FoundSet,
  folder: FolderRow,
  userId: number,
): Item<unknown> {
  const { services, company, details, logTypes } = context;
  const { name, setType } = found;
  const members = found.members.toSorted(byOrder).map(({ asset }) => asset.id);
  return {
    key: `set/${key}`,
    name,
    assetType: logFileTypeOf(setType),
    prepare: async () => undefined,
    commit: async (tx) => {
      const now = services.clock.now();
      const earlier = await findSet(tx, folder, found);
      if (earlier !== undefined) await checkAsset(context, earlier, READ_WRITE, tx);
      const id = earlier ?? (await makeSet(tx));
      const { length: added } = await addMembers(tx, id, members);
      if (earlier !== undefined && added > 0) {
        await tx
          .update(t.assets)
          .set({ lastModified: now, lastModifyUserId: userId, version: sql`${t.assets.version} + 1` })
          .where(eq(t.assets.id, id));
      }
      await markEverywhere(tx, [id], details.readyForPublish);
      await touchFolder(tx, company.id, folder.path, now);
      const outcome = earlier === undefined ? 'success' : added > 0 ? 'update' : 'duplicate';
      const path = `${folder.path}${name}`;
      const { logType, message } = {
        success: {
          logType: logTypes.success,
          message: `The set ${path} was created.`,
        },
        update: { logType: 'FileUpdated', message: `The set ${path} was extended.` },
        duplicate: { logType: 'DuplicateSkipped', message: `The set ${path} already has all these assets.` },
      }[outcome];
      return {
        outcome,
        rows: [{ logType, message, assetName: name, assetType: logFileTypeOf(setType), assetId: id }],
      };
    },
  };

  async function makeSet(tx: Db): Promise<number> {
    const now = services.clock.now();
    try {
      await claimCatalogName(tx, company, name);
    } catch (error) {
      if (error instanceof IpsFault) throw new ItemFailure(`${name}: another asset has this name`);
      throw error;
    }
    const [row] = await tx
      .insert(t.assets)
      .values({
        companyId: company.id,
        folderId: folder.id,
        name,
        type: setType,
        fileName: name,
        thumbAssetId: members[0] ?? null,
        created: now,
        createUserId: userId,
        lastModified: now,
        lastModifyUserId: userId,
      })
      .returning({ id: t.assets.id });
    if (row === undefined) throw new Error('the set was not stored');
    return row.id;
  }
}

/** By number if the rule has one, otherwise by name. */
function byOrder(a: FoundSet['members'][number], b: FoundSet['members'][number]): number {
  const natural = new Intl.Collator('en', { numeric: true });
  return natural.compare(a.order ?? '', b.order ?? '') || natural.compare(a.asset.name, b.asset.name);
}

/** The existing set with this name and type in the folder. */
async function findSet(tx: Db, folder: FolderRow, { name, setType }: FoundSet): Promise<number | undefined> {
  const [row] = await tx
    .select({ id: t.assets.id })
    .from(t.assets)
    .where(
      and(
        eq(t.assets.folderId, folder.id),
        eq(t.assets.type, setType),
        eq(t.assets.trashState, 'NotInTrash'),
        equalsIgnoreCase(t.assets.name, name),
      ),
    )
    .limit(1);
  return row?.id;
}

/** Appends missing members to a set. Returns them. */
async function addMembers(tx: Db, setId: number, wanted: readonly number[]): Promise<number[]> {
  const present = await tx
    .select({ memberId: t.setMembers.memberId, position: t.setMembers.position })
    .from(t.setMembers)
    .where(eq(t.setMembers.setId, setId))
    .orderBy(asc(t.setMembers.position));
  const known = new Set(present.map(({ memberId }) => memberId));
  const lacking = wanted.filter((id) => !known.has(id));
  const start = (present.at(-1)?.position ?? -1) + 1;
  if (lacking.length > 0)
    await tx
      .insert(t.setMembers)
      .values(lacking.map((memberId, index) => ({ setId, memberId, position: start + index })));
  return lacking;
}
