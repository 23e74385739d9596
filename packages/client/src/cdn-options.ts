import type { CallOptions } from './options.js';

/** Options of {@link invalidateCdn}. */
export interface InvalidateOptions extends CallOptions {
  /**
   * The id in the paths of the company's URLs: `MyCompany` in `/is/image/MyCompany/shoe`. Where it is given, URLs of other
   * companies are refused.
   */
  readonly rootId?: string | undefined;
}

/** Assets whose copies the content delivery network drops. What several fields name is added up, each URL once. */
export interface CdnSelection {
  /** Names or handles of assets. */
  readonly assets?: Iterable<string> | undefined;
  /** The path of a folder: all assets in it, and in those below unless `includeSubfolders` is false. */
  readonly folder?: string | undefined;
  /** Whether the folders below `folder` count as well; they do by default. */
  readonly includeSubfolders?: boolean | undefined;
  /** All that publishes sent or removed since this time, by their logs. */
  readonly publishedSince?: Date | string | undefined;
  /**
   * URLs in which `<ID>` stands for the name of an asset; by default those of the company's property
   * `application_cdn_invalidation_template`. A URL without `<ID>` is invalidated as it stands.
   */
  readonly template?: string | readonly string[] | undefined;
  /** Names of image presets. Each URL is invalidated with each of them too: `?$product$`. */
  readonly presets?: Iterable<string> | undefined;
}
