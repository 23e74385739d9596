import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request that `bare-requests.cjs` sends. */
export interface RecordedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Records what a command sends to an endpoint, into a file, by passing it on. */
export async function recordRequests(
  endpoint: string,
  file: string,
  command: (url: string) => Promise<unknown>,
): Promise<void> {
  const recorded: RecordedRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const headers = {
      'content-type': request.headers['content-type'] ?? '',
      soapaction: String(request.headers['soapaction'] ?? ''),
    };
    recorded.push({ url: endpoint, headers, body: body.toString() });
    const answer = await fetch(endpoint, { method: 'POST', headers, body });
    response
      .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' })
      .end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await command(`http://127.0.0.1:${port}${new URL(endpoint).pathname}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  if (recorded.length === 0) throw new Error('the command sent no request');
  writeFileSync(file, JSON.stringify(recorded));
}
