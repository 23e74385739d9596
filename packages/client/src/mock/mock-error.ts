/** Why a mock did not answer. */
export type MockProblem =
  /** The operation has no stub. */
  | 'no-stub'
  /** The request is not one that the contract allows. */
  | 'bad-request'
  /** The stub's answer is not one that the contract allows. */
  | 'bad-answer'
  /** The request is for something that mocks do not offer, such as a download. */
  | 'not-supported';

/** A mistake in a test: a call without a stub, or a message that violates the contract. */
export class MockError extends Error {
  override readonly name = 'MockError';
  readonly problem: MockProblem;
  /** Name of the operation; `undefined` if it is not known. */
  readonly operation: string | undefined;
  /** The path of the invalid value, such as `jobArray[0].progress`; `undefined` if the error is not about a value. */
  readonly path: string | undefined;

  constructor(
    problem: MockProblem,
    message: string,
    details: { readonly operation?: string; readonly path?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.problem = problem;
    this.operation = details.operation;
    this.path = details.path;
  }
}
