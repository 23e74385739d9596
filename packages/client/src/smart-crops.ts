import type { NormalizedCropRect, Operations, SmartCropUpdate } from '@ips-sdk/types/2019-09-10-beta';
import { WireError } from '@ips-sdk/wire';
import { type BatchFault, type BatchResult, batch } from './batch.js';
import type { Caller } from './caller.js';
import { BATCH, checkedCallOptions } from './check-options.js';
import { InterruptedError } from './errors.js';
import { checked } from './option-checks.js';
import type { CallOptions } from './options.js';

/** A part of an image: edges as fractions of its width and height, from 0 to 1, counted from the upper left corner. */
export type CropRect = Readonly<NormalizedCropRect>;

/** A smart crop of an image: a part of it with a name, by which it is delivered as `asset:name`. */
export interface SmartCrop {
  /** Its own handle, for {@link SmartCrops.update}; that of the image is another one. */
  readonly handle: string;
  /** Its name, such as `Banner`. */
  readonly name: string;
  /** What it shows. */
  readonly rect: CropRect;
}

/** A change of a smart crop. */
export interface SmartCropChange {
  /** The handle of the image. */
  readonly owner: string;
  /** The handle of the smart crop. */
  readonly crop: string;
  /** What it is to show. */
  readonly rect: CropRect;
}

/** Options of calls about many smart crops. */
export interface SmartCropOptions extends CallOptions {
  /** How many items go into one call; 500 by default. */
  readonly chunkSize?: number | undefined;
}

/** What became of an image whose smart crops were copied. */
export interface SmartCropCopy {
  /** The handle of the image that was read. */
  readonly asset: string;
  /** Its name, by which the other image was found; `undefined` when there is no such image to read. */
  readonly name: string | undefined;
  /** The handle of the image whose smart crops were changed; `undefined` when none was. */
  readonly target: string | undefined;
  /**
   * `copied`: all smart crops were. `missing-crop`: those that the target has, too, were. `failed`: the service refused some of
   * them. `missing-asset`: there is no image to read, or none of its name to change. `ambiguous`: several have its name, and none
   * was changed.
   */
  readonly status: 'copied' | 'missing-crop' | 'failed' | 'missing-asset' | 'ambiguous';
  /** The names of the smart crops that were copied. */
  readonly copied: readonly string[];
  /** The names of those that the target lacks. */
  readonly missing: readonly string[];
  /** What the service refused. */
  readonly errors: readonly BatchFault[];
}

/** Images that are read together. */
const CHUNK = 100;

/** The operation that is known to exist where smart crops do. */
const UPDATE = 'updateSmartCrops';

/**
 * Smart crops: list, change, copy. They need a client whose contract has them, such as that of `@ips-sdk/types/2019-09-10-beta`. The
 * service has published no contract of theirs: names and fields are those of programs that work with it in 2017-10-29-beta and
 * 2019-09-10-beta.
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
   * The smart crops of an image.
   *
   * @param asset - The handle of the image.
   * @throws WireError when the client's contract has no smart crops; nothing is sent then.
   * @throws IpsFault when there is no such image.
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
   * Changes what smart crops show. A change that fails does not keep the others from being made: the answer has its reason, with the
   * handle of the image.
   *
   * @throws WireError when the client's contract has no smart crops; nothing is sent then.
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
    // The name is not one of the default contract, by which batches are typed.
    return batch(this.#caller, UPDATE as never, { updateArray }, options);
  }

  /**
   * Copies what smart crops show from images of this client to those of another one, such as from one company to another or from
   * staging to production. Images are found by their names, smart crops by theirs; nothing is created.
   *
   * @param assets - The handles of the images to read.
   * @param to - The client that changes the others. It may be this one's own.
   * @returns What became of each image, in the order given.
   * @throws WireError when the contract of one of the clients has no smart crops; nothing is sent then.
   * @throws InterruptedError with what became of the images so far when a call fails after others succeeded.
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
        // A fault names the image alone. To set the same again changes nothing, and shows which smart crop it is about.
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

  /** The names of images by their handles; what does not exist is left out. */
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

  /** The handles of images by their names. */
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
      `the contract ${contract.version ?? contract.service} has no operation "${UPDATE}", and no smart crops: give createIpsClient that of @ips-sdk/types/2019-09-10-beta`,
    );
  }
}

/** An image, and what is to be done with it. */
type PlannedCopy = Omit<SmartCropCopy, 'copied' | 'errors'> & {
  readonly changes: readonly (SmartCropChange & { readonly name: string })[];
};

/** The number in a handle: `a|739` and `a|739|1|537` name the same asset. */
function keyOf(handle: string): string {
  return /^a\|(\d+)/.exec(handle)?.[1] ?? handle;
}

/** What is asked of images. */
const FIELDS = ['assetHandle', 'name'].map((name) => `assetArray/items/${name}`);
