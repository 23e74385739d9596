import { timeLimit } from '../duration.js';
import type { CommandSpec } from '../spec.js';

/** `ips record` */
export const record: CommandSpec = {
  name: 'record',
  summary: 'run a command, and keep what it exchanges with the service',
  description:
    'Each request becomes a file with its answer, in which passwords, addresses, names, handles, hosts and dates are replaced before ' +
    'it is written: the same text by the same pseudonym, also in later runs into the same folder. Look at the files before you share ' +
    'them. The key of the pseudonyms stays on this machine, outside of the folder.',
  arguments: [{ syntax: '<command...>', description: 'a command of ips, behind --', completion: 'command' }],
  options: [
    {
      flags: '--to <folder>',
      description: 'where the files go; added to where it is a recording already',
      completion: 'file',
    },
    { flags: '--keep <word>', description: 'a word that need not be replaced', repeatable: true },
  ],
  examples: [
    { command: 'ips record --to fixtures -- job list', says: 'What the service knows of its jobs' },
    {
      command: 'ips record --to fixtures -- call getFolderTree -f depth=1 && ips replay fixtures --decode',
      says: 'Does an answer fit the contract?',
    },
  ],
  load: () => import('../commands/record.js'),
};

/** `ips replay` */
export const replay: CommandSpec = {
  name: 'replay',
  summary: 'hold a recording against the contract, or against another service',
  description:
    'With --decode, recorded answers are read strictly and leniently and validated; nothing is sent. With --against, the recorded ' +
    'requests are sent and the answers compared; pseudonyms, dates, durations and the numbers in handles do not count. "server" starts ' +
    'a local server for it, with the company and the user of the recording. Exits with 1 when something differs.',
  arguments: [{ syntax: '<folder>', description: 'a recording', completion: 'file' }],
  options: [
    { flags: '--decode', description: 'hold the recorded answers against the contract' },
    {
      flags: '--against <service>',
      description: 'server, or the URL of a SOAP service',
      completion: ['server'],
    },
    {
      flags: '--profile <name>',
      description: 'who calls, and in which company, at a URL',
      completion: 'profile',
    },
    { flags: '--company <name>', description: 'the company to work in, at a URL' },
    { flags: '--user <email>', description: 'who calls, at a URL' },
    {
      flags: '--timeout <time>',
      description: 'how long one request may take',
      parse: timeLimit,
      default: 60_000,
    },
  ],
  prints: true,
  asks: true,
  examples: [
    { command: 'ips replay fixtures --decode', says: 'What the contract does not have' },
    { command: 'ips replay fixtures --against server', says: 'What the local server does otherwise' },
    {
      command: 'ips replay fixtures --against server --jq ".[] | select(.kind == \\"missing\\") | .path"',
      says: 'Only the fields that it lacks',
    },
  ],
  load: () => import('../commands/replay.js'),
};
