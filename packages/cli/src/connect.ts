import { createIpsClient, type Exchange, type IpsClient, type Recorder } from '@ips-sdk/client';
import { CliError } from './cli-error.js';
import type { Settings } from './config/settings.js';
import { EXIT } from './exit-code.js';
import { indentXml } from './output/redact-xml.js';
import { printable } from './output/sanitize.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

/** A client that tells what it does, as far as somebody wants to know. */
export function connect(settings: Settings, terminal: Terminal, recorder?: Recorder): IpsClient {
  const { verbose, debugHttp } = terminal.options;
  try {
    return make(settings, terminal, recorder, verbose === true, debugHttp === true);
  } catch (error) {
    // An endpoint that is none, most often.
    throw new CliError(
      EXIT.configuration,
      (error as Error).message,
      'ips profile show, IPS_ENDPOINT and --endpoint tell where the endpoint comes from',
      error,
    );
  }
}

function make(
  settings: Settings,
  terminal: Terminal,
  recorder: Recorder | undefined,
  verbose: boolean,
  debugHttp: boolean,
): IpsClient {
  return createIpsClient({
    endpoint: settings.endpoint,
    region: settings.region,
    stage: settings.stage,
    company: settings.company,
    auth: settings.credentials,
    app: { name: 'ips-cli', version: version() },
    longs: 'bigint',
    recorder,
    hooks: {
      onWarning: ({ operation, message }) => terminal.warn(`${operation}: ${message}`),
      onRetry: ({ operation, attempt, delay, error }) =>
        terminal.note(
          `${operation}: ${(error as Error).message}; try ${attempt + 1} in ${Math.round(delay)} ms`,
        ),
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

/** Tells of a request and its answer, which the client has taken all secrets out of. */
function logExchange(exchange: Exchange, terminal: Terminal, whole: boolean): void {
  const { operation, url, status, duration, request, response } = exchange;
  const line = `${operation} → ${status ?? 'no answer'} in ${Math.round(duration)} ms`;
  if (!whole) {
    terminal.detail(line);
    return;
  }
  // Told even when quiet: it was asked for.
  const show = (title: string, body: string | undefined): void => {
    const text = body === undefined || body === '' ? '' : `${printable(indentXml(body)).trimEnd()}\n`;
    terminal.stderr.write(`${terminal.paint('cyan', title)}\n${text}`);
  };
  show(`> POST ${url} (${operation})`, request);
  show(`< ${line}`, response);
}
