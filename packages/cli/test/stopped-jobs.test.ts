// Completed jobs in lists: the head of a log does not show a stop, only a row of the log does.
import { IpsFault } from '@ips-sdk/wire';
import { expect, it } from 'vitest';
import { log, row, startService } from './support/company-service.js';
import { account, ips } from './support/ips.js';

/** A service with completed runs, some of which were stopped. */
async function serviceWith(logs: ReturnType<typeof log>[], stopped: readonly string[]) {
  const service = await startService();
  service.on('getJobLogs', () => ({ jobLogArray: logs }));
  service.on('getJobLogDetails', ({ jobHandle, logTypeArray = [] }) => ({
    jobLogArray: logs
      .filter((one) => one.jobHandle === jobHandle)
      .map((one) => ({
        ...one,
        detailArray: [row('EndImageServingPublish', 'ends'), row('FileCancel', 'The job was stopped')].filter(
          ({ logType }) =>
            (logType !== 'FileCancel' || stopped.includes(one.originalJobName)) &&
            (logTypeArray.length === 0 || logTypeArray.includes(logType)),
        ),
      })),
  }));
  return service;
}

const publish = { logType: 'BeginImageServingPublish' };

it('a stopped job is listed as stopped, whatever its counts', async () => {
  const service = await serviceWith(
    [
      log('All files', publish),
      log('Some files', { ...publish, fileSuccessCount: 1 }),
      log('Upload', { fileSuccessCount: 2 }),
      log('No files', { fileSuccessCount: 0, totalFileCount: 0 }),
      log('Fatal', { ...publish, fatalError: true }),
      log('Whole publish', publish),
      log('Whole upload'),
      log('Bad upload', { fileSuccessCount: 2, fileErrorCount: 1 }),
    ],
    ['All files', 'Some files', 'Upload', 'No files', 'Fatal'],
  );
  const { stdout } = await ips(
    ['job', 'list', '--only', 'completed', '--jq', '.[] | "\\(.name): \\(.state)"'],
    {
      env: account(service.endpoint),
    },
  );
  expect(stdout.trimEnd().split('\n')).toEqual([
    'All files: stopped',
    'Some files: stopped',
    'Upload: stopped',
    'No files: stopped',
    'Fatal: failed',
    'Whole publish: succeeded',
    'Whole upload: succeeded',
    'Bad upload: completedWithErrors',
  ]);
  // Runs whose head settles their outcome are not looked up.
  expect(service.operations().filter((name) => name === 'getJobLogDetails')).toHaveLength(5);
});

it('a log that the user may not read does not keep the list from being shown', async () => {
  const service = await serviceWith([log('Shoes', publish)], []);
  service.on('getJobLogDetails', () => {
    throw new IpsFault({ kind: 'authorization', code: 20003, reason: 'Not allowed' });
  });
  const { code, stdout } = await ips(['job', 'list', '--only', 'completed', '--jq', '.[].state'], {
    env: account(service.endpoint),
  });
  expect([code, stdout]).toEqual([0, 'succeeded\n']);
});
