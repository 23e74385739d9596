// What is known of the live service, as rows of tables: each fact names where it was seen, and holds our server and our client to it.
// Everything here is a type, so that scripts/verified.ts can read the tables without a test runner.
import type { IpsClient, IpsClientOptions } from '@ips-sdk/client';
import type { JobLog, OperationName, Operations, SubmitJobParam } from '@ips-sdk/types';
import type { IpsFault } from '@ips-sdk/wire';
import type { ExpectStatic } from 'vitest';
import type { IpsServer } from '../../src/create-server.js';
import type { IpsServerOptions } from '../../src/server-options.js';
import type { Connection } from '../support/call.js';
import type { FileServer } from '../support/file-server.js';

/** Where a fact was seen. */
export interface Evidence {
  /**
   * `recording`: an answer of the live service, published by others. `program`: a public program that works against the service relies
   * on it. `page`: the public documentation states it, or shows it in a sample.
   */
  readonly kind: 'recording' | 'program' | 'page';
  /** Which one: a page of the documentation by the name of its file, the namespace of a recording, what a program does. */
  readonly source: string;
}

/** How a side is held to a fact: by a test, or by a reason why the fact does not concern it. */
export type Check<World> = ((world: World) => Promise<void>) | { readonly reason: string };

/** One fact about the service. */
export interface Fact {
  /** Names it for good, in words joined by hyphens. */
  readonly id: string;
  /** The fact, in one sentence. */
  readonly fact: string;
  readonly evidence: Evidence;
  /** Holds our server to it, over a socket. */
  readonly server: Check<ServerWorld>;
  /** Holds our client to it: it gets the answer in the service's own form, written by hand. */
  readonly client: Check<ClientWorld>;
}

/**
 * What a check of the server works with. All facts share one server, whose zone is America/New_York, so the names of jobs, assets and
 * the like must be a fact's own.
 */
export interface ServerWorld {
  readonly expect: ExpectStatic;
  readonly server: IpsServer;
  /** Calls as the administrator; every answer must be valid in strict mode. */
  readonly connection: Connection;
  /** `c|6`, whose root is `SampleCompany/`. */
  readonly companyHandle: string;
  /**
   * Serves `/red.png`, an image of 20 by 10 pixels, `/blue.png`, one of 30 by 10, `/page.pdf`, a document of one page, and `/slow.png`,
   * which hangs until `letGo`.
   */
  readonly files: FileServer;
  /** Ends the downloads that hang. */
  letGo(): void;
  /** The text of the answer to a call, whether it is an output or a fault. */
  text<Name extends OperationName>(operation: Name, input: Operations[Name]['input']): Promise<string>;
  fault<Name extends OperationName>(operation: Name, input: Operations[Name]['input']): Promise<IpsFault>;
  /** An upload of URLs into the company's root, by the paths of `files`; `more` overrides its fields. */
  upload(
    paths: readonly string[],
    more?: Partial<NonNullable<SubmitJobParam['uploadUrlsJob']>>,
  ): Pick<SubmitJobParam, 'uploadUrlsJob'>;
  /** Uploads `/red.png` under a name of its own and answers the handle of the asset. */
  asset(name: string): Promise<string>;
  /** Submits a job and waits until it has ended. */
  run(job: Omit<SubmitJobParam, 'companyHandle'>): Promise<JobLog>;
  /** The world of another server; those with the same options are one. */
  on(options: IpsServerOptions): Promise<ServerWorld>;
}

/** What a call is answered: the content of the return element, or a whole document. */
export type HandWritten = string | { readonly document: string; readonly status?: number };

/** What a check of the client works with. */
export interface ClientWorld {
  readonly expect: ExpectStatic;
  /**
   * A client and the service that answers it, with texts written by hand: by operation one text, or several, one after the other, the
   * last one again and again.
   */
  answered(
    answers: {
      readonly [Name in OperationName | 'updateSmartCrops']?: HandWritten | readonly HandWritten[];
    },
    options?: Partial<IpsClientOptions>,
  ): Promise<{
    readonly ips: IpsClient;
    /** The documents that the client sent, in order. */
    readonly requests: readonly { readonly operation: string; readonly xml: string }[];
    /** What the decoder tolerated. */
    readonly issues: readonly { readonly code: string; readonly path: string }[];
  }>;
  /** A fault in the service's form. */
  faultDocument(faultCode: string, faultString: string, detail: string): HandWritten;
}
