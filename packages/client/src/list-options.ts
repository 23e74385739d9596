import type { CallOptions } from './options.js';

/** Options of a batch. */
export interface BatchOptions extends CallOptions {
  /** How many items go into one call; 500 by default. */
  readonly chunkSize?: number | undefined;
}

/** Options of a call whose answer is read item by item. */
export interface StreamOptions extends CallOptions {
  /** The array, as in `codec.decodeItems` of `@ips-sdk/wire`. */
  readonly path?: readonly string[];
  /** Called with the answer without its items. */
  readonly onRest?: (rest: unknown) => void;
}

/** Options of a walk through folders. */
export interface WalkOptions extends CallOptions {
  /** Where to begin, relative to the company's root; the root by default. */
  readonly folderPath?: string | undefined;
  /** How many levels below the start; all by default. */
  readonly depth?: number | undefined;
  /** Only folders that contain assets of these types. */
  readonly assetTypeArray?: readonly string[] | undefined;
}
