import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { contract } from '@ips-sdk/types/contract';
import * as soap from 'soap';
import { type Answer, type Peer, type Received, wsdlFile } from './peer.js';

const PATH = '/scene7/services/IpsApiService';

/** Starts `soap.listen` with our WSDL on loopback. */
export async function startSoapServer(): Promise<Peer> {
  let next: Answer = { output: {} };
  let last: Received | undefined;
  const handler =
    (operation: string) =>
    (input: unknown, _callback: unknown, headers: { authHeader?: unknown }, request: { headers: object }) => {
      const { soapaction } = request.headers as { soapaction?: string };
      last = { operation, input, header: headers.authHeader, action: soapaction ?? null };
      if ('output' in next) return next.output;
      const { name, string, detail } = next.fault;
      throw { Fault: { faultcode: 'soap:Client', faultstring: string, detail: { [name]: detail } } };
    };
  const operations = Object.fromEntries(
    Object.keys(contract.operations).map((name) => [name, handler(name)]),
  );
  const http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server = await new Promise<soap.Server>((resolve, reject) => {
    const made: soap.Server = soap.listen(http, {
      path: PATH,
      services: { IpsApiService: { IpsApiSoapPort: operations } } as never,
      xml: readFileSync(wsdlFile, 'utf8'),
      uri: wsdlFile,
      callback: (error: unknown) => (error ? reject(error as Error) : resolve(made)),
    });
  });
  // Left to itself it trims texts; its server does not take the option that its client has.
  (server as unknown as { wsdl: { options: Record<string, unknown> } }).wsdl.options['preserveWhitespace'] =
    true;
  return {
    endpoint: `http://127.0.0.1:${(http.address() as { port: number }).port}${PATH}`,
    answer: (answer) => void (next = answer),
    received: () => {
      if (last === undefined) throw new Error('nothing was received');
      return last;
    },
    stop: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
