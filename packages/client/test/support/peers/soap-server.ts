import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import { contract } from '@ips-sdk/types/contract';
import { createSoapContract } from '@ips-sdk/wire';
import * as soap from 'soap';
import { type Answer, type Peer, type Received, wsdlFile } from './peer.js';

const PATH = '/scene7/services/IpsApiService';

/** Starts soap's server on loopback, with our WSDL, or with our contract in place of it. */
export async function startSoapServer(kind: 'wsdl' | 'contract' = 'wsdl'): Promise<Peer> {
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
  const services = { IpsApiService: { IpsApiSoapPort: operations } };
  if (kind === 'wsdl') await listenWithWsdl(http, services);
  else new Server(http, PATH, services, createSoapContract(), {});
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

/** The class is exported, though its types do not say so. */
const { Server } = soap as unknown as { Server: new (...args: unknown[]) => unknown };

async function listenWithWsdl(http: HttpServer, services: object): Promise<void> {
  const server = await new Promise<soap.Server>((resolve, reject) => {
    const made: soap.Server = soap.listen(http, {
      path: PATH,
      services: services as never,
      xml: readFileSync(wsdlFile, 'utf8'),
      uri: wsdlFile,
      callback: (error: unknown) => (error ? reject(error as Error) : resolve(made)),
    });
  });
  // Left to itself it trims texts; its server does not take the option that its client has.
  const { wsdl } = server as unknown as { wsdl: { options: Record<string, unknown> } };
  wsdl.options['preserveWhitespace'] = true;
}
