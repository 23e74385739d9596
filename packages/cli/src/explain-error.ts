import type { IpsFault } from '@ips-sdk/wire';
import { CliError } from './cli-error.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { systemError } from './system-errors.js';

/** An error, explained for the user. */
export interface Explanation {
  readonly exitCode: ExitCode;
  /** What went wrong and where; further lines give details. */
  readonly message: string;
  /** What to try. */
  readonly hint?: string | undefined;
  /** Whether the error is unexpected, so that its stack is useful. */
  readonly unexpected?: true;
}

/** Errors that end a command because the user interrupted it. */
const INTERRUPTIONS: ReadonlySet<string> = new Set(['AbortError', 'AbortPromptError', 'ExitPromptError']);

/**
 * Explains an error: its exit code, and what to try. Errors are recognized by name, so that no package is loaded for it.
 *
 * @param path - The words of the command that failed.
 */
export function explainError(error: unknown, path: readonly string[] = []): Explanation {
  const found = explain(error);
  // While logging in, the login itself is what to look at.
  const isLogin = path[0] === 'login' && found.exitCode === EXIT.authorization;
  return isLogin ? { ...found, hint: LOGIN_HINT } : found;
}

const LOGIN_HINT = 'check the user, the password, and with --region and --stage or --endpoint the service';

function explain(error: unknown): Explanation {
  if (!(error instanceof Error)) return unexpected(String(error));
  if (error instanceof CliError) return explained(error.exitCode, error.message, error.hint);
  if (INTERRUPTIONS.has(error.name)) return explained(EXIT.interrupted, 'interrupted');
  const known = Object.hasOwn(BY_NAME, error.name) ? BY_NAME[error.name] : undefined;
  if (known !== undefined) return known(error as Error & Record<string, unknown>);
  const system = systemError(error);
  if (system !== undefined) return explained(system.exitCode, system.text, system.hint);
  return unexpected(error.message);
}

function explained(exitCode: ExitCode, message: string, hint?: string): Explanation {
  return { exitCode, message, hint };
}

function unexpected(message: string): Explanation {
  return {
    exitCode: EXIT.failed,
    message: `unexpected: ${message}`,
    hint: 'this is a bug in ips; run it again with --verbose and report the output',
    unexpected: true,
  };
}

type Fields = Error & Record<string, unknown>;

const BY_NAME: Readonly<Record<string, (error: Fields) => Explanation>> = {
  // Recognized by its name: the class would load the wire package.
  IpsFault: (error) => explainFault(error as unknown as IpsFault),
  HttpError: ({ message, status }) =>
    status === 401 || status === 403
      ? explained(EXIT.authorization, message, 'run ips login')
      : explained(EXIT.service, message, 'is the endpoint right? ips profile show prints it'),
  ConnectionError: ({ message, code, untrusted }) =>
    explained(EXIT.service, `cannot reach the service: ${message}`, connectionHint(code, untrusted)),
  TimeoutError: ({ message }) =>
    explained(EXIT.timeout, message, 'a longer --timeout may help; a job continues meanwhile'),
  ValidationError: (error) =>
    explained(
      EXIT.usage,
      listed(
        `${String(error['operation'])}: the input breaks rules of the API; nothing was sent`,
        (error['issues'] as { message: string }[]).map(({ message }) => message),
      ),
      `ips call ${String(error['operation'])} --help lists the fields`,
    ),
  WireError: ({ message, code, path }) => {
    const ours = ['unknown-name', 'unknown-field', 'missing-field', 'bad-value', 'bad-character'];
    return ours.includes(String(code)) && !/Return\b/.test(String(path))
      ? explained(EXIT.usage, message)
      : explained(EXIT.service, `cannot read the answer: ${message}`, 'run it again with --debug-http');
  },
  JobNotFoundError: ({ message }) => explained(EXIT.service, message, 'ips job list lists the jobs'),
  ScheduleError: ({ message, meant }) =>
    explained(
      EXIT.usage,
      message,
      (meant as readonly string[] | undefined)?.map((text) => `"${text}"`).join(' or ') ||
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
  CdnSelectionError: ({ message, missing }) =>
    (missing as readonly string[]).length > 0
      ? explained(
          EXIT.service,
          message,
          'ips asset search lists the assets; those that were deleted can be given by their URLs',
        )
      : explained(
          EXIT.usage,
          message,
          'give one: --url-template "https://s7d1.scene7.com/is/image/MyCompany/<ID>"',
        ),
  ConfigError: ({ message }) => explained(EXIT.configuration, message),
  JournalError: ({ message }) =>
    explained(EXIT.usage, message, 'give another --journal, or --no-journal to start over'),
  FileSourceError: ({ message }) => explained(EXIT.usage, message),
  InterruptedError: ({ message, cause }) => {
    const inner = explain(cause);
    return { ...inner, message: `stopped before everything was done, ${message}` };
  },
  RecordingError: ({ message, problem }) => explained(EXIT.usage, message, recordingHint(problem)),
  // A file that cannot be read is named in front of its place and in the message; the place says nothing.
  CodegenError: ({ message }) =>
    explained(EXIT.usage, message.replace(/^\S*:1:1: (cannot read .*) \[[\w-]+\]$/gm, '$1')),
};

function explainFault(fault: IpsFault): Explanation {
  const { kind, message, meaning } = fault;
  const full = meaning === undefined ? message : `${message}\n${meaning}`;
  if (kind === 'authentication') {
    return explained(
      EXIT.authorization,
      `the service does not know you: ${full}`,
      'run ips login; ips whoami shows who you are',
    );
  }
  if (kind === 'authorization' && fault.operation === 'getCompanyInfo')
    return explained(EXIT.authorization, full, COMPANY_HINT);
  if (kind === 'authorization') {
    return explained(
      EXIT.authorization,
      `you are not allowed to do this: ${full}`,
      'ips whoami shows your role; a user with another role may be allowed',
    );
  }
  return explained(EXIT.service, full, faultHint(fault));
}

const COMPANY_HINT =
  'ips call getCompanyMembership --jq ".membershipArray[].company.name" lists your companies';

function faultHint({ operation, reason }: IpsFault): string | undefined {
  if (/companyName/.test(reason)) return COMPANY_HINT;
  if (/jobHandle/.test(reason)) return 'ips job list lists the jobs';
  if (/assetHandle/.test(reason)) return 'ips asset search lists the assets';
  if (/folder/i.test(reason)) return 'ips folder tree lists the folders';
  return operation === undefined ? undefined : `ips call ${operation} --help describes its input`;
}

function recordingHint(problem: unknown): string {
  if (problem === 'newer-version') return 'a newer version of ips reads it';
  if (problem === 'other-key') return 'record into another folder';
  return 'ips record --to <folder> -- <command> makes a recording';
}

function connectionHint(code: unknown, untrusted: unknown): string {
  if (untrusted === true)
    return 'its certificate is not trusted; NODE_EXTRA_CA_CERTS=<file> adds the certificate of your own authority';
  if (code === 'ECONNREFUSED') return 'no server listens there; ips server status shows the local server';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'the host is unknown; is the endpoint right, and the network up?';
  return 'is the endpoint right, and the network up? Behind a proxy, set HTTPS_PROXY';
}

/** A sentence and a list below it. */
function listed(sentence: string, items: readonly string[]): string {
  const shown = items.slice(0, 20).map((item) => `  ${item}`);
  const more = items.length > shown.length ? [`  and ${items.length - shown.length} more`] : [];
  return [sentence, ...shown, ...more].join('\n');
}
