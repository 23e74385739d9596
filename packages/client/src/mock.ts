/**
 * A client for tests that sends nothing, and whose answers come from stubs that the contract checks.
 *
 * @packageDocumentation
 */

export {
  createMockClient,
  type MockClient,
  type MockClientOf,
  type MockClientOptions,
  type MockControl,
  type VersionedMockClient,
} from './mock/create-mock-client.js';
export { fault, type MockFaultDetails } from './mock/fault.js';
export { MockError, type MockProblem } from './mock/mock-error.js';
export type {
  MockAnswer,
  MockCall,
  MockFile,
  MockHandler,
  MockOperations,
  MockOutput,
  MockStub,
} from './mock/mock-types.js';
