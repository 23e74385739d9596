import { createIpsClient, type Exchange, type IpsClient, type Recorder } from '@ips-sdk/client';
import type { Contract } from '@ips-sdk/types/contract';
import { CliError } from './cli-error.js';
import type { Settings } from './config/settings.js';
import { EXIT } from './exit-code.js';
import { indentXml } from './output/indent-xml.js';
import { printable } from './output/sanitize.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

/** Optional parts of a client. */
export interface ConnectParts {
  readonly recorder?: Recorder | undefined;
  /** A contract to use instead of the default one. It must contain every operation that commands call. */
  readonly contract?: Contract | undefined;
}

/** Creates a client that logs its requests as requested by `--verbose` and `--debug-http`. */
export function connect(settings: Settings, terminal: Terminal, parts: ConnectParts = {}): IpsClient {
  const { verbose, debugHttp } = terminal.options;
  try {
    return make(settings, terminal, parts, verbose === true, debugHttp === true);
  } catch (error) {
    // The usual cause is an invalid endpoint URL.
    throw new CliError(
      EXIT.configuration,
      (error as Error).message,
      'the endpoint comes from --endpoint, IPS_ENDPOINT or the profile; see ips profile show',
      error,
    );
  }
}

function make(
  settings: Settings,
  terminal: Terminal,
  { recorder, contract }: ConnectParts,
  verbose: boolean,
  debugHttp: boolean,
): IpsClient {
  return createIpsClient({
    contract,
    endpoint: settings.endpoint,
    region: settings.region,
    stage: settings.stage,
    // Handles contain a bar; names do not.
    ...(settings.company?.includes('|')
      ? { companyHandle: settings.company }
      : { company: settings.company }),
    auth: settings.credentials,
    app: { name: 'ips-cli', version: version() },
    longs: 'bigint',
    recorder,
    hooks: {
      onWarning: ({ operation, message }) => terminal.warn(`${operation}: ${message}`),
      onRetry: ({ attempt, delay, error }) =>
        terminal.note(`${(error as Error).message}; attempt ${attempt + 1} in ${Math.round(delay)} ms`),
      ...(verbose
        ? {
            onIssue: ({ operation, message }) => terminal.detail(`${operation}: ${message}`),
          }
        : {}),
      ...(verbose || debugHttp
        ? { onExchange: (exchange) => logExchange(exchange, terminal, debugHttp) }
        : {}),
    },
  });
}

/** Logs a request and its response. The client has already removed all secrets. */
function logExchange(exchange: Exchange, terminal: Terminal, whole: boolean): void {
  const { operation, url, status, duration, request, response } = exchange;
  const line = `${operation} → ${status ?? 'no response'} in ${Math.round(duration)} ms`;
  if (!whole) {
    terminal.detail(line);
    return;
  }
  // Shown even with --quiet, because --debug-http requests it.
  const show = (title: string, body: string | undefined): void => {
    const text = body === undefined || body === '' ? '' : `\n${printable(indentXml(body)).trimEnd()}`;
    terminal.lines(`${terminal.paint('cyan', title)}${text}`);
  };
  show(`> POST ${url} (${operation})`, request);
  show(`< ${line}`, response);
}
