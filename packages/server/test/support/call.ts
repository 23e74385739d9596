// Calls a server over a real socket. Every answer is decoded and validated in strict mode, and its body is kept under
// test-results/responses/<operation>/ for whoever looks into them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OperationName, Operations } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { validate } from '@ips-sdk/validator';
import { codec, type EncodeRequestOptions, IpsFault } from '@ips-sdk/wire';

/** Who calls. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** What tests need to know of a server. */
export interface Reachable {
  readonly url: string;
  readonly admin: Credentials;
}

/** A raw answer. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A connection of one caller. */
export interface Connection {
  /** Calls an operation; throws the IpsFault that it answers. */
  call<Name extends OperationName>(
    operation: Name,
    input: Operations[Name]['input'],
    options?: { readonly header?: Readonly<Record<string, unknown>> },
  ): Promise<Operations[Name]['output']>;
  /** The fault that a call answers; throws when it answers none. */
  fault<Name extends OperationName>(operation: Name, input: Operations[Name]['input']): Promise<IpsFault>;
}

/**
 * Lists of constants that are documented to lack values: those of kinds of jobs and of what their logs record, and types of viewers, which
 * anyone may add.
 */
const OPEN_LISTS =
  /^job(?:Log)?Array\[\d+\](?:\.detailArray\[\d+\])?\.(?:type|logType|jobSubType)$|^type$|\.viewerPresetInfo\.type$/;

const RESPONSES = fileURLToPath(new URL('../../test-results/responses/', import.meta.url));

/**
 * Connects as a user, by default as the server's administrator.
 *
 * @param onAnswer - Gets the document of every answer that is not a fault.
 */
export function connect(
  server: Reachable,
  credentials: Credentials = server.admin,
  onAnswer?: (operation: OperationName, body: string) => void,
): Connection {
  const header = {
    user: credentials.email,
    password: credentials.password,
    appName: 'tests',
    appVersion: '1',
  };
  const connection: Connection = {
    call: async (operation, input, options) => {
      const xml = codec.encodeRequest(operation, input, { header: { ...header, ...options?.header } });
      const { body, status } = await post(server.url, xml, { operation });
      const decoded = codec.decodeResponse(operation, body, { strict: true, httpStatus: status });
      checkAnswer(operation, decoded.value);
      record(operation, body);
      onAnswer?.(operation, body);
      return decoded.value;
    },
    fault: async (operation, input) => {
      try {
        await connection.call(operation, input);
      } catch (error) {
        if (error instanceof IpsFault) return error;
        throw error;
      }
      throw new Error(`${operation} answered no fault`);
    },
  };
  return connection;
}

/** Sends an XML document as it is. */
export async function post(
  serverUrl: string,
  xml: string | Uint8Array,
  options: {
    readonly operation?: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<RawAnswer> {
  const response = await fetch(`${serverUrl}${options.path ?? '/scene7/services/IpsApiService'}`, {
    method: 'POST',
    headers: {
      'content-type': 'text/xml; charset=UTF-8',
      ...(options.operation === undefined ? {} : { soapaction: options.operation }),
      ...options.headers,
    },
    body: typeof xml === 'string' ? xml : new Uint8Array(xml),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** A request document, for tests of its form. */
export function requestXml<Name extends OperationName>(
  operation: Name,
  input: Operations[Name]['input'],
  options: EncodeRequestOptions = {},
): string {
  return codec.encodeRequest(operation, input, options);
}

/** @throws Error naming what the contract does not allow in an answer. */
function checkAnswer(operation: OperationName, value: unknown): void {
  const message = contract.operations[operation]?.output;
  if (message === undefined) return;
  const { errors } = validate(message as never, value, { mode: 'strict' });
  const issue = errors.find(({ code, path }) => code !== 'unknown-constant' || !OPEN_LISTS.test(path));
  if (issue !== undefined) {
    throw new Error(`${operation} answered what the contract does not allow: ${issue.message}`);
  }
}

function record(operation: string, body: string): void {
  const folder = `${RESPONSES}${operation}`;
  mkdirSync(folder, { recursive: true });
  // One file for each worker of the test runner; they are to look at, not to be counted.
  writeFileSync(`${folder}/${process.pid}.xml`, body);
}
