// What the compiler accepts as stubs, and what it refuses: `npm run typecheck` fails when one of the expected errors is absent.
import type { IpsClient } from '@ips-sdk/client';
import { createMockClient, fault, type MockHandler, type MockOperations } from '@ips-sdk/client/mock';
import { ipsHandlers } from '@ips-sdk/client/msw';
import type { GetActiveJobsParam, GetActiveJobsReturn, SubmitJobParam } from '@ips-sdk/types';
import { type Operations as Beta, contract } from '@ips-sdk/types/2019-09-10-beta';
import { expect, expectTypeOf, it } from 'vitest';

it('stubs have the types of their operations', () => {
  const ips = createMockClient({
    operations: {
      getActiveJobs: (input, call) => {
        expectTypeOf(input).toEqualTypeOf<GetActiveJobsParam>();
        expectTypeOf(call.operation).toEqualTypeOf<'getActiveJobs'>();
        return { jobArray: [] };
      },
      stopJob: [{}, fault(30001, 'Unknown job')],
      createFolder: async ({ folderPath }) => ({ folderHandle: folderPath }),
    },
  });
  expectTypeOf(ips).toExtend<IpsClient>();
  expectTypeOf(ips.calls('submitJob')[0]?.input).toEqualTypeOf<SubmitJobParam | undefined>();
  expectTypeOf(ips.getActiveJobs()).resolves.toEqualTypeOf<GetActiveJobsReturn>();
  ips.on('createFolder').answers({ folderHandle: 'f|1' }, () => fault(30001, 'Exists'));
  expect(ips.calls()).toEqual([]);
});

it('wrong stubs do not compile', () => {
  const stubs: MockOperations[] = [
    // @ts-expect-error: a required field is missing
    { getActiveJobs: {} },
    // @ts-expect-error: an unknown field
    { getActiveJobs: { jobArray: [], total: 1 } },
    // @ts-expect-error: a field of the wrong type
    { createFolder: () => ({ folderHandle: 7 }) },
    // @ts-expect-error: a required field is missing in the answer of a function
    { createFolder: async () => ({}) },
    // @ts-expect-error: one wrong answer of several
    { createFolder: [{ folderHandle: 'f|1' }, { folder: 'f|2' }] },
    // @ts-expect-error: an unknown operation
    { makeFolder: {} },
    // @ts-expect-error: an input has no such field
    { createFolder: ({ path }) => ({ folderHandle: path }) },
  ];
  expect(stubs).toHaveLength(7);
  const ips = createMockClient();
  // @ts-expect-error: an answer of another operation
  ips.on('createFolder').answers({ jobArray: [] });
  // @ts-expect-error: an input has no such field
  expect(() => ips.calls('createFolder').map(({ input }) => input.path)).not.toThrow();
  const handler: MockHandler<Beta, 'updateSmartCrops'> = () => ({
    successCount: 1,
    warningCount: 0,
    errorCount: 0,
  });
  expect(ipsHandlers({ updateSmartCrops: handler }, { contract })).toHaveLength(3);
  // @ts-expect-error: the default contract has no such operation
  expect(() => ipsHandlers({ updateSmartCrops: handler })).toThrow('updateSmartCrops');
  // @ts-expect-error: a field of the wrong type, in a handler of MSW
  expect(ipsHandlers({ createFolder: { folderHandle: 7 } })).toHaveLength(3);
});
