import {
  changingExchanges,
  checkRecording,
  type Recording,
  type ReplayDifference,
  type ReplayOptions,
  readRecording,
  replayRecording,
} from '@ips-sdk/client/recorder';
import { CliError } from '../cli-error.js';
import { findSettings } from '../config/settings.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { count } from '../output/columns.js';
import { withScratchServer } from './scratch-server.js';

interface Options {
  readonly decode?: boolean;
  readonly against?: string;
  readonly profile?: string;
  readonly company?: string;
  readonly user?: string;
  readonly timeout: number;
}

const ISSUE_FIELDS = ['severity', 'operation', 'path', 'code', 'count', 'message', 'by', 'file'];
const DIFFERENCE_FIELDS = ['operation', 'path', 'kind', 'count', 'recorded', 'replayed', 'file'];

/** The fields of the issues, or with `--against` of the differences. */
export function fields({ decode }: Options): readonly string[] {
  return decode ? ISSUE_FIELDS : DIFFERENCE_FIELDS;
}

/** `ips replay` */
export async function run(context: Context, options: Options, folder: string): Promise<number> {
  const { decode, against } = options;
  if ((decode === true) === (against !== undefined)) {
    throw new CliError(
      EXIT.usage,
      decode ? '--decode and --against cannot be combined' : 'missing --decode or --against',
      'ips replay <folder> --decode, or ips replay <folder> --against server',
    );
  }
  const recording = await readRecording(folder);
  if (recording.exchanges.length === 0) context.warn(`${folder} has no exchanges`);
  if (against === undefined) return decoded(context, recording);
  if (against === 'server') {
    const { company, user } = recording.manifest;
    return withScratchServer(context, { company, user }, (server) =>
      replayed(context, recording, { ...server, timeout: options.timeout }),
    );
  }
  return replayed(context, recording, await serviceAt(context, recording, options, against));
}

async function decoded(context: Context, recording: Recording): Promise<number> {
  const issues = checkRecording(recording);
  await context.print.rows(
    issues,
    [
      {
        title: 'SEVERITY',
        value: ({ severity }) => severity,
        paint: (shown, row, paint) => paint(row.severity === 'error' ? 'red' : 'yellow', shown),
      },
      { title: 'OPERATION', value: ({ operation }) => operation },
      { title: 'PATH', value: ({ path }) => path },
      { title: 'CODE', value: ({ code }) => code },
      { title: 'TIMES', value: (row) => row.count, align: 'right' },
      { title: 'MESSAGE', value: ({ message }) => message, shrinks: true },
    ],
    ISSUE_FIELDS,
  );
  const answers = recording.exchanges.filter(({ fixture }) => fixture.answer !== undefined).length;
  if (issues.length === 0) context.done(`${count(answers, 'response')}, no deviations from the contract`);
  else context.failed(`${count(answers, 'response')}, ${count(issues.length, 'issue')}`);
  return issues.length === 0 ? EXIT.ok : EXIT.failed;
}

async function replayed(context: Context, recording: Recording, options: ReplayOptions): Promise<number> {
  const { sent, skipped, differences } = await replayRecording(recording, {
    ...options,
    signal: context.signal,
  });
  for (const { file, reason } of skipped) context.note(`skipped ${file}: ${reason}`);
  await context.print.rows(
    differences,
    [
      { title: 'OPERATION', value: ({ operation }) => operation },
      { title: 'PATH', value: ({ path }) => path },
      { title: 'KIND', value: ({ kind }) => kind, paint: (shown, _, paint) => paint('yellow', shown) },
      { title: 'TIMES', value: (row) => row.count, align: 'right' },
      { title: 'RECORDED', value: (row: ReplayDifference) => row.recorded ?? '', shrinks: true },
      { title: 'REPLAYED', value: (row: ReplayDifference) => row.replayed ?? '', shrinks: true },
    ],
    DIFFERENCE_FIELDS,
  );
  const requests = count(sent, 'request');
  if (differences.length === 0) context.done(`${requests} replayed, no differences`);
  else context.failed(`${requests} replayed, ${count(differences.length, 'difference')}`);
  return differences.length === 0 ? EXIT.ok : EXIT.failed;
}

/** A service at a URL. Prompts before requests that may change data on another machine. */
async function serviceAt(
  context: Context,
  recording: Recording,
  options: Options,
  endpoint: string,
): Promise<ReplayOptions> {
  const { profile, company, user, timeout } = options;
  const settings = await findSettings({ profile, company, user, endpoint }, context.env);
  const { credentials } = settings;
  // A profile may have other credentials, which recorded headers cannot hold.
  if (typeof credentials === 'function' || !('user' in credentials))
    throw new CliError(
      EXIT.configuration,
      'replay requires a user and a password',
      'set IPS_USER and IPS_PASSWORD',
    );
  const changing = changingExchanges(recording);
  if (changing.length > 0 && !isLoopback(endpoint)) {
    const affected = changing.map(({ file, fixture }) => ({ handle: file, name: fixture.operation }));
    const what = `${count(changing.length, 'request')} that may change data at ${new URL(endpoint).host}`;
    await context.confirm('send', what, affected);
  }
  return { endpoint, auth: credentials, company: settings.company, timeout };
}

function isLoopback(url: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
