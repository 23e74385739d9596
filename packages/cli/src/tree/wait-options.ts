import { positiveTime, timeLimit } from '../duration.js';
import type { OptionSpec } from '../spec.js';

/** The time limit for waiting. */
export const TIMEOUT: OptionSpec = {
  flags: '--timeout <time>',
  description: 'stop waiting after this time and exit with 6; the job continues',
  parse: positiveTime,
};

/** Options of commands that wait for a job. */
export const WAIT: readonly OptionSpec[] = [
  TIMEOUT,
  {
    flags: '--interval <time>',
    description: 'the polling interval while the job makes progress (1s)',
    parse: positiveTime,
  },
  {
    flags: '--max-outage <time>',
    description: 'how long to retry while the service does not respond (5m)',
    parse: timeLimit,
  },
];
