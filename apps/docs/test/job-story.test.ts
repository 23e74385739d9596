import { describe, expect, it } from 'vitest';
import { jobStory } from '../src/reference/job-story.ts';
import { mainText, readSite, withoutSpace } from './site.ts';

const { submit, jobHandle, scheduled, active, log, details } = jobStory();

describe('the recorded job', () => {
  it('has one name, kind and user in all of its lists', () => {
    expect([scheduled.name, active.originalName, log.originalJobName]).toEqual(Array(3).fill(submit.jobName));
    expect(scheduled.jobHandle).toBe(jobHandle);
    expect([log.jobName, log.jobHandle]).toEqual([active.name, active.jobHandle]);
    expect([scheduled.type, details.find(({ logType }) => logType === 'JobType')?.logMessage]).toEqual([
      active.type,
      active.type,
    ]);
    expect([scheduled.submitUserEmail, log.submitUserEmail]).toEqual(Array(2).fill(active.submitUserEmail));
  });

  it('has files and times that agree', () => {
    const files = submit.uploadUrlsJob?.urlArray?.map(({ destPath }) => destPath);
    const begun = details
      .filter(({ logType }) => logType === 'FileBegin')
      .map(({ logMessage }) => logMessage);
    expect(begun.sort()).toEqual(files?.sort());
    expect([log.totalFileCount, log.fileSuccessCount]).toEqual([begun.length, begun.length]);
    const [upload] = active.taskProgressArray;
    expect((upload?.numProcessed ?? 0) + (upload?.numProcessing ?? 0) + (upload?.numPending ?? 0)).toBe(
      begun.length,
    );
    const times = [scheduled.nextFireTime, active.startDate, active.lastProgressUpdate, log.endDate].map(
      String,
    );
    expect(times).toEqual([...times].sort());
    expect(log.startDate).toBe(active.startDate);
  });

  it('is told on the page of ActiveJob, with links to guide, commands and calls', () => {
    const html = readSite('api/types/activejob/index.html');
    const text = mainText(html);
    const shown = [jobHandle, active.jobHandle, active.name, 'ips job watch', 'job.watch()'].map(
      withoutSpace,
    );
    expect(shown.filter((part) => !text.includes(part))).toEqual([]);
    for (const path of [
      'guides/jobs',
      'packages/cli/commands',
      'api/operations/getjoblogs',
      'api/types/joblog',
    ])
      expect(html).toContain(`href="/${path}/"`);
  });
});
