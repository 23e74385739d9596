import type { IpsFault } from '@ips-sdk/wire';
import { CliError } from './cli-error.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { systemError } from './system-errors.js';

/** An error as reported to the user. */
export interface Explanation {
  readonly exitCode: ExitCode;
  /** The error; further lines give details. */
  readonly message: string;
  /** How to fix it. */
  readonly hint?: string | undefined;
  /** Set for an unexpected error, whose stack is useful. */
  readonly unexpected?: true;
}

/** Errors that end a command because the user interrupted it. */
const INTERRUPTIONS: ReadonlySet<string> = new Set(['AbortError', 'AbortPromptError', 'ExitPromptError']);

/**
 * Returns the exit code, message and hint for an error. Recognizes errors by name, to avoid loading the packages that define them.
 *
 * @param path - The words of the command that failed.
 */
export function explainError(error: unknown, path: readonly string[] = []): Explanation {
  const found = explain(error);
  // During login, the usual cause is the login data.
  const isLogin = path[0] === 'login' && found.exitCode === EXIT.authorization;
  return isLogin ? { ...found, hint: LOGIN_HINT } : found;
}

const LOGIN_HINT = 'check the user, the password, and the service: --region and --stage, or --endpoint';

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
    hint: 'this is a bug in ips; run the command again with --verbose and report the output',
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
      : explained(EXIT.service, message, 'check the endpoint: ips profile show prints it'),
  ConnectionError: ({ message, code, untrusted }) =>
    explained(EXIT.service, `cannot reach the service: ${message}`, connectionHint(code, untrusted)),
  TimeoutError: ({ message }) =>
    explained(EXIT.timeout, message, 'give a longer --timeout; a running job continues'),
  ValidationError: (error) =>
    explained(
      EXIT.usage,
      listed(
        `${String(error['operation'])}: invalid input; nothing was sent`,
        (error['issues'] as { message: string }[]).map(({ message }) => message),
      ),
      `ips call ${String(error['operation'])} --help lists the fields`,
    ),
  WireError: ({ message, code, path }) => {
    const ours = ['unknown-name', 'unknown-field', 'missing-field', 'bad-value', 'bad-character'];
    return ours.includes(String(code)) && !/Return\b/.test(String(path))
      ? explained(EXIT.usage, message)
      : explained(
          EXIT.service,
          `cannot read the response: ${message}`,
          'run the command again with --debug-http',
        );
  },
  JobNotFoundError: ({ message }) => explained(EXIT.service, message, 'ips job list lists the jobs'),
  ScheduleError: ({ message, meant }) =>
    explained(
      EXIT.usage,
      message,
      (meant as readonly string[] | undefined)?.map((text) => `"${text}"`).join(' or ') ||
        'the fields are seconds, minutes, hours, day of month, month, day of week: "0 0 2 * * ?" is every day at 02:00',
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
          'ips asset search lists the assets; give deleted assets by their URLs',
        )
      : explained(
          EXIT.usage,
          message,
          'give a template: --url-template "https://s7d1.scene7.com/is/image/MyCompany/<ID>"',
        ),
  ConfigError: ({ message }) => explained(EXIT.configuration, message),
  JournalError: ({ message }) =>
    explained(EXIT.usage, message, 'give a different --journal, or --no-journal to start over'),
  FileSourceError: ({ message }) => explained(EXIT.usage, message),
  InterruptedError: ({ message, cause }) => {
    const inner = explain(cause);
    return { ...inner, message: `stopped early: ${message}` };
  },
  RecordingError: ({ message, problem }) => explained(EXIT.usage, message, recordingHint(problem)),
  // For an unreadable file the message repeats the path, and its position is meaningless.
  CodegenError: ({ message }) =>
    explained(EXIT.usage, message.replace(/^\S*:1:1: (cannot read .*) \[[\w-]+\]$/gm, '$1')),
};

function explainFault(fault: IpsFault): Explanation {
  const { kind, message, meaning } = fault;
  const full = meaning === undefined ? message : `${message}\n${meaning}`;
  if (kind === 'authentication') {
    return explained(EXIT.authorization, `login rejected: ${full}`, 'run ips login');
  }
  if (kind === 'authorization' && fault.operation === 'getCompanyInfo')
    return explained(EXIT.authorization, full, COMPANY_HINT);
  if (kind === 'authorization') {
    return explained(
      EXIT.authorization,
      `not allowed: ${full}`,
      'ips whoami shows your role; this may require a different role',
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
  if (problem === 'newer-version') return 'update ips';
  if (problem === 'other-key') return 'record into a different folder';
  return 'ips record --to <folder> -- <command> creates a recording';
}

function connectionHint(code: unknown, untrusted: unknown): string {
  if (untrusted === true)
    return 'the certificate is not trusted; set NODE_EXTRA_CA_CERTS=<file> to trust your own certificate authority';
  if (code === 'ECONNREFUSED')
    return 'no server is listening there; ips server status shows the local server';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknown host; check the endpoint and the network';
  return 'check the endpoint and the network; behind a proxy, set HTTPS_PROXY';
}

/** A sentence with a list below it, cut after 20 items. */
function listed(sentence: string, items: readonly string[]): string {
  const shown = items.slice(0, 20).map((item) => `  ${item}`);
  const more = items.length > shown.length ? [`  and ${items.length - shown.length} more`] : [];
  return [sentence, ...shown, ...more].join('\n');
}
