import type { IpsFault } from '@ips-sdk/wire';
import { CliError } from './cli-error.js';
import { EXIT, type ExitCode } from './exit-code.js';

/** An error in words for people. */
export interface Explanation {
  readonly exitCode: ExitCode;
  /** What went wrong and where; further lines tell more. */
  readonly message: string;
  /** What to try. */
  readonly hint?: string | undefined;
  /** Whether nobody expected it, so that its stack is worth something. */
  readonly unexpected?: true;
}

/** Errors that end a command because somebody wanted it to end. */
const INTERRUPTIONS: ReadonlySet<string> = new Set(['AbortError', 'AbortPromptError', 'ExitPromptError']);

/** What an error means for who called: which exit code, and what to try. Errors are told by name, so that nothing is loaded for it. */
export function explainError(error: unknown): Explanation {
  if (!(error instanceof Error)) return unexpected(String(error));
  if (error instanceof CliError) return explained(error.exitCode, error.message, error.hint);
  if (INTERRUPTIONS.has(error.name)) return explained(EXIT.interrupted, 'interrupted');
  const explain = Object.hasOwn(BY_NAME, error.name) ? BY_NAME[error.name] : undefined;
  if (explain !== undefined) return explain(error as Error & Record<string, unknown>);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && path !== undefined) return explained(EXIT.usage, `${path}: ${reasonOf(error)}`);
  return unexpected(error.message);
}

function explained(exitCode: ExitCode, message: string, hint?: string): Explanation {
  return { exitCode, message, hint };
}

function unexpected(message: string): Explanation {
  return {
    exitCode: EXIT.failed,
    message: `unexpected: ${message}`,
    hint: 'this is a mistake in ips; run it again with --verbose and report what it says',
    unexpected: true,
  };
}

type Fields = Error & Record<string, unknown>;

const BY_NAME: Readonly<Record<string, (error: Fields) => Explanation>> = {
  // Known by its name: the class would load the wire package.
  IpsFault: (error) => explainFault(error as unknown as IpsFault),
  HttpError: ({ message, status }) =>
    status === 401 || status === 403
      ? explained(EXIT.authorization, message, 'run ips login')
      : explained(EXIT.service, message, 'is the endpoint right? ips profile show tells which one it is'),
  ConnectionError: ({ message, code, untrusted }) =>
    explained(EXIT.service, `the service cannot be reached: ${message}`, connectionHint(code, untrusted)),
  TimeoutError: ({ message }) =>
    explained(EXIT.timeout, message, 'a longer --timeout may help; a job goes on without us'),
  ValidationError: (error) =>
    explained(
      EXIT.usage,
      listed(
        `${String(error['operation'])}: the input breaks rules of the API; nothing was sent`,
        (error['issues'] as { message: string }[]).map(({ message }) => message),
      ),
      `ips call ${String(error['operation'])} --help tells the fields`,
    ),
  WireError: ({ message, code, path }) => {
    const ours = ['unknown-name', 'unknown-field', 'missing-field', 'bad-value', 'bad-character'];
    return ours.includes(String(code)) && !/Return\b/.test(String(path))
      ? explained(EXIT.usage, message)
      : explained(EXIT.service, `the answer cannot be read: ${message}`, 'run it again with --debug-http');
  },
  JobNotFoundError: ({ message }) =>
    explained(EXIT.service, message, 'ips job list shows the jobs that there are'),
  ScheduleError: ({ message }) =>
    explained(
      EXIT.usage,
      message,
      'seconds, minutes, hours, day of month, month, day of week: "0 0 2 * * ?" is every day at 02:00',
    ),
  UploadInputError: (error) =>
    explained(
      EXIT.usage,
      listed(
        'nothing was sent',
        (error['problems'] as { value: string; problem: string }[]).map(
          ({ value, problem }) => `${value}: ${problem}`,
        ),
      ),
    ),
  CdnUrlError: (error) =>
    explained(
      EXIT.usage,
      listed(
        'nothing was sent',
        (error['urls'] as { url: string; problem: string }[]).map(({ url, problem }) => `${url}: ${problem}`),
      ),
    ),
  JournalError: ({ message }) =>
    explained(EXIT.usage, message, 'give another --journal, or --no-journal to begin from the start'),
  FileSourceError: ({ message }) => explained(EXIT.usage, message),
  InterruptedError: ({ message, cause }) => {
    const inner = explainError(cause);
    return { ...inner, message: `it ended before all was done, ${message}` };
  },
  RecordingError: ({ message, problem }) => explained(EXIT.usage, message, recordingHint(problem)),
  CodegenError: ({ message }) => explained(EXIT.usage, message),
};

function explainFault(fault: IpsFault): Explanation {
  const { kind, message, meaning } = fault;
  const full = meaning === undefined ? message : `${message}\n${meaning}`;
  if (kind === 'authentication') {
    return explained(
      EXIT.authorization,
      `the service does not know you: ${full}`,
      'run ips login; ips whoami tells who you are',
    );
  }
  if (kind === 'authorization') {
    return explained(
      EXIT.authorization,
      `you may not do this: ${full}`,
      'ips whoami tells your role; somebody with another one may help',
    );
  }
  return explained(EXIT.service, full, faultHint(fault));
}

function faultHint({ operation, reason }: IpsFault): string | undefined {
  if (/jobHandle/.test(reason)) return 'ips job list shows the jobs that there are';
  if (/assetHandle/.test(reason)) return 'ips asset search shows the assets that there are';
  if (/folder/i.test(reason)) return 'ips folder tree shows the folders that there are';
  return operation === undefined ? undefined : `ips call ${operation} --help tells what it takes`;
}

function recordingHint(problem: unknown): string {
  if (problem === 'newer-version') return 'a newer version of ips reads it';
  if (problem === 'other-key') return 'record into another folder';
  return 'ips record --to <folder> -- <command> makes a recording';
}

function connectionHint(code: unknown, untrusted: unknown): string {
  if (untrusted === true)
    return 'its certificate is not trusted; NODE_EXTRA_CA_CERTS=<file> adds the certificate of your authority';
  if (code === 'ECONNREFUSED') return 'nobody listens there; ips server status tells of the local server';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'no such host; is the endpoint right, and the network up?';
  return 'is the endpoint right, and the network up? Behind a proxy, set HTTPS_PROXY';
}

/** A sentence and a list below it. */
function listed(sentence: string, items: readonly string[]): string {
  const shown = items.slice(0, 20).map((item) => `  ${item}`);
  const more = items.length > shown.length ? [`  and ${items.length - shown.length} more`] : [];
  return [sentence, ...shown, ...more].join('\n');
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'there is no such file or folder';
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'you may not use it';
  if (error.code === 'EISDIR') return 'it is a folder';
  if (error.code === 'EEXIST') return 'something of that name is there already';
  if (error.code === 'ENOTDIR') return 'a part of this path is no folder';
  if (error.code === 'ENOSPC') return 'the disk is full';
  return error.message;
}
