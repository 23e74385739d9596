import type { NormalizedCropRect, Operations, SmartCropUpdate } from '@ips-sdk/types/2019-09-10-beta';
import { WireError } from '@ips-sdk/wire';
import { type BatchFault, type BatchResult, batch } from './batch.js';
import type { Caller } from './caller.js';
import { BATCH, checkedCallOptions } from './check-options.js';
import { InterruptedError } from './errors.js';
import { checked } from './option-checks.js';
import type { CallOptions } from './options.js';

/** A rectangle in an image. All values are fractions of the width or height, from 0 to 1, with the origin in the upper left corner. */
export type CropRect = Readonly<NormalizedCropRect>;

/** A smart crop: a named rectangle in an image. Its delivery URL contains `asset:name`. */
export interface SmartCrop {
  /** Handle of the smart crop, for {@link SmartCrops.update}. It differs from the handle of the image. */
  readonly handle: string;
  /** Name of the smart crop, such as `Banner`. */
  readonly name: string;
  /** The rectangle. */
  readonly rect: CropRect;
}

/** A change to a smart crop. */
export interface SmartCropChange {
  /** Handle of the image. */
  readonly owner: string;
  /** Handle of the smart crop. */
  readonly crop: string;
  /** The new rectangle. */
  readonly rect: CropRect;
}

/** Options of `smartCrops.update` and `smartCrops.copy`. */
export interface SmartCropOptions extends CallOptions {
  /** Number of items per call, from 1. Default: 500. */
  readonly chunkSize?: number | undefined;
}

/** The outcome of copying the smart crops of one image. */
export interface SmartCropCopy {
  /** Handle of the source image. */
  readonly asset: string;
  /** Name of the source image; `undefined` if it does not exist. */
  readonly name: string | undefined;
  /** Handle of the target image; `undefined` if none was changed. */
  readonly target: string | undefined;
  /**
   * - `copied`: all smart crops were copied.
   * - `missing-crop`: the target lacks some of the smart crops. The others were copied.
   * - `failed`: the service rejected some of the smart crops.
   * - `missing-asset`: the source image does not exist, or no target image has its name.
   * - `ambiguous`: several target images have the name. None was changed.
   */
  readonly status: 'copied' | 'missing-crop' | 'failed' | 'missing-asset' | 'ambiguous';
  /** Names of the copied smart crops. */
  readonly copied: readonly string[];
  /** Names of the smart crops that the target lacks. */
  readonly missing: readonly string[];
  /** Rejections by the service. */
  readonly errors: readonly BatchFault[];
}

/** The number of images per lookup. */
const CHUNK = 100;

/** An operation that every contract with smart crops has. */
const UPDATE = 'updateSmartCrops';

/**
 * Lists, updates and copies smart crops. Requires a contract with smart crops, such as `@ips-sdk/types/2019-09-10-beta`. Adobe has not
 * published such a contract: names and fields are those that existing programs use with 2017-10-29-beta and 2019-09-10-beta.
 *
 * @example
 * ```ts
 * import { createIpsClient } from '@ips-sdk/client';
 * import { contract } from '@ips-sdk/types/2019-09-10-beta';
 *
 * const ips = createIpsClient({
 *   contract,
 *   endpoint: process.env['IPS_ENDPOINT'],
 *   auth: { user: 'ann@example.com', password: process.env['IPS_PASSWORD'] ?? '' },
 *   companyHandle: 'c|6',
 * });
 * const [banner] = await ips.smartCrops.list('a|1');
 * if (banner) {
 *   const rect = { ...banner.rect, leftN: 0 };
 *   const { complete } = await ips.smartCrops.update([{ owner: 'a|1', crop: banner.handle, rect }]);
 *   console.log(banner.name, complete); // Banner true
 * }
 * ```
 */
export class SmartCrops {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Lists the smart crops of an image.
   *
   * @param asset - Handle of the image.
   * @throws WireError when the client's contract has no smart crops. Nothing is sent.
   * @throws IpsFault when the image does not exist.
   */
  async list(asset: string, options: CallOptions = {}): Promise<SmartCrop[]> {
    this.#check();
    checkedCallOptions(options);
    const answer = await this.#caller.call('getAssociatedAssets', { assetHandle: asset }, options);
    // The contract that was checked has the field.
    const { subAssetArray = [] } = answer as Operations['getAssociatedAssets']['output'];
    return subAssetArray.flatMap(({ subAssetHandle, name, smartCrop }) =>
      smartCrop === undefined ? [] : [{ handle: subAssetHandle, name, rect: smartCrop.cropRect }],
    );
  }

