import type { CallOptions } from './options.js';

/** Options of `batch`. */
export interface BatchOptions extends CallOptions {
  /** Number of items per call, from 1. Default: 500. */
  readonly chunkSize?: number | undefined;
}

/** Options of `stream`. */
export interface StreamOptions extends CallOptions {
  /**
   * Field names that lead to the array, as in `codec.decodeItems` of `@ips-sdk/wire`. Default: the first array of the response.
   */
  readonly path?: readonly string[];
  /** Called with the response without its items, at its end. */
  readonly onRest?: (rest: unknown) => void;
}

/** Options of `walkFolders`. */
export interface WalkOptions extends CallOptions {
  /** Path of the first folder. Default: the company's root. */
  readonly folderPath?: string | undefined;
  /** Number of levels below the first folder, from 0. Default: all. */
  readonly depth?: number | undefined;
  /** Lists only folders that contain assets of these types. */
  readonly assetTypeArray?: readonly string[] | undefined;
}
