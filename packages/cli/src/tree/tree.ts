import type { CommandSpec } from '../spec.js';
import { account, profile } from './account.js';
import { call, contract, schema, validate } from './api.js';
import { asset } from './asset.js';
import { record, replay } from './evidence.js';
import { folder } from './folder.js';
import { job } from './job.js';
import { completion, consoleCommand, server, versionCommand } from './local.js';
import { permission } from './permission.js';
import { preset } from './preset.js';
import { reconcile } from './reconcile.js';
import { smartcrop } from './smartcrop.js';
import { cdn, exporting, publish, upload } from './work.js';

/** All commands. */
export const tree: CommandSpec = {
  name: 'ips',
  summary: 'The command line of the Image Production System (IPS) API of Adobe Dynamic Media Classic.',
  description:
    'Data goes to stdout: tables in a terminal, tab-separated values in a pipe, or JSON. Messages and progress go to stderr. Exit ' +
    'codes: 0 success, 1 failure, 2 usage error, 3 configuration error, 4 not authorized, 5 service error, 6 timeout, ' +
    '130 interrupted.\n\nRun ips <command> --help or ips help <command> for help with examples. Output, Connection and Common options ' +
    'can also precede the command: ips --profile staging job list.',
  examples: [
    { command: 'ips login', says: 'Log in' },
    { command: 'ips server start', says: 'Without an account: start a local server' },
    { command: 'ips upload photos/ --to MyCompany/Shoes/', says: 'Upload a folder and follow its progress' },
    { command: 'ips job list --json name,state', says: 'List jobs as JSON' },
    {
      command: 'ips call getActiveJobs --jq ".jobArray | length"',
      says: 'Call any of the 164 operations of the API',
    },
  ],
  commands: [
    ...account,
    profile,
    job,
    upload,
    publish,
    asset,
    smartcrop,
    preset,
    folder,
    permission,
    exporting,
    reconcile,
    cdn,
    call,
    validate,
    schema,
    contract,
    record,
    replay,
    server,
    consoleCommand,
    completion,
    versionCommand,
  ],
};
