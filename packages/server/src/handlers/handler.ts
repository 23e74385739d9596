import type { Call } from '../access/call.js';
import type { StagedFile } from '../files/file-store.js';
import type { OperationName, Operations } from '../handled-contract.js';
import type { JobEngine } from '../jobs/job-engine.js';

/** A file received with a request. It stays on disk only if the handler keeps it. */
export interface ReceivedFile {
  /** The file name of the part, which may include folders. */
  readonly name: string;
  readonly staged: StagedFile;
}

/** A call for handlers, with the job engine and the files of the request. */
export interface HandlerCall extends Call {
  readonly jobs: JobEngine;
  readonly files: readonly ReceivedFile[];
}

/** The implementation of one operation. Its input has been validated. It throws the faults of `faults.ts`. */
export type Handler<Name extends OperationName> = (
  input: Operations[Name]['input'],
  call: HandlerCall,
) => Promise<Operations[Name]['output']>;

/** The type of each operation's handler. */
export type IpsHandlers = { readonly [Name in OperationName]: Handler<Name> };

/** The handlers of one area. */
export type AreaHandlers = Partial<IpsHandlers>;
