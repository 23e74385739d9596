import { timeLimit, timeText, wholeNumber } from '../duration.js';
import type { ArgumentSpec, CommandSpec, OptionSpec } from '../spec.js';

const JOB: ArgumentSpec = {
  syntax: '<job>',
  description: 'its handle, its submitted name, or the name of a run',
};

const JOBS: ArgumentSpec = {
  ...JOB,
  syntax: '<jobs...>',
  description: 'handles or names; - reads them from stdin, one per line',
};

const WAIT: readonly OptionSpec[] = [
  {
    flags: '--timeout <time>',
    description: 'give up after this time (exit code 6); the job continues',
    parse: timeLimit,
  },
  {
    flags: '--interval <time>',
    description: 'how often to look while something changes (1s)',
    parse: timeLimit,
  },
  {
    flags: '--max-outage <time>',
    description: 'how long to retry while the service does not answer (5m)',
    parse: timeLimit,
  },
];

const EXIT_STATUS: OptionSpec = {
  flags: '--exit-status',
  description: 'exit with 1 when the job does not succeed',
};

const FIELDS: readonly OptionSpec[] = [
  {
    flags: '-f, --field <key=value>',
    description: 'a field of its details: publishType=Full, a.b=1, list[]=x',
    repeatable: true,
  },
  { flags: '--input <file>', description: 'its details as JSON; - is stdin', completion: 'file' },
];

const SUBMIT: readonly OptionSpec[] = [
  ...FIELDS,
  {
    flags: '--name <name>',
    description: 'its name, which should be unique, since runs and logs are found by it',
  },
  { flags: '--description <text>', description: 'a description' },
];

/** Commands about jobs. */
export const job: CommandSpec = {
  name: 'job',
  summary: 'jobs of the service',
  description:
    'A job passes through three lists: scheduled, active and completed. It is named by its handle or its submitted ' +
    'name, and found in any of the lists.',
  examples: [{ command: 'ips job watch "Spring shoes"', says: 'Follow a job' }],
  commands: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'list jobs: scheduled, active, and those of the last day',
      options: [
        {
          flags: '--only <stage>',
          description: 'only jobs in this list',
          choices: ['scheduled', 'active', 'completed'],
        },
        {
          flags: '--since <time>',
          description: 'completed jobs since this time: 7d, 2h, 2014-04-03T00:00:00Z',
          default: '24h',
          parse: timeText,
        },
        { flags: '--mine', description: 'only jobs that you submitted' },
      ],
      prints: true,
      connects: true,
      examples: [
        { command: 'ips job list', says: 'As a table' },
        {
          command: 'ips job list --only active --json name,progress',
          says: 'Active jobs, for programs',
        },
        { command: 'ips job list --since 7d | grep failed', says: 'What failed this week' },
      ],
      load: () => import('../commands/job-list.js'),
    },
    {
      name: 'get',
      summary: 'show all details of a job',
      arguments: [JOB],
      prints: true,
      connects: true,
      examples: [
        { command: 'ips job get "Spring shoes"', says: 'By name' },
        { command: 'ips job get "j|6|Nightly|" --jq .nextFireTime', says: 'Its next run' },
      ],
      load: () => import('../commands/job-get.js'),
    },
    {
      name: 'submit',
      summary: 'submit a job of any kind',
      description: 'ips upload does more for uploads; ips publish is shorter for publishing.',
      arguments: [
        { syntax: '<kind>', description: 'imageServingPublishJob, exportJob, …', completion: 'job-kind' },
      ],
      options: [
        ...SUBMIT,
        { flags: '--at <time>', description: 'when to run once: 2014-04-03T22:00:00-07:00' },
        { flags: '--watch', description: 'follow it until it has ended' },
        { flags: '--wait', description: 'wait until it has ended' },
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
        { command: 'ips job submit exportJob --input export.json --dry-run', says: 'See what would be sent' },
      ],
      load: () => import('../commands/job-submit.js'),
    },
    {
      name: 'watch',
      summary: 'follow jobs until they have ended',
      description:
        'In a terminal its state, tasks, speed and estimate are redrawn in place; elsewhere each change is a line. Ctrl-C stops ' +
        'watching; the job continues. Several jobs are watched at once, one below the other.',
      arguments: [JOBS],
      options: [EXIT_STATUS, ...WAIT],
      prints: true,
      connects: true,
      examples: [
        {
          command: 'ips job watch "Spring shoes" --exit-status && ips publish',
          says: 'Continue when it has succeeded',
        },
        {
          command: 'ips job list --only active --jq ".[].handle" | ips job watch -',
          says: 'Everything that is active',
        },
      ],
      load: () => import('../commands/job-watch.js'),
    },
    {
      name: 'wait',
      summary: 'wait until a job has ended, and print its verdict',
      description: 'Exits with 1 when the job does not succeed.',
      arguments: [JOB],
      options: [...WAIT],
      prints: true,
      connects: true,
      examples: [
        { command: 'ips job wait "Spring shoes" --timeout 30m', says: 'With a time limit' },
        {
          command: 'ips job wait "Spring shoes" --jq ".failures[].message"',
          says: 'What failed, if anything',
        },
      ],
      load: () => import('../commands/job-wait.js'),
    },
    {
      name: 'tail',
      summary: 'print the rows of a job’s log as they are written',
      arguments: [JOB],
      options: [EXIT_STATUS, ...WAIT],
      prints: true,
      connects: true,
      examples: [{ command: 'ips job tail "Spring shoes"', says: 'Until it has ended' }],
      load: () => import('../commands/job-tail.js'),
    },
    {
      name: 'log',
      summary: 'print the log of a job so far',
      arguments: [JOB],
      options: [{ flags: '--errors', description: 'only rows of errors and warnings' }],
      prints: true,
      connects: true,
      examples: [
        { command: 'ips job log "Spring shoes" --errors', says: 'What failed' },
        {
          command: 'ips job log "Spring shoes" --json assetHandle,logMessage',
          says: 'Each asset, for programs',
        },
      ],
      load: () => import('../commands/job-log.js'),
    },
    control('stop', 'stop a run; what it has done remains', true),
    control('pause', 'pause an active or scheduled job', false),
    control('resume', 'resume a paused job', false),
    control('run', 'run a scheduled job now; its schedule does not change', false),
    control('delete', 'delete a job: its schedule and its active run', true, ['rm']),
    {
      name: 'schedule',
      summary: 'explain a schedule, or submit a job with one',
      description:
        'A schedule is a Quartz expression: seconds, minutes, hours, day of month, month, day of week and year. A schedule alone ' +
        'is explained in words, with its next times, and nothing is sent. With a kind, a job is submitted.',
      arguments: [
        { syntax: '<schedule>', description: 'such as "0 0 2 * * ?"' },
        { syntax: '[kind]', description: 'imageServingPublishJob, …', completion: 'job-kind' },
      ],
      options: [
        ...SUBMIT,
        {
          flags: '--count <n>',
          description: 'how many of the next times to print',
          default: '5',
          parse: wholeNumber(1, 1000),
        },
        {
          flags: '--time-zone <zone>',
          description: 'the time zone of the service (that of this machine)',
        },
      ],
      prints: true,
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips job schedule "0 0 2 * * ?"', says: 'What it means, and its next times' },
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
        says: 'By handle; show what would be sent',
      },
    ],
    load: async () => {
      const { controlJobs } = await import('../commands/job-control.js');
      return { run: controlJobs(verb) };
    },
  };
}
