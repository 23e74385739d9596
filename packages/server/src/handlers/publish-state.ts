import type { PublishContext } from '@ips-sdk/types';
import { publishContextTypes } from '@ips-sdk/types/constants';
import { IpsFault } from '@ips-sdk/wire';
import { asc, desc, eq, max } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { deniedAssets, type Missing, missingAssetPermission } from '../access/permissions/checks.js';
import { READ, READ_WRITE } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { assetsById, checkLive } from '../assets/asset-store.js';
import { BatchResult } from '../assets/batch-result.js';
import { permittedAsset, permittedLiveAsset } from '../assets/permitted-objects.js';
import { markEverywhere, markInContexts, PUBLISH_STATES } from '../assets/publish-marks.js';
import { anyOf } from '../db/any-of.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import { assetHandle, contextHandle, parseAssetHandle, parseContextHandle } from '../handles.js';
import type { ContextRow } from '../publish/publish-contexts.js';
import type { AreaHandlers } from './handler.js';

/** Operations on publish marks by context, and on published assets. */
export const publishStateHandlers: AreaHandlers = {
  // Without contexts, sets the state in all of them, overriding what was set in single ones.
  setAssetPublishState: async (input, call) => {
    const company = companyOf(call);
    const marked = isMarkedState(input.publishState, 'publishState');
    const asset = await permittedLiveAsset(call, input.assetHandle, READ_WRITE);
    const handles = input.contextHandleArray ?? [];
    const contexts = await contextsById(call, company.id);
    const chosen = handles.map((handle, index) => {
      const context = contexts.get(parseContextHandle(handle) ?? -1);
      if (context === undefined) throw unknownHandle(`contextHandleArray[${index}]`, handle);
      return context;
    });
    await call.db.transaction(async (tx) => {
      if (chosen.length === 0) await markEverywhere(tx, [asset.id], marked);
      else {
        await markInContexts(
          tx,
          chosen.map(({ id }) => ({ assetId: asset.id, contextId: id, marked })),
        );
      }
    });
    return {};
  },

  setAssetsPublishState: async (input, call) => {
    const updates = input.publishStateUpdateArray;
    const assets = await assetsToChange(
      call,
      updates.map(({ assetHandle: handle }) => handle),
    );
    const result = new BatchResult();
    // For an asset that occurs twice, the last state counts.
    const states = new Map<number, boolean>();
    updates.forEach(({ assetHandle: handle, publishState }, index) => {
      attempt(result, handle, () => {
        const asset = liveAsset(assets, handle, `publishStateUpdateArray[${index}].assetHandle`);
        states.set(asset.id, isMarkedState(publishState, `publishStateUpdateArray[${index}].publishState`));
        result.succeed();
      });
    });
    const withState = (wanted: boolean): number[] =>
      [...states].filter(([, marked]) => marked === wanted).map(([id]) => id);
    await call.db.transaction(async (tx) => {
      await markEverywhere(tx, withState(true), true);
      await markEverywhere(tx, withState(false), false);
    });
    return result.answer();
  },

  setAssetsContextState: async (input, call) => {
    const updates = input.assetsContextStateUpdateArray;
    const assets = await assetsToChange(
      call,
      updates.map(({ assetHandle: handle }) => handle),
    );
    const contexts = await contextsById(call, companyOf(call).id);
    const result = new BatchResult();
    const marks: { assetId: number; contextId: number; marked: boolean }[] = [];
    updates.forEach(({ assetHandle: handle, contextStateUpdateArray }, index) => {
      contextStateUpdateArray.forEach((update, place) => {
        const path = `assetsContextStateUpdateArray[${index}]`;
        attempt(result, handle, () => {
          const asset = liveAsset(assets, handle, `${path}.assetHandle`);
          const context = contexts.get(parseContextHandle(update.contextHandle) ?? -1);
          if (context === undefined) {
            throw unknownHandle(
              `${path}.contextStateUpdateArray[${place}].contextHandle`,
              update.contextHandle,
            );
          }
          const marked = isMarkedState(
            update.publishState,
            `${path}.contextStateUpdateArray[${place}].publishState`,
          );
          marks.push({ assetId: asset.id, contextId: context.id, marked });
          result.succeed();
        });
      });
    });
    await call.db.transaction((transaction) => markInContexts(transaction, marks));
    return result.answer();
  },

  batchGetAssetPublishContexts: async (input, call) => {
    const company = companyOf(call);
    const assets = await assetsOf(call, input.assetHandleArray);
    const contexts = [...(await contextsById(call, company.id)).values()];
    const marks = await call.db
      .select()
      .from(t.assetContexts)
      .where(anyOf(t.assetContexts.assetId, [...assets.keys()]));
    const own = new Map(marks.map((mark) => [`${mark.assetId}|${mark.contextId}`, mark.marked]));
    const denied = await deniedAssets(call.db, await callerOf(call), [...assets.keys()], READ);
    return {
      assetPublishContextsArray: input.assetHandleArray.flatMap((handle, index) => {
        const asset = assets.get(parseAssetHandle(handle) ?? -1);
        if (asset === undefined) throw unknownHandle(`assetHandleArray[${index}]`, handle);
        if (denied.has(asset.id)) return [];
        return {
          assetHandle: assetHandle(asset.id),
          publishContextArray: contexts
            .filter(({ id }) => own.get(`${asset.id}|${id}`) ?? asset.readyForPublish)
            .map(contextRecord),
        };
      }),
    };
  },

  getPublishContexts: async ({ contextType }, call) => {
    if (contextType !== undefined && !(publishContextTypes as readonly string[]).includes(contextType)) {
      throw invalidParameter('contextType', contextType, publishContextTypes.join(', '));
    }
    const contexts = [...(await contextsById(call, companyOf(call).id)).values()];
    return {
      publishContextArray: contexts
        .filter(({ type }) => contextType === undefined || type === contextType)
        .map(contextRecord),
    };
  },

  // The server publishes to every context itself, so each has this server as its active one.
  getActivePublishContexts: async (_input, call) => {
    const contexts = [...(await contextsById(call, companyOf(call).id)).values()];
    return { contextArray: contexts.map(({ name }) => name) };
  },

  getAssetPublishHistory: async (input, call) => {
    const asset = await permittedAsset(call, input.assetHandle, READ);
    const last = max(t.publishHistory.publishedAt);
    const rows = await call.db
      .select({
        serverName: t.publishHistory.serverName,
        contextName: t.publishHistory.contextName,
        last,
      })
      .from(t.publishHistory)
      .where(eq(t.publishHistory.assetId, asset.id))
      .groupBy(t.publishHistory.serverName, t.publishHistory.contextName)
      .orderBy(desc(last), asc(t.publishHistory.serverName), asc(t.publishHistory.contextName));
    return {
      pubHistoryArray: rows.map(({ serverName, contextName, last: published }) => ({
        serverName,
        contextName,
        lastPublished: (published ?? call.now).toISOString(),
      })),
    };
  },

  forceRepublishAssets: async (input, call) => {
    const assets = await assetsToChange(call, input.assetHandleArray);
    const result = new BatchResult();
    const found = new Set<number>();
    input.assetHandleArray.forEach((handle, index) => {
      attempt(result, handle, () => {
        found.add(liveAsset(assets, handle, `assetHandleArray[${index}]`).id);
        result.succeed();
      });
    });
    // Files and catalog entries are published together: either mark makes the next publish send both.
    if (input.republishFiles !== false || input.resyncCatalog === true) {
      await call.db
        .update(t.publications)
        .set({ version: 0 })
        .where(anyOf(t.publications.assetId, [...found]));
    }
    return result.answer();
  },
};

