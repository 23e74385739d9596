import { runTime, timeText, timeZone, wholeNumber } from '../duration.js';
import type { ArgumentSpec, CommandSpec, OptionSpec } from '../spec.js';
import { WAIT } from './wait-options.js';

const JOB: ArgumentSpec = {
  syntax: '<job>',
  description: 'the handle, the submitted name, or the name of a run',
};

const JOBS: ArgumentSpec = {
  ...JOB,
  syntax: '<jobs...>',
  description: 'handles or names; - reads them from stdin, one per line',
};

const EXIT_STATUS: OptionSpec = {
  flags: '--exit-status',
  description: 'exit with 1 if the job does not succeed',
};

const FIELDS: readonly OptionSpec[] = [
  {
    flags: '-f, --field <key=value>',
    description: 'set a field of the job: publishType=Full, a.b=1, list[]=x',
    repeatable: true,
  },
  { flags: '--input <file>', description: 'the job details as JSON; - is stdin', completion: 'file' },
];

const SUBMIT: readonly OptionSpec[] = [
  ...FIELDS,
  {
    flags: '--name <name>',
    description: 'the job name; use a unique one, because runs and logs are found by name',
  },
  { flags: '--description <text>', description: 'a description' },
];

/** Commands about jobs. */
export const job: CommandSpec = {
  name: 'job',
  summary: 'manage jobs',
  description:
    'Jobs are scheduled, active or completed. Give a job by its handle or submitted name; ips searches all three lists.',
  examples: [{ command: 'ips job watch "Spring shoes"', says: 'Watch a job' }],
  commands: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'list scheduled and active jobs, and jobs completed in the last day',
      options: [
        {
          flags: '--only <stage>',
          description: 'only jobs in this stage',
          choices: ['scheduled', 'active', 'completed'],
        },
        {
          flags: '--since <time>',
          description: 'include completed jobs since this time: 7d, 2h, 2014-04-03T00:00:00Z',
          default: '24h',
          parse: timeText,
        },
        { flags: '--mine', description: 'only jobs that you submitted' },
      ],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        { command: 'ips job list', says: 'As a table' },
        {
          command: 'ips job list --only active --json name,progress',
          says: 'Names and progress of active jobs as JSON',
        },
        { command: 'ips job list --since 7d | grep failed', says: 'Jobs that failed in the last 7 days' },
      ],
      load: () => import('../commands/job-list.js'),
    },
    {
      name: 'audit',
      summary: 'summarize job logs: jobs, outcomes and files',
      description:
        'Reads a period of any length in windows small enough that the service returns every log. A job belongs to the period in ' +
        'which it started; a job that is still running counts as unfinished. Log headers do not show stops, so a stopped job counts as ' +
        'succeeded unless it has errors.',
      options: [
        {
          flags: '--from <time>',
          description: 'the start of the period: 30d, 2014-04-01, 2014-04-03T00:00:00-07:00',
          default: '30d',
          parse: timeText,
        },
        {
          flags: '--to <time>',
          description:
            'the end of the period, in the same formats; a date means the start of that day in UTC (now)',
          parse: timeText,
        },
        {
          flags: '--by <what>',
          description: 'group by user, job type, job name, or day in UTC',
          choices: ['user', 'type', 'name', 'day'],
          default: 'user',
        },
      ],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        {
          command: 'ips job audit --from 2014-04-01 --to 2014-05-01 --by user',
          says: 'Jobs per user in April 2014',
        },
        { command: 'ips job audit --from 365d --by day --csv > year.csv', says: 'One year as CSV' },
      ],
      load: () => import('../commands/job-audit.js'),
    },
    {
      name: 'get',
      summary: 'show all details of a job',
      arguments: [JOB],
      prints: true,
      connects: true,
      examples: [
        { command: 'ips job get "Spring shoes"', says: 'By name' },
        { command: 'ips job get "j|6|Nightly|" --jq .nextFireTime', says: 'The next run' },
      ],
      load: () => import('../commands/job-get.js'),
    },
    {
      name: 'submit',
      summary: 'submit a job of any kind',
      description: 'To upload files or publish assets, use ips upload or ips publish.',
      arguments: [
        { syntax: '<kind>', description: 'imageServingPublishJob, exportJob, …', completion: 'job-kind' },
      ],
      options: [
        ...SUBMIT,
        {
          flags: '--at <time>',
          description: 'run once at this time: 2014-04-03T22:00:00-07:00',
          parse: runTime,
        },
        { flags: '--watch', description: 'watch the job until it ends' },
        { flags: '--wait', description: 'wait until the job ends' },
        EXIT_STATUS,
        ...WAIT,
      ],
      prints: true,
      connects: true,
      hasDryRun: true,
      examples: [
        {
          command:
            'ips job submit optimizeImagesJob -f emailSetting=None --name "Optimize" --watch --exit-status',
          says: 'Submit and watch',
        },
        {
          command: 'ips job submit exportJob --input export.json --dry-run',
          says: 'Show the request without sending it',
        },
      ],
      load: () => import('../commands/job-submit.js'),
    },
    {
      name: 'watch',
      summary: 'watch jobs until they end',
      description:
        'In a terminal, updates state, tasks, speed and remaining time in place; otherwise prints a line per change. Press Ctrl-C to ' +
        'stop watching; the job continues. Several jobs are watched at once.',
      arguments: [JOBS],
      options: [EXIT_STATUS, ...WAIT],
      prints: true,
      connects: true,
      examples: [
        {
          command: 'ips job watch "Spring shoes" --exit-status && ips publish',
          says: 'Publish after a job succeeds',
        },
        {
          command: 'ips job list --only active --jq ".[].handle" | ips job watch -',
          says: 'Watch all active jobs',
        },
      ],
      load: () => import('../commands/job-watch.js'),
    },
    {
      name: 'wait',
      summary: 'wait until a job ends, and print its outcome',
      description: 'Exits with 1 if the job does not succeed.',
      arguments: [JOB],
      options: [...WAIT],
      prints: true,
      connects: true,
      examples: [
        { command: 'ips job wait "Spring shoes" --timeout 30m', says: 'With a time limit' },
        {
          command: 'ips job wait "Spring shoes" --jq ".failures[].message"',
          says: 'Print failures only',
        },
      ],
      load: () => import('../commands/job-wait.js'),
    },
    {
      name: 'tail',
      summary: 'follow the log of a job',
      arguments: [JOB],
      options: [EXIT_STATUS, ...WAIT],
      prints: true,
      connects: true,
      examples: [{ command: 'ips job tail "Spring shoes"', says: 'Print log rows until the job ends' }],
      load: () => import('../commands/job-tail.js'),
    },
    {
      name: 'log',
      summary: 'print the log of a job so far',
      arguments: [JOB],
      options: [{ flags: '--errors', description: 'only errors and warnings' }],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        { command: 'ips job log "Spring shoes" --errors', says: 'Errors and warnings' },
        {
          command: 'ips job log "Spring shoes" --json assetHandle,logMessage',
          says: 'Handle and message of each row as JSON',
        },
      ],
      load: () => import('../commands/job-log.js'),
    },
    control('stop', 'stop a run; completed work is kept', true),
    control('pause', 'pause an active or scheduled job', false),
    control('resume', 'resume a paused job', false),
    control('run', 'run a scheduled job now, without changing its schedule', false),
    control('delete', 'delete a job with its schedule and active run', true, ['rm']),
    {
      name: 'schedule',
      summary: 'explain a schedule, or submit a job with one',
      description:
        'A schedule is a Quartz expression: seconds, minutes, hours, day of month, month, day of week and optionally year. Without a ' +
        'kind, explains the schedule and prints its next run times, without calling the service. With a kind, submits a job.',
      arguments: [
        { syntax: '<schedule>', description: 'a Quartz expression: "0 0 2 * * ?"' },
        { syntax: '[kind]', description: 'imageServingPublishJob, …', completion: 'job-kind' },
      ],
      options: [
        ...SUBMIT,
        {
          flags: '--count <n>',
          description: 'how many run times to print',
          default: '5',
          parse: wholeNumber(1, 1000),
        },
        {
          flags: '--time-zone <zone>',
          description: 'the time zone of the service (the local time zone)',
          parse: timeZone,
        },
      ],
      prints: true,
      connects: true,
      hasDryRun: true,
      examples: [
        {
          command: 'ips job schedule "0 0 2 * * ?"',
          says: 'Explain a schedule and print the next run times',
        },
        {
          command:
            'ips job schedule "0 0 2 * * ?" imageServingPublishJob -f publishType=Incremental -f emailSetting=None --name Nightly',
          says: 'Publish every night',
        },
      ],
      load: () => import('../commands/job-schedule.js'),
    },
  ],
};

function control(
  verb: 'stop' | 'pause' | 'resume' | 'run' | 'delete',
  summary: string,
  asks: boolean,
  aliases: readonly string[] = [],
): CommandSpec {
  return {
    name: verb,
    aliases,
    summary,
    arguments: [JOBS],
    connects: true,
    hasDryRun: true,
    asks,
    examples: [
      { command: `ips job ${verb} "Nightly publish"${asks ? ' --yes' : ''}`, says: 'By name' },
      {
        command: `ips job ${verb} "j|6|Nightly publish|" --dry-run`,
        says: 'By handle; show the request without sending it',
      },
    ],
    load: async () => {
      const { controlJobs } = await import('../commands/job-control.js');
      return { run: controlJobs(verb) };
    },
  };
}
