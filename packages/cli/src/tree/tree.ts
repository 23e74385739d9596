import type { CommandSpec } from '../spec.js';
import { account, profile } from './account.js';
import { call, contract, schema, validate } from './api.js';
import { asset } from './asset.js';
import { record, replay } from './evidence.js';
import { folder } from './folder.js';
import { job } from './job.js';
import { completion, server, versionCommand } from './local.js';
import { smartcrop } from './smartcrop.js';
import { cdn, exporting, publish, upload } from './work.js';

/** All commands. */
export const tree: CommandSpec = {
  name: 'ips',
  summary: 'The command line of the Image Production System (IPS) API of Adobe Dynamic Media Classic.',
  description:
    'Data goes to stdout: tables in a terminal, values with tabs between them in a pipe, or JSON. Messages and progress go to ' +
    'stderr. Exit codes: 0 ok, 1 failed, 2 usage, 3 configuration, 4 not authorized, 5 fault of the service, 6 timeout, ' +
    '130 interrupted.\n\nips <command> --help, or ips help <command>, explains a command, with examples. Options of the groups Output, Connection and ' +
    'Common may stand before the command, too: ips --profile staging job list.',
  examples: [
    { command: 'ips login', says: 'Log in once' },
    { command: 'ips server start', says: 'No account? Start a local server and log in to it' },
    { command: 'ips upload photos/ --to MyCompany/Shoes/', says: 'Upload a folder and follow its progress' },
    { command: 'ips job list --json name,state', says: 'The jobs, for programs' },
    {
      command: 'ips call getActiveJobs --jq ".jobArray | length"',
      says: 'Any of the 164 operations of the API',
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
    folder,
    exporting,
    cdn,
    call,
    validate,
    schema,
    contract,
    record,
    replay,
    server,
    completion,
    versionCommand,
  ],
};