function isMarkedState(state: string, path: string): boolean {
  if (!(PUBLISH_STATES as readonly string[]).includes(state)) {
    throw invalidParameter(path, state, PUBLISH_STATES.join(' or '));
  }
  return state === 'MarkedForPublish';
}

function contextRecord({ id, name, type }: ContextRow): PublishContext {
  return { contextHandle: contextHandle(id), contextName: name, contextType: type };
}

/** The contexts of a company by number, in the order of their names: those of an older database are numbered in another. */
async function contextsById(call: Call, companyId: number): Promise<Map<number, ContextRow>> {
  const rows = await call.db
    .select()
    .from(t.publishContexts)
    .where(eq(t.publishContexts.companyId, companyId))
    .orderBy(asc(t.publishContexts.name), asc(t.publishContexts.id));
  return new Map(rows.map((row) => [row.id, row]));
}

/** The assets of handles by number; unknown handles are omitted. */
function assetsOf(call: Call, handles: readonly string[]): Promise<Map<number, AssetRow>> {
  const ids = handles.map(parseAssetHandle).filter((id) => id !== undefined);
  return assetsById(call.db, companyOf(call).id, ids);
}

/** Assets of a batch that changes them, and those of them that the caller may not change. */
interface AssetsToChange {
  readonly assets: ReadonlyMap<number, AssetRow>;
  readonly denied: Missing<number>;
}

async function assetsToChange(call: Call, handles: readonly string[]): Promise<AssetsToChange> {
  const assets = await assetsOf(call, handles);
  return {
    assets,
    denied: await deniedAssets(call.db, await callerOf(call), [...assets.keys()], READ_WRITE),
  };
}

/** @throws IpsFault 30001 for an unknown asset, 20009 for one that the caller may not change, 30000 for one in the trash. */
function liveAsset({ assets, denied }: AssetsToChange, handle: string, path: string): AssetRow {
  const asset = assets.get(parseAssetHandle(handle) ?? -1);
  if (asset === undefined) throw unknownHandle(path, handle);
  const missing = denied.get(asset.id);
  if (missing !== undefined) throw missingAssetPermission(path, asset.id, missing);
  checkLive(asset, path);
  return asset;
}

/** Processes one item of a batch. A fault becomes a row of the response. */
function attempt(result: BatchResult, handle: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof IpsFault)) throw error;
    result.fail(handle, error);
  }
}
