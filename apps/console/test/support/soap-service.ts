import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import * as soap from 'soap';

const PATH = '/scene7/services/IpsApiService';
const WSDL = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));

/** What an operation returns, with arrays in their `items`. A thrown fault is one of the service's. */
export type SoapHandler = (input: Readonly<Record<string, unknown>>) => object;

/** A SOAP service that the package soap makes of the WSDL: its own reading of requests, and its own writing of responses. */
export interface SoapService extends AsyncDisposable {
  readonly endpoint: string;
  /** The names of the operations that were called, in order. */
  readonly called: readonly string[];
  /** Answers all requests with this status and a page instead, as a gateway does; `undefined` ends that. */
  outage: number | undefined;
}

/** A fault of the service. */
export class ServiceFault extends Error {
  readonly type: string;
  readonly code: number;

  constructor(type: string, code: number, reason: string) {
    super(reason);
    this.type = type;
    this.code = code;
  }
}

/** @param password - Of every user; another one is refused. */
export async function startSoapService(
  handlers: Readonly<Record<string, SoapHandler>>,
  password: string,
): Promise<SoapService> {
  const called: string[] = [];
  const state: { outage: number | undefined } = { outage: undefined };
  const port = Object.fromEntries(
    Object.entries(handlers).map(([operation, handle]) => [
      operation,
      (
        input: Record<string, unknown>,
        _callback: unknown,
        headers: { authHeader?: { password?: string } },
      ) => {
        called.push(operation);
        try {
          if (headers.authHeader?.password !== password)
            throw new ServiceFault('authenticationFault', 10001, 'Invalid username/password');
          return handle(input ?? {});
        } catch (error) {
          if (!(error instanceof ServiceFault)) throw error;
          const { type, code, message } = error;
          // The package answers what has this form as a fault.
          throw {
            Fault: {
              faultcode: 'soap:Client',
              faultstring: message,
              detail: { [type]: { code, reason: message } },
            },
          };
        }
      },
    ]),
  );
  const http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  await new Promise<void>((resolve, reject) => {
    soap.listen(http, {
      path: PATH,
      // Its types know functions of one argument.
      services: { IpsApiService: { IpsApiSoapPort: port } } as never,
      xml: readFileSync(WSDL, 'utf8'),
      uri: WSDL,
      callback: (error: unknown) => (error ? reject(error as Error) : resolve()),
    });
  });
  // In front of the package, which has taken the listeners of the server.
  const listeners = http.listeners('request') as ((...args: unknown[]) => void)[];
  http.removeAllListeners('request');
  http.on('request', (request: IncomingMessage, response) => {
    if (state.outage !== undefined) {
      request.resume();
      response.writeHead(state.outage, { 'content-type': 'text/html' }).end('<html>down</html>');
      return;
    }
    for (const listener of listeners) listener(request, response);
  });
  // It listens on a port, not on a pipe.
  const { port: number } = http.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${number}${PATH}`,
    called,
    get outage() {
      return state.outage;
    },
    set outage(status) {
      state.outage = status;
    },
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
