import type { Operations } from '@ips-sdk/types';
import type { IpsFault, OperationTypes } from '@ips-sdk/wire';

/** A file in a request to the upload servlet. */
export interface MockFile {
  /** Name of the file in the form, without a folder. */
  readonly fileName: string;
  /** Content of the file. */
  readonly content: Uint8Array;
}

/** A call that a mock received. */
export interface MockCall<
  Types extends OperationTypes<Types> = Operations,
  Name extends keyof Types = keyof Types,
> {
  /** Name of the operation. */
  readonly operation: Name;
  /** The input as a service reads it from the request: with the company, without `undefined`, and with dates as text. */
  readonly input: Types[Name]['input'];
  /** The files of an upload. Empty for all operations except `uploadPost`. */
  readonly files: readonly MockFile[];
}

/** What a stub answers: an output of the operation, or a fault, such as one made with {@link fault}. */
export type MockOutput<Types extends OperationTypes<Types>, Name extends keyof Types> =
  | Types[Name]['output']
  | IpsFault;

/**
 * A function that answers calls of one operation. A mock client's call fails with any error that it throws; in MSW handlers, only an
 * `IpsFault` becomes the fault itself.
 */
export type MockHandler<
  Types extends OperationTypes<Types> = Operations,
  Name extends keyof Types = keyof Types,
> = (
  input: Types[Name]['input'],
  call: MockCall<Types, Name>,
) => MockOutput<Types, Name> | Promise<MockOutput<Types, Name>>;

/** An answer of a stub: an output, a fault, or a function that returns one of these. */
export type MockAnswer<
  Types extends OperationTypes<Types> = Operations,
  Name extends keyof Types = keyof Types,
> = MockOutput<Types, Name> | MockHandler<Types, Name>;

/**
 * Stubs of operations, by name. An array has the answers of the first, second and later calls; the last answer repeats. An empty array
 * refuses every call.
 */
export type MockOperations<Types extends OperationTypes<Types> = Operations> = {
  readonly [Name in keyof Types]?: MockAnswer<Types, Name> | readonly MockAnswer<Types, Name>[] | undefined;
};

/** The stub of one operation. */
export interface MockStub<Types extends OperationTypes<Types>, Name extends keyof Types> {
  /**
   * Sets the answers of the first, second and later calls from now on. The last answer repeats.
   *
   * @throws RangeError without answers.
   */
  answers(...answers: readonly MockAnswer<Types, Name>[]): void;
}
