import type { OperationName, Operations } from '@ips-sdk/types';
import type { Call } from '../access/call.js';
import type { StagedFile } from '../files/file-store.js';
import type { JobEngine } from '../jobs/job-engine.js';

/** A file that came with a request. It stays on the disk only if the handler keeps it. */
export interface ReceivedFile {
  /** The file name of the part, which may have folders. */
  readonly name: string;
  readonly staged: StagedFile;
}

/** A call as a handler sees it: with the jobs of the server and what came beside the XML. */
export interface HandlerCall extends Call {
  readonly jobs: JobEngine;
  readonly files: readonly ReceivedFile[];
}

/** The implementation of one operation. Its input was validated against the contract. Throws IpsFault, see `faults.ts`. */
export type Handler<Name extends OperationName> = (
  input: Operations[Name]['input'],
  call: HandlerCall,
) => Promise<Operations[Name]['output']>;

/** The operations of the contract, each with a handler's type. A server implements as many of them as it can. */
export type IpsHandlers = { readonly [Name in OperationName]: Handler<Name> };

/** Some of the operations: the handlers of one area. */
export type AreaHandlers = Partial<IpsHandlers>;
