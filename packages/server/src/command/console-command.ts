import { readFileSync } from 'node:fs';
import pino from 'pino';
import type { ConsolePlace } from '../console/console-options.js';
import { startConsole } from '../console/start-console.js';
import { UsageError } from './usage-error.js';

/** What `ips-server console` reads from standard input, because others can see arguments. */
interface Given {
  readonly places: readonly ConsolePlace[];
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly readOnly: boolean;
}

/**
 * Runs a console until it is told to stop. It prints `listening on URL` and `open URL`.
 *
 * @param version - Of this package.
 */
export async function runConsole(version: string): Promise<number> {
  const given = checked(readFileSync(0, 'utf8'));
  const log = pino({ level: 'warn', base: null }, pino.destination({ dest: 2, sync: true }));
  const running = await startConsole({ ...given, version, log });
  process.stdout.write(`listening on ${running.url}\nopen ${running.openUrl}\n`);
  await new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(name, () => resolve());
  });
  await running.stop();
  return 0;
}

function checked(text: string): Given {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError('console: expected JSON on standard input; run ips console instead');
  }
  if (typeof value !== 'object' || value === null) throw new UsageError('console: expected a JSON object');
  const {
    places,
    port = 0,
    host = '127.0.0.1',
    publicUrl,
    readOnly = false,
  } = value as Record<string, unknown>;
  if (!Array.isArray(places) || places.length === 0 || !places.every(isPlace))
    throw new UsageError(
      'console: places: expected a list of places, each with a name and an endpoint or a region',
    );
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`console: port: expected a whole number from 0 to 65535, found ${String(port)}`);
  if (typeof host !== 'string' || host === '')
    throw new UsageError('console: host: expected a name or an address');
  if (publicUrl !== undefined && !(typeof publicUrl === 'string' && URL.canParse(publicUrl)))
    throw new UsageError(`console: publicUrl: expected a URL, found ${String(publicUrl)}`);
  if (typeof readOnly !== 'boolean') throw new UsageError('console: readOnly: expected true or false');
  return { places, port, host, publicUrl, readOnly };
}

function isPlace(value: unknown): value is ConsolePlace {
  if (typeof value !== 'object' || value === null) return false;
  const { name, endpoint, region } = value as Record<string, unknown>;
  return (
    typeof name === 'string' && name !== '' && (typeof endpoint === 'string' || typeof region === 'string')
  );
}
