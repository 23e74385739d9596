/**
 * Request handlers of MSW for the service, with stubs that the contract checks. Requires `msw`, version 2.
 *
 * @packageDocumentation
 */
export { fault, type MockFaultDetails } from './mock/fault.js';
export { type IpsHandlerOptions, ipsHandlers } from './mock/ips-handlers.js';
export type {
  MockAnswer,
  MockCall,
  MockFile,
  MockHandler,
  MockOperations,
  MockOutput,
} from './mock/mock-types.js';
