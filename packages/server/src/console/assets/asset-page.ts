import type { IpsClient } from '@ips-sdk/client';
import type { Asset } from '@ips-sdk/types';
import type { AssetPage, MetadataValue } from '../api.js';
import { mayCall, readOnlyReason } from '../capabilities.js';
import type { ConsoleOptions } from '../console-options.js';
import { ConsoleError } from '../problem.js';
import type { Session } from '../session.js';
import { shellLine } from '../shell-text.js';
import { assetRow } from './asset-row.js';
import { deliveryOf } from './delivery.js';
import { imagePresets } from './image-presets.js';
import { unlessRefused } from './unless-refused.js';

/** Related assets on the page. */
const MOST_RELATED = 60;

/** The asset of a handle. @throws ConsoleError if there is none. */
export async function findAsset({ client }: Session, handle: string): Promise<Asset> {
  const { assetArray = [] } = await client.getAssets({ assetHandleArray: [handle] });
  const [asset] = assetArray;
  if (asset === undefined) throw new ConsoleError('notFound', `no asset has the handle ${handle}`);
  return asset;
}

/** Everything about one asset. A part that the role or the endpoint lacks is empty. */
export async function assetPage(
  options: ConsoleOptions,
  session: Session,
  handle: string,
): Promise<AssetPage> {
  const { client } = session;
  const asset = await findAsset(session, handle);
  const { type = '' } = asset;
  const mayChange =
    readOnlyReason(options, session) === undefined &&
    mayCall(session, 'setAssetMetadata', options.own !== undefined);
  const [fields, contexts, publishHistory, jobs, related, smartCrops, presets] = await Promise.all([
    unlessRefused([], async () => (await client.getMetadataFields({ assetType: type })).fieldArray),
    unlessRefused([], async () => {
      const { assetPublishContextsArray } = await client.batchGetAssetPublishContexts({
        assetHandleArray: [handle],
      });
      return assetPublishContextsArray[0]?.publishContextArray ?? [];
    }),
    unlessRefused(
      [],
      async () => (await client.getAssetPublishHistory({ assetHandle: handle })).pubHistoryArray,
    ),
    unlessRefused([], async () => (await client.getAssetJobLogs({ assetHandle: handle })).jobLogArray),
    unlessRefused([], () => relatedTo(client, handle)),
    type === 'Image' ? unlessRefused(undefined, () => session.cropClient.smartCrops.list(handle)) : undefined,
    imagePresets(session),
  ]);
  const delivery = deliveryOf(options, session, asset, '', presets);
  return {
    row: assetRow(asset),
    asset,
    metadata: metadataOf(asset, fields, mayChange),
    contexts,
    publishHistory,
    jobs: jobs.toReversed(),
    ...(delivery === undefined ? {} : { delivery }),
    ...(smartCrops === undefined ? {} : { smartCrops }),
    presets: presets.flatMap(({ name }) => name ?? []),
    related: related.map(assetRow),
    shell: [shellLine('ips', 'asset', 'get', handle)],
  };
}

async function relatedTo(client: IpsClient, assetHandle: string): Promise<Asset[]> {
  const found = await client.getAssociatedAssets({ assetHandle });
  const {
    memberArray = [],
    containerArray = [],
    ownerArray = [],
    derivedArray = [],
    generatedArray = [],
  } = found;
  const generated = generatedArray.flatMap(({ generated: one }) => (one === undefined ? [] : [one]));
  const all = [...memberArray, ...ownerArray, ...derivedArray, ...generated, ...containerArray];
  const byHandle = new Map(all.map((asset) => [asset.assetHandle, asset]));
  return [...byHandle.values()].slice(0, MOST_RELATED);
}

/** The fields of the type with the values of the asset. */
function metadataOf(
  { metadataArray = [] }: Asset,
  fields: readonly {
    readonly fieldHandle: string;
    readonly name: string;
    readonly type: string;
    readonly isHidden: boolean;
  }[],
  mayChange: boolean,
): MetadataValue[] {
  return fields
    .filter(({ isHidden }) => !isHidden)
    .map(({ fieldHandle, name, type }) => {
      const found = metadataArray.find((one) => one.name === name || one.name.endsWith(`.${name}`));
      const value = found?.valueArray?.join(', ') ?? found?.value;
      return {
        fieldHandle,
        name,
        fieldType: type,
        value: value === '' ? undefined : value,
        isEditable: mayChange,
      };
    });
}
