import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ActiveJob, JobLog, JobLogDetail, ScheduledJob, SubmitJobParam } from '@ips-sdk/types';
import { operationLink, typeLink } from './links.ts';
import { literal } from './literal.ts';
import { blocks, code, codeBlock, table } from './markdown.ts';

/** One job as a local server showed it; `scripts/record-job.ts` recorded it. */
export interface JobStory {
  readonly submit: SubmitJobParam;
  readonly jobHandle: string;
  readonly scheduled: ScheduledJob;
  readonly active: ActiveJob;
  readonly log: JobLog;
  readonly details: readonly JobLogDetail[];
}

/** Where the recording is. */
export const STORY_FILE: string = fileURLToPath(new URL('job-story.json', import.meta.url));

let story: JobStory | undefined;

export function jobStory(): JobStory {
  story ??= JSON.parse(readFileSync(STORY_FILE, 'utf8')) as JobStory;
  return story;
}

/** What the pages of the types show of the recording. */
export function recordedValue(type: string): unknown {
  const { scheduled, active, log, details } = jobStory();
  const shown: Readonly<Record<string, unknown>> = {
    ScheduledJob: scheduled,
    ActiveJob: active,
    JobLog: log,
    JobLogDetail: details[0],
  };
  return shown[type];
}

/** The recorded job in all of its lists, from submission to log, with the calls that show it. */
export function jobStoryText(): string {
  const { submit, jobHandle, scheduled, active, log, details } = jobStory();
  const time = (iso: unknown): string => String(iso).slice(11, 19);
  const tasks = active.taskProgressArray
    .map(
      ({ taskType, taskState, numProcessed }) =>
        `${code(taskType.split('.').at(-1) ?? taskType)} (${taskState}, ${numProcessed} done)`,
    )
    .join(' and ');
  const files = log.totalFileCount;
  return blocks(
    '## One job, from submission to log',
    `The job ${code(submit.jobName)} uploads ${files} images. All values on this page were recorded from it on the [local server](/guides/local-server/).`,
    table(
      ['Stage', 'In the service', 'Read it with'],
      [
        [
          'submitted',
          `${operationLink('submitJob')} returns the handle of the trigger, ${code(jobHandle)}.`,
          '`ips job submit`, `ips.jobs.submit`',
        ],
        [
          'scheduled',
          `${typeLink('ScheduledJob')}: state ${code(String(scheduled.triggerState))}, next run at ${time(scheduled.nextFireTime)} (UTC).`,
          `${operationLink('getScheduledJobs')}, \`job.schedule()\`, \`ips job list\``,
        ],
        [
          'active',
          `An ActiveJob with a different handle: state ${code(active.state)}, ${active.progress} %, started at ${time(active.startDate)}. Tasks: ${tasks}.`,
          `${operationLink('getActiveJobs')}, \`job.watch()\`, \`ips job watch "${submit.jobName}"\``,
        ],
        [
          'completed',
          `${typeLink('JobLog')}: ${files} files, ${log.fileSuccessCount} succeeded, from ${time(log.startDate)} to ${time(log.endDate)}. The run has left the active list.`,
          `${operationLink('getJobLogs')}, \`job.wait()\`, \`ips job log "${submit.jobName}"\``,
        ],
      ],
    ),
    `The name connects the stages: ${code('originalName')} of the run and ${code('originalJobName')} of the log are the submitted name. More in the guide [Jobs](/guides/jobs/) and in [Commands of ips](/packages/cli/commands/).`,
    codeBlock('ts no-run title="Follow it through all three lists"', following(submit.jobName)),
    [
      '<details>',
      '<summary>The recorded responses: scheduled, active, completed, and the rows of the log</summary>',
      '',
      codeBlock('ts title="getScheduledJobs"', literal(scheduled)),
      '',
      codeBlock('ts title="getActiveJobs"', literal(active)),
      '',
      codeBlock('ts title="getJobLogs"', literal(log)),
      '',
      codeBlock('ts title="getJobLogDetails"', literal(details)),
      '',
      '</details>',
    ].join('\n'),
  );
}

function following(name: string): string {
  return [
    `const job = ips.jobs.get({ name: '${name}' });`,
    'for await (const event of job.watch()) {',
    "  if (event.type === 'progress') console.log(event.progress, event.message);",
    "  if (event.type === 'done') console.log(event.verdict.status, event.verdict.counts);",
    '}',
  ].join('\n');
}
