import type { Moment } from './common.js';

/** Body of `POST uploads`: the files, before their content. */
export interface UploadRequest {
  /** Destination folder, such as `MyCompany/Shoes/`. */
  readonly folder: string;
  /** Default: made from the time. */
  readonly jobName?: string | undefined;
  readonly files: readonly UploadFile[];
  /** Fields of `uploadPostJob`; `overwrite`, `readyForPublish` and `createMask` have defaults. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

export interface UploadFile {
  /** Name, with the folders of a dropped folder in front: `Summer/red.tif`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * An upload. Send the files in chunks of at most `chunkBytes` to `uploads/chunk`, each from its `received`; after an interruption, read
 * the state and continue there. The job starts by itself when all files have arrived.
 */
export interface UploadState {
  readonly id: string;
  readonly phase: 'receiving' | 'sending' | 'processing' | 'done' | 'failed' | 'cancelled';
  readonly chunkBytes: number;
  readonly files: readonly UploadFileState[];
  /** Bytes. */
  readonly received: number;
  readonly total: number;
  readonly jobName: string;
  readonly jobHandle?: string | undefined;
  /** Why it failed. */
  readonly error?: string | undefined;
  /** When the host forgets it if nothing more arrives. */
  readonly expires: Moment;
}

export interface UploadFileState extends UploadFile {
  readonly received: number;
  readonly status:
    | 'receiving'
    | 'received'
    | 'sent'
    | 'succeeded'
    | 'updated'
    | 'duplicate'
    | 'failed'
    | 'unknown';
  /** Why it failed. */
  readonly reason?: string | undefined;
  readonly warnings: readonly string[];
  readonly assetHandle?: string | undefined;
}
