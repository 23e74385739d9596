import type { ContextRow } from './publish-contexts.js';
import type { PublishedAsset } from './published-content.js';

/** Log types for removals by a publish. */
export interface CleanupLogTypes {
  readonly begin: string;
  /** Some kinds have no constant for success, and then log no row. */
  readonly end: string | undefined;
  readonly success: string;
}

/** The storage of a context's files, if it is not the file store. */
export interface PublishPlace {
  /**
   * The name under which an asset is published there.
   *
   * @throws ItemFailure when it cannot have one.
   */
  nameOf(asset: PublishedAsset, folder: string): string;
  /** The slow part: writes a file next to its destination. */
  stage(asset: PublishedAsset, file: string): Promise<StagedContent>;
  remove(name: string): Promise<void>;
}

/** A file next to its destination. */
export interface StagedContent {
  /** The quick part: moves it into place, and removes the file under an old name. Changes nothing more when it is repeated. */
  promote(name: string, oldName: string | undefined): Promise<void>;
}

/** Options of a publish run. */
export interface PublishPlan {
  readonly context: ContextRow;
  /** Whether to publish everything again, or only what has changed. */
  readonly full: boolean;
  readonly cleanup: CleanupLogTypes;
  readonly place?: PublishPlace | undefined;
}
