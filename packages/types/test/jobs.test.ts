import { describe, expect, expectTypeOf, it } from 'vitest';
import { contract } from '../src/generated/contract.js';
import type { ExportJob } from '../src/generated/index.js';
import { jobDetails, jobKinds } from '../src/jobs.js';

describe('jobDetails', () => {
  it('finds the kind by the payload that is present', () => {
    const exportJob: ExportJob = { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' };
    const found = jobDetails({ companyHandle: 'c|6', jobName: 'x', exportJob });
    expect(found).toEqual({ kind: 'exportJob', details: exportJob });
    if (found?.kind === 'exportJob') expectTypeOf(found.details).toEqualTypeOf<ExportJob>();
  });

  it('finds nothing in a job without a payload', () => {
    expect(jobDetails({ companyHandle: 'c|0', jobName: 'Cleanup' })).toBeUndefined();
  });

  it('knows every payload of the contract', () => {
    const type = contract.types['ActiveJob'];
    const payloads =
      type && 'fields' in type
        ? type.fields.map(([name]) => name).filter((name) => name.endsWith('Job'))
        : [];
    expect(payloads).toEqual([...jobKinds]);
  });
});