  /**
   * Updates smart crops. A change that fails does not affect the others: the result contains the reason and the handle of the image.
   *
   * @throws WireError when the client's contract has no smart crops. Nothing is sent.
   * @throws InterruptedError with the result so far when a call fails after others succeeded.
   */
  async update(changes: Iterable<SmartCropChange>, options: SmartCropOptions = {}): Promise<BatchResult> {
    this.#check();
    checked(BATCH, options);
    const updateArray = [...changes].map(
      ({ owner, crop, rect }): SmartCropUpdate => ({
        ownerHandle: owner,
        subAssetHandle: crop,
        cropRect: rect,
      }),
    );
    // Batches are typed by the default contract, which lacks this operation.
    return batch(this.#caller, UPDATE as never, { updateArray }, options);
  }

  /**
   * Copies the rectangles of smart crops to the images of another client, such as from one company to another or from staging to
   * production. Images and smart crops are matched by name. None are created.
   *
   * @param assets - Handles of the source images.
   * @param to - The client of the target images. It may be the same client.
   * @returns The outcome of each image, in the given order.
   * @throws WireError when the contract of either client has no smart crops. Nothing is sent.
   * @throws InterruptedError with the outcomes so far when a call fails after others succeeded.
   * @example
   * ```ts
   * import { createIpsClient } from '@ips-sdk/client';
   * import { contract } from '@ips-sdk/types/2019-09-10-beta';
   *
   * const auth = { user: 'ann@example.com', password: process.env['IPS_PASSWORD'] ?? '' };
   * const service = { contract, endpoint: process.env['IPS_ENDPOINT'], auth };
   * const from = createIpsClient({ ...service, companyHandle: 'c|6' });
   * const to = createIpsClient({ ...service, companyHandle: 'c|7' });
   * const [red, unknown] = await from.smartCrops.copy(['a|1', 'a|99'], to);
   * console.log(red?.name, red?.status, red?.copied); // red copied [ 'Banner' ]
   * console.log(unknown?.status); // missing-asset
   * ```
   */
  async copy(
    assets: Iterable<string>,
    to: { readonly smartCrops: SmartCrops },
    options: SmartCropOptions = {},
  ): Promise<SmartCropCopy[]> {
    const target = to.smartCrops;
    this.#check();
    target.#check();
    checked(BATCH, options);
    const handles = [...assets];
    const done: SmartCropCopy[] = [];
    for (let i = 0; i < handles.length; i += CHUNK) {
      try {
        done.push(...(await this.#copyChunk(handles.slice(i, i + CHUNK), target, options)));
      } catch (error) {
        if (i === 0) throw error;
        throw new InterruptedError(`after ${i} of ${handles.length} images`, done, error);
      }
    }
    return done;
  }

  async #copyChunk(
    handles: readonly string[],
    target: SmartCrops,
    options: SmartCropOptions,
  ): Promise<SmartCropCopy[]> {
    const { chunkSize: _, ...call } = options;
    const names = await this.#namesOf(handles, call);
    const targets = await target.#imagesNamed([...new Set(names.values())], call);
    const copies = await Promise.all(
      handles.map(async (asset): Promise<PlannedCopy> => {
        const name = names.get(keyOf(asset));
        const [found, ...others] = targets.get(name ?? '') ?? [];
        const none = { asset, name, target: undefined, changes: [], missing: [] };
        if (name === undefined || found === undefined) return { ...none, status: 'missing-asset' };
        if (others.length > 0) return { ...none, status: 'ambiguous' };
        const [crops, known] = await Promise.all([this.list(asset, call), target.list(found, call)]);
        const byName = new Map(known.map((crop) => [crop.name, crop.handle]));
        const changes = crops.flatMap((crop) => {
          const handle = byName.get(crop.name);
          return handle === undefined
            ? []
            : [{ owner: found, crop: handle, rect: crop.rect, name: crop.name }];
        });
        const missing = crops.filter((crop) => !byName.has(crop.name)).map((crop) => crop.name);
        const status = missing.length > 0 ? 'missing-crop' : 'copied';
        return { ...none, target: found, changes, missing, status };
      }),
    );
    const changes = copies.flatMap((copy) => copy.changes);
    const { complete } = changes.length === 0 ? { complete: true } : await target.update(changes, options);
    return Promise.all(
      copies.map(async ({ changes: own, ...copy }): Promise<SmartCropCopy> => {
        if (complete) return { ...copy, copied: own.map(({ name }) => name), errors: [] };
        // A fault names only the image. Repeating the changes one by one has no effect, but shows which smart crop failed.
        const [copied, errors]: [string[], BatchFault[]] = [[], []];
        for (const change of own) {
          const single = await target.update([change], options);
          if (single.complete) copied.push(change.name);
          errors.push(...single.errors);
        }
        const status = copied.length < own.length ? 'failed' : copy.status;
        return { ...copy, status, copied, errors };
      }),
    );
  }

  /** Names of images by handle, without images that do not exist. */
  async #namesOf(handles: readonly string[], call: CallOptions): Promise<Map<string, string>> {
    const { assetArray = [] } = await this.#caller.call(
      'getAssets',
      { assetHandleArray: [...new Set(handles)], responseFieldArray: FIELDS },
      call,
    );
    return new Map(
      assetArray.flatMap(({ assetHandle, name }) =>
        assetHandle === undefined || name === undefined ? [] : [[keyOf(assetHandle), name]],
      ),
    );
  }

  /** Handles of images by name. */
  async #imagesNamed(names: readonly string[], call: CallOptions): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    if (names.length === 0) return found;
    const { assetArray = [] } = await this.#caller.call(
      'getAssetsByName',
      { nameArray: names, assetTypeArray: ['Image'], responseFieldArray: FIELDS },
      call,
    );
    for (const { assetHandle, name = '' } of assetArray) {
      if (assetHandle !== undefined) found.set(name, [...(found.get(name) ?? []), assetHandle]);
    }
    return found;
  }

  /** @throws WireError for a contract without smart crops. */
  #check(): void {
    const { contract } = this.#caller.exchanger.codec;
    if (Object.hasOwn(contract.operations, UPDATE)) return;
    throw new WireError(
      'unknown-name',
      `contract: expected one with smart crops, such as @ips-sdk/types/2019-09-10-beta, but ${contract.version ?? contract.service} has no operation "${UPDATE}"`,
    );
  }
}

/** An image and its planned changes. */
type PlannedCopy = Omit<SmartCropCopy, 'copied' | 'errors'> & {
  readonly changes: readonly (SmartCropChange & { readonly name: string })[];
};

/** The number in a handle: `a|739` and `a|739|1|537` name the same asset. */
function keyOf(handle: string): string {
  return /^a\|(\d+)/.exec(handle)?.[1] ?? handle;
}

/** The requested fields of images. */
const FIELDS = ['assetHandle', 'name'].map((name) => `assetArray/items/${name}`);
