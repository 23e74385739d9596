import { positiveTime } from '../duration.js';
import type { CommandSpec } from '../spec.js';
import { replayTarget } from '../url-values.js';

/** `ips record` */
export const record: CommandSpec = {
  name: 'record',
  summary: 'run a command and record its requests and responses',
  description:
    'Writes each request and its response to a file. Passwords, addresses, names, handles, hosts and dates are replaced with ' +
    'pseudonyms first; later runs into the same folder reuse them. Review the files before you share them. The pseudonym key stays ' +
    'on this machine, outside the folder.',
  arguments: [{ syntax: '<command...>', description: 'an ips command, after --', completion: 'command' }],
  options: [
    {
      flags: '--to <folder>',
      description: 'the folder for the recording; an existing recording is extended (required)',
      completion: 'file',
    },
    { flags: '--keep <word>', description: 'a word to leave unchanged', repeatable: true },
  ],
  examples: [
    { command: 'ips record --to fixtures -- job list', says: 'Record a list of jobs' },
    {
      command: 'ips record --to fixtures -- call getFolderTree -f depth=1 && ips replay fixtures --decode',
      says: 'Record a call and check its response against the contract',
    },
  ],
  load: () => import('../commands/record.js'),
};

/** `ips replay` */
export const replay: CommandSpec = {
  name: 'replay',
  summary: 'compare a recording with the contract or another service',
  description:
    '--decode decodes the recorded responses strictly and leniently and validates them; it sends nothing. --against sends the ' +
    'recorded requests and compares the responses, ignoring pseudonyms, dates, durations and the numbers in handles. "server" ' +
    "starts a temporary local server with the recording's company and user. Exits with 1 if anything differs.",
  arguments: [{ syntax: '<folder>', description: 'a recording', completion: 'file' }],
  options: [
    { flags: '--decode', description: 'check the recorded responses against the contract' },
    {
      flags: '--against <service>',
      description: 'where to send the requests: server, or the URL of a SOAP service',
      completion: ['server'],
      parse: replayTarget,
    },
    {
      flags: '--profile <name>',
      description: 'with a URL: the profile that provides the user and company',
      completion: 'profile',
    },
    { flags: '--company <name>', description: 'with a URL: the company' },
    { flags: '--user <email>', description: 'with a URL: the user' },
    {
      flags: '--timeout <time>',
      description: 'the time limit for each request',
      parse: positiveTime,
      default: 60_000,
      defaultText: '60s',
    },
  ],
  prints: true,
  asks: true,
  examples: [
    { command: 'ips replay fixtures --decode', says: 'List deviations from the contract' },
    { command: 'ips replay fixtures --against server', says: 'List differences from the local server' },
    {
      command: 'ips replay fixtures --against server --jq ".[] | select(.kind == \\"missing\\") | .path"',
      says: 'List only missing fields',
    },
  ],
  load: () => import('../commands/replay.js'),
};
