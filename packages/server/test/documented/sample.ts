// The samples of the public documentation, as rows of tables: each row sends a request of the same form in data of our own, and says
// what of the documented answer our server fills, and what not. samples.json has the fields of the documented requests and answers.
// Everything here is a type, so that scripts/server-support.ts can read the tables without a test runner.
import type { OperationName, Operations } from '@ips-sdk/types';
import type { ServerWorld } from '../facts/fact.js';

/** The fields of one documented sample: paths from the root of the document, `items` for the items of an array. */
export interface DocumentedFields {
  /** Fields that the request gives; missing where the page has no request. */
  readonly asks?: readonly string[];
  /** Fields that the answer fills. Elements without content do not count. */
  readonly answers: readonly string[];
  /** Parts of the answer that the page cuts short, with `...` or a note: nobody knows what else they fill. */
  readonly cut?: readonly string[];
}

/** The samples of an operation's page. */
export interface DocumentedPage {
  /** The name of the page's file. */
  readonly page: string;
  readonly examples: readonly DocumentedFields[];
}

/** A reason, and the fields for which it holds. */
export type Differences = Readonly<Record<string, readonly string[]>>;

/** How one operation is held to the samples of its page. */
export interface Reproduction<Name extends OperationName> {
  /** Prepares data of its own and sends one request for each sample of the page, in their order. */
  readonly run: (world: ServerWorld, send: Send<Name>) => Promise<unknown>;
  /** Fields that the documented request gives, and ours does not. */
  readonly asksLess?: Differences;
  /** Fields that the documented answer fills, and ours does not. */
  readonly lacks?: Differences;
  /** Fields that our answer fills, and the documented one does not. */
  readonly adds?: Differences;
}

/** Sends a request and answers what came back. */
export type Send<Name extends OperationName> = (
  input: Operations[Name]['input'],
) => Promise<Operations[Name]['output']>;

/** Rows by operation. */
export type Reproductions = { readonly [Name in OperationName]?: Reproduction<Name> };
