import type { CallOptions } from './options.js';

/** Options of `invalidateCdn` and `cdn.invalidate`. */
export interface InvalidateOptions extends CallOptions {
  /**
   * The company's ID in URL paths, such as `MyCompany` in `/is/image/MyCompany/shoe`. If set, URLs of other companies are rejected.
   */
  readonly rootId?: string | undefined;
}

/** A selection of assets. Assets that match any field are selected. */
export interface CdnSelection {
  /** Names or handles of assets. A handle contains a bar. */
  readonly assets?: Iterable<string> | undefined;
  /** Path of a folder. Selects its assets, and those of its subfolders unless `includeSubfolders` is `false`. */
  readonly folder?: string | undefined;
  /** Whether to include the subfolders of `folder`. Default: `true`. */
  readonly includeSubfolders?: boolean | undefined;
  /** Selects the assets that were published or unpublished since this time, from the logs of publish jobs. */
  readonly publishedSince?: Date | string | undefined;
  /**
   * URL templates with the placeholder `<ID>` for the name of an asset. A URL without `<ID>` is used unchanged. Default: the company's
   * property `application_cdn_invalidation_template`.
   */
  readonly template?: string | readonly string[] | undefined;
  /** Names of image presets. Adds each URL with each preset, such as `?$product$`. */
  readonly presets?: Iterable<string> | undefined;
}
