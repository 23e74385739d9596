import type { UploadStatus } from './outcome.js';

/** An entry in the journal of an upload. Files are identified by key. */
export type UploadEntry =
  /** A job with these files is about to be submitted. */
  | { readonly type: 'job'; readonly name: string; readonly files: readonly string[]; readonly at?: string }
  /** The service accepted the job. */
  | { readonly type: 'submitted'; readonly name: string; readonly handle: string }
  /** The service received these files. */
  | { readonly type: 'sent'; readonly name: string; readonly files: readonly string[] }
  /** The job ended with these outcomes. */
  | {
      readonly type: 'done';
      readonly name: string;
      readonly outcomes: readonly FileEntry[];
      readonly at?: string;
    }
  /** All jobs have ended. */
  | { readonly type: 'end'; readonly at: string };

/** The outcome of a file. */
export interface FileEntry {
  readonly file: string;
  readonly status: UploadStatus;
  readonly reason?: string | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly assetHandle?: string | undefined;
}
