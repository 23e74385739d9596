import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import type { IpsServer } from '../../src/create-server.js';

/** A SOAP client that other people wrote, and the script of `test/peers` that makes calls with it. */
export interface PeerClient {
  readonly name: string;
  readonly command: string;
  /** Arguments with which the command succeeds if the client is installed. */
  readonly probe: readonly string[];
  readonly script: string;
  readonly soap12?: boolean;
}

/** The answer to a call, or `fault` with the text of its fault. Lists are under `items`. */
export type PeerAnswer = Readonly<Record<string, unknown>>;

const ZEEP = { command: '/usr/bin/python3', probe: ['-c', 'import zeep'], script: 'calls.py' } as const;

/** The clients that can make any call. */
export const PEER_CLIENTS: readonly PeerClient[] = [
  {
    name: 'the SoapClient of PHP',
    command: 'php',
    probe: ['-r', 'exit(class_exists("SoapClient") ? 0 : 1);'],
    script: 'calls.php',
  },
  { name: 'zeep', ...ZEEP },
  { name: 'zeep over SOAP 1.2', ...ZEEP, soap12: true },
];

const run = promisify(execFile);

/**
 * Makes calls as the server's administrator with a client, which reads the WSDL of a version. Skips the test if the client is missing.
 *
 * @param calls - Inputs as on the wire: lists are under `items`. `$3.name` is a field of the fourth answer, `base64:` begins bytes.
 */
export async function peerAnswers(
  context: TestContext,
  { command, probe, script, soap12 = false }: PeerClient,
  server: IpsServer,
  version: string,
  calls: readonly (readonly [operation: string, input: object])[],
): Promise<readonly PeerAnswer[]> {
  if (spawnSync(command, probe, { stdio: 'ignore' }).status !== 0)
    context.skip(`${command} ${probe.join(' ')} does not work here`);
  const given = {
    endpoint: server.endpoints.soap,
    user: server.admin.email,
    password: server.admin.password,
    namespace: `http://www.scene7.com/IpsApi/xsd/${version}`,
    soap12,
    calls,
  };
  const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  const wsdl = fileURLToPath(new URL(`../../../types/wsdl/IpsApi-${version}.wsdl`, import.meta.url));
  const { stdout } = await run(command, [path, wsdl, JSON.stringify(given)]);
  return JSON.parse(stdout) as PeerAnswer[];
}
