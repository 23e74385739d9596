import type { BatchResult, IpsClient } from '@ips-sdk/client';
import type { MetadataUpdate } from '@ips-sdk/types';
import type {
  AssetActionRequest,
  AssetActionResult,
  MetadataRequest,
  Outcome,
  SmartCropsRequest,
} from '../api.js';
import { checkedHandles } from '../jobs/job-actions.js';
import { plural } from '../jobs/job-row.js';
import { ConsoleError, failedOutcome, isRefusedLogin } from '../problem.js';
import type { Session } from '../session.js';

/** Assets in a request. */
const MOST = 500;

const DONE = {
  move: 'moved',
  rename: 'renamed',
  delete: 'moved to the trash',
  restore: 'restored',
  deleteForever: 'deleted',
  mark: 'marked for publish',
  unmark: 'no longer marked for publish',
  publish: 'marked for publish',
} as const;

/** Does one action to exactly the given assets. */
export async function actOnAssets({ client }: Session, body: unknown): Promise<AssetActionResult> {
  const request = checked(body);
  const { action } = request;
  const handles = [...request.handles];
  if (request.action === 'rename') {
    const [assetHandle = ''] = handles;
    try {
      await client.renameAsset({ assetHandle, newName: request.name, validateName: true });
      return summed(action, [{ handle: assetHandle, ok: true, message: DONE.rename }]);
    } catch (error) {
      if (isRefusedLogin(error)) throw error;
      return summed(action, [failedOutcome(assetHandle, undefined, error)]);
    }
  }
  const result = await batchOf(client, request);
  const outcomes = outcomesOf(handles, result, DONE[action]);
  if (action !== 'publish' || !outcomes.some(({ ok }) => ok)) return summed(action, outcomes);
  const job = await client.publish();
  return { ...summed(action, outcomes), jobHandle: job.handle };
}

function batchOf(
  client: IpsClient,
  request: Exclude<AssetActionRequest, { action: 'rename' }>,
): Promise<BatchResult> {
  const assetHandleArray = [...request.handles];
  switch (request.action) {
    case 'move': {
      const { folderHandle } = request;
      const assetMoveArray = assetHandleArray.map((assetHandle) => ({ assetHandle, folderHandle }));
      return client.batch('moveAssets', { assetMoveArray });
    }
    case 'delete':
      return client.batch('deleteAssets', { assetHandleArray });
    case 'restore':
      return client.batch('restoreAssetsFromTrash', { assetHandleArray });
    case 'deleteForever':
      return client.batch('emptyAssetsFromTrash', { assetHandleArray });
    default: {
      const publishState = request.action === 'unmark' ? 'NotMarkedForPublish' : 'MarkedForPublish';
      const publishStateUpdateArray = assetHandleArray.map((assetHandle) => ({ assetHandle, publishState }));
      return client.batch('setAssetsPublishState', { publishStateUpdateArray });
    }
  }
}

function outcomesOf(
  handles: readonly string[],
  { errors }: Pick<BatchResult, 'errors'>,
  done: string,
): Outcome[] {
  return handles.map((handle): Outcome => {
    const error = errors.find((one) => 'assetHandle' in one && one.assetHandle === handle);
    if (error === undefined) return { handle, ok: true, message: done };
    const { code, reason } = error;
    return { handle, ok: false, message: reason, fault: { code, reason } };
  });
}

function summed(action: keyof typeof DONE, outcomes: readonly Outcome[]): AssetActionResult {
  const done = outcomes.filter(({ ok }) => ok).length;
  const what = plural(outcomes.length, 'asset');
  return { outcomes, summary: `${DONE[action]}: ${done === outcomes.length ? what : `${done} of ${what}`}` };
}

function checked(body: unknown): AssetActionRequest {
  const given = body as Readonly<Record<string, unknown>>;
  const { action } = given;
  if (typeof action !== 'string' || !Object.hasOwn(DONE, action))
    throw new ConsoleError(
      'input',
      `action: found "${String(action)}", expected ${Object.keys(DONE).join(', ')}`,
    );
  const handles = checkedHandles(given['handles'], action === 'rename' ? 1 : MOST);
  const field = action === 'move' ? 'folderHandle' : action === 'rename' ? 'name' : undefined;
  if (field !== undefined && (typeof given[field] !== 'string' || given[field] === ''))
    throw new ConsoleError('input', `${field}: expected a text`);
  // Every field of the action was checked.
  return { ...given, handles } as unknown as AssetActionRequest;
}

/** Sets and removes values of metadata fields. */
export async function changeMetadata({ client }: Session, body: unknown): Promise<AssetActionResult> {
  const { assetHandle, values } = body as Partial<MetadataRequest>;
  if (typeof assetHandle !== 'string' || !Array.isArray(values) || values.length > MOST)
    throw new ConsoleError('input', `expected an assetHandle, and at most ${MOST} values`);
  for (const one of values as unknown[]) {
    const { fieldHandle, value } = (one ?? {}) as Partial<Record<string, unknown>>;
    if (typeof fieldHandle !== 'string' || !(typeof value === 'string' || value === null))
      throw new ConsoleError('input', 'values: expected a fieldHandle, and a text or null as value');
  }
  const updateArray = values.flatMap(({ fieldHandle, value }): MetadataUpdate[] =>
    value === null ? [] : [{ fieldHandle, value }],
  );
  const deleteArray = values
    .filter(({ value }) => value === null)
    .map(({ fieldHandle }) => ({ fieldHandle }));
  try {
    if (updateArray.length > 0) await client.setAssetMetadata({ assetHandle, updateArray });
    if (deleteArray.length > 0) await client.deleteAssetMetadata({ assetHandle, deleteArray });
  } catch (error) {
    if (isRefusedLogin(error)) throw error;
    return { outcomes: [failedOutcome(assetHandle, undefined, error)], summary: 'not changed' };
  }
  return {
    outcomes: [{ handle: assetHandle, ok: true, message: 'changed' }],
    summary: `changed: ${plural(values.length, 'value')}`,
  };
}

/** Moves smart crops. */
export async function changeCrops({ cropClient }: Session, body: unknown): Promise<AssetActionResult> {
  const { assetHandle: owner, crops } = body as Partial<SmartCropsRequest>;
  if (typeof owner !== 'string' || !Array.isArray(crops) || crops.length === 0 || crops.length > MOST)
    throw new ConsoleError('input', `expected an assetHandle, and 1 to ${MOST} crops`);
  for (const one of crops as unknown[]) {
    const { handle, rect } = (one ?? {}) as { readonly handle?: unknown; readonly rect?: unknown };
    const sides = Object.values((rect ?? {}) as object);
    const isRect =
      sides.length === 4 && sides.every((side) => typeof side === 'number' && side >= 0 && side <= 1);
    if (typeof handle !== 'string' || !isRect)
      throw new ConsoleError(
        'input',
        'crops: expected a handle, and leftN, topN, widthN and heightN from 0 to 1',
      );
  }
  const result = await cropClient.smartCrops.update(
    crops.map(({ handle, rect }) => ({ owner, crop: handle, rect })),
  );
  const [error] = result.errors;
  const outcomes: Outcome[] =
    error === undefined
      ? crops.map(({ handle }) => ({ handle, ok: true, message: 'moved' }))
      : [
          {
            handle: owner,
            ok: false,
            message: error.reason,
            fault: { code: error.code, reason: error.reason },
          },
        ];
  return { outcomes, summary: error === undefined ? `moved: ${plural(crops.length, 'crop')}` : 'not moved' };
}
