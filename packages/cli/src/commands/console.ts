import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Credentials } from '@ips-sdk/client';
import { CliError } from '../cli-error.js';
import { Profiles } from '../config/profiles.js';
import { findPlace, findSettings, type Place, placeOf } from '../config/settings.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { findServer } from './find-server.js';

interface Options {
  readonly port: string;
  readonly host: string;
  readonly publicUrl?: string;
  readonly readOnly?: boolean;
}

/** A place to log in to, as `ips-server console` reads it. */
interface ConsolePlace extends Partial<Pick<Place, 'endpoint' | 'region' | 'stage' | 'user' | 'company'>> {
  readonly name: string;
  readonly credentials?: Credentials | undefined;
}

/** `ips console` */
export async function run(context: Context, options: Options): Promise<undefined> {
  const [first, ...others] = await placesOf(context);
  const { bin, version } = await findServer();
  context.detail(`@ips-sdk/server ${version}: ${bin}`);
  const child = spawn(process.execPath, [bin, 'console'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
  });
  const stop = (): void => void child.kill('SIGTERM');
  context.signal.addEventListener('abort', stop);
  try {
    const { port, host, publicUrl, readOnly = false } = options;
    // Through a pipe, because other users can see arguments.
    child.stdin.end(
      JSON.stringify({ places: [first, ...others], port: Number(port), host, publicUrl, readOnly }),
    );
    const url = await openUrl(child);
    context.done(`the console shows ${placeOf(first)}${readOnly ? ', read-only' : ''}`);
    if (first.credentials !== undefined) context.note('  keep the URL private: it logs in');
    context.note('  press Ctrl-C to stop');
    await context.print.text(`${url}\n`);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    if (!context.signal.aborted) throw new CliError(EXIT.service, 'the console has stopped by itself');
  } finally {
    context.signal.removeEventListener('abort', stop);
    stop();
  }
  return undefined;
}

/** The place of the command, with its credentials if there are any, and the places of the other profiles. */
async function placesOf(context: Context): Promise<readonly [ConsolePlace, ...ConsolePlace[]]> {
  const { place } = await findPlace(context.options, context.env);
  if (place.endpoint === undefined && place.region === undefined) await context.settings();
  const credentials = await findSettings(context.options, context.env).then(
    (settings) => settings.credentials,
    (error: unknown) => {
      if (!(error instanceof CliError)) throw error;
      context.note(`${error.message}; the console asks for a password`);
      return undefined;
    },
  );
  const name = place.profile ?? placeOf(place);
  const { endpoint, region, stage, user, company } = place;
  const profiles = await Profiles.load(context.env);
  const others = profiles.names
    .filter((one) => one !== name)
    .flatMap((one): ConsolePlace[] => {
      const profile = profiles.find(one);
      if (profile === undefined || (profile.endpoint === undefined && profile.region === undefined))
        return [];
      const { secret: _, ...rest } = profile;
      return [{ name: one, ...rest }];
    });
  return [{ name, endpoint, region, stage, user, company, credentials }, ...others];
}

/** Waits until the console reports its URL. */
async function openUrl(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const url = /^open (\S+)$/m.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('error', reject);
    child.once('exit', () =>
      reject(new CliError(EXIT.service, 'the console did not start', 'check whether the port is in use')),
    );
  });
}
