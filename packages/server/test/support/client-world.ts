// The client's side of facts: a client, and an HTTP server that answers it with documents written by hand.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIpsClient, type IpsClient } from '@ips-sdk/client';
import { findMessage } from '@ips-sdk/wire';
import type { ExpectStatic } from 'vitest';
import type { ClientWorld, HandWritten } from '../facts/fact.js';

const NAMESPACE = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';

/** Makes the worlds of client facts, and ends what they opened. */
export class ClientWorlds {
  readonly #expect: ExpectStatic;
  readonly #opened: { readonly client: IpsClient; readonly server: Server }[] = [];

  constructor(expect: ExpectStatic) {
    this.#expect = expect;
  }

  world(): ClientWorld {
    return {
      expect: this.#expect,
      answered: (answers, options) => this.#answered(answers, options),
      faultDocument: (faultCode, faultString, detail) => ({
        status: 500,
        document: envelope(
          `<soapenv:Fault><faultcode>${faultCode}</faultcode><faultstring>${faultString}</faultstring>` +
            `<detail>${detail}</detail></soapenv:Fault>`,
        ),
      }),
    };
  }

  async close(): Promise<void> {
    for (const { client, server } of this.#opened.splice(0)) {
      client.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #answered(
    answers: Parameters<ClientWorld['answered']>[0],
    options: Parameters<ClientWorld['answered']>[1],
  ): Promise<Awaited<ReturnType<ClientWorld['answered']>>> {
    const waiting = new Map(
      Object.entries(answers).map(([operation, answer]) => [operation, [answer].flat() as HandWritten[]]),
    );
    const requests: { operation: string; xml: string }[] = [];
    const issues: { code: string; path: string }[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const xml = Buffer.concat(chunks).toString();
        const operation = findMessage(xml)?.element.replace(/Param$/, '') ?? '';
        requests.push({ operation, xml });
        const left = waiting.get(operation) ?? [];
        const answer = left.length > 1 ? left.shift() : left[0];
        // A call that a fact does not foresee shows in its failure, not as a wait for its timeout.
        const { status, document } = documentOf(operation, answer);
        response.writeHead(status, { 'Content-Type': 'text/xml;charset=utf-8' }).end(document);
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const client = createIpsClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scene7/services/IpsApiService`,
      auth: { user: 'ann@example.com', password: 'secret' },
      app: { name: 'Facts', version: '1' },
      companyHandle: 'c|6',
      retry: { retries: 0 },
      ...options,
      hooks: { ...options?.hooks, onIssue: ({ code, path }) => void issues.push({ code, path }) },
    });
    this.#opened.push({ client, server });
    return { ips: client, requests, issues };
  }
}

function documentOf(
  operation: string,
  answer: HandWritten | undefined,
): { readonly status: number; readonly document: string } {
  if (answer === undefined) return { status: 404, document: `<html>no answer to ${operation}</html>` };
  if (typeof answer !== 'string') return { status: answer.status ?? 200, document: answer.document };
  return {
    status: 200,
    document: envelope(`<${operation}Return xmlns="${NAMESPACE}">${answer}</${operation}Return>`),
  };
}

/** An envelope as the service writes it. */
function envelope(body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  );
}
