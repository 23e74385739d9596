// A server process with the data of a directory, and calls to it from another process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { OperationName, Operations } from '@ips-sdk/types';
import { codec } from '@ips-sdk/wire';
import { runLoad } from './load.ts';
import type { LoadAnswer } from './load-generator.ts';

const BIN = fileURLToPath(new URL('../../bin/ips-server.js', import.meta.url));
const PASSWORD = 'password-of-the-bench';

/** Runs `ips-server` with a subcommand to its end. */
export async function runCommand(...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`ips-server ${args[0]} ended with ${code}`);
}

/** A running server. */
export interface ServerUnderLoad {
  readonly companyHandle: string;
  call<Name extends OperationName>(
    name: Name,
    input: Operations[Name]['input'],
  ): Promise<Operations[Name]['output']>;
  /** Sends a call again and again from another process. */
  load<Name extends OperationName>(
    name: Name,
    input: Operations[Name]['input'],
    how: { readonly clients: number; readonly requests: number },
  ): Promise<LoadAnswer>;
  /** Milliseconds of processor time since the server started; `undefined` where the system does not show it. */
  cpu(): number | undefined;
  stop(): Promise<void>;
}

/** Starts a server on a data directory. */
export async function startServer(dataDir: string, ...more: string[]): Promise<ServerUnderLoad> {
  const child = spawn(
    process.execPath,
    [BIN, '--data', dataDir, '--port', '0', '--log-level', 'error', '--reset-admin', ...more],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, IPS_ADMIN_PASSWORD: PASSWORD } },
  );
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
      const found = /listening on (\S+)/.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`ips-server ended with ${code}`)));
  });
  const endpoint = `${url}/scene7/services/IpsApiService`;
  const header = { user: 'admin@example.com', password: PASSWORD, appName: 'bench', appVersion: '1' };
  const headersOf = (name: string) => ({ 'content-type': 'text/xml; charset=utf-8', soapaction: name });
  const call: ServerUnderLoad['call'] = async (name, input) => {
    const body = codec.encodeRequest(name, input, { header });
    return codec.decodeResponse(name, await post(endpoint, headersOf(name), body)).value;
  };
  const { companyInfo } = await call('getCompanyInfo', { companyName: 'Sample Company' });
  return {
    companyHandle: companyInfo.companyHandle,
    call,
    load: async (name, input, { clients, requests }) => {
      const body = codec.encodeRequest(name, input, { header });
      return runLoad({ url: endpoint, headers: headersOf(name), body, clients, requests });
    },
    cpu: () => processorTime(child.pid),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Waits as long as the answer takes: a publish of a million assets exceeds the five minutes that `fetch` allows. */
async function post(url: string, headers: Record<string, string>, body: string): Promise<string> {
  const sent = request(url, { method: 'POST', headers }).end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return text(response);
}

/** Milliseconds of processor time of another process, from Linux, which counts hundredths of a second. */
function processorTime(pid: number | undefined): number | undefined {
  try {
    // The fields after the name, which may contain spaces: the 12th and 13th are ticks in user and system mode.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}
