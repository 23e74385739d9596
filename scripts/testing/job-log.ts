import type { JobLog } from '@ips-sdk/types';

/** The log of a run of the job `name`, with all fields that the contract requires. All counts are 0 by default. */
export function jobLog(name: string, fields: Partial<JobLog> = {}): JobLog {
  return {
    companyHandle: 'c|6',
    jobHandle: `j|6||${name}|1`,
    jobName: name,
    originalJobName: name,
    submitUserEmail: 'ann@example.com',
    logType: 'BeginUpload',
    jobSubType: '',
    description: '',
    fileSuccessCount: 0,
    fileErrorCount: 0,
    fileWarningCount: 0,
    fileDuplicateCount: 0,
    fileUpdateCount: 0,
    totalFileCount: 0,
    transferSuccessCount: 0,
    transferErrorCount: 0,
    transferWarningCount: 0,
    fatalError: false,
    ...fields,
  };
}
