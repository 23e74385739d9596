// A web server for tests whose answers are written where they are needed.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a path answers: a content, or whatever the function does. */
export type Answer = Uint8Array | ((request: IncomingMessage, response: ServerResponse) => void);

/** A running web server. */
export interface FileServer {
  readonly url: string;
  /** Requested paths, in order. */
  readonly requests: string[];
  set(path: string, answer: Answer): void;
  close(): Promise<void>;
}

/** Starts a web server on a free port of the loopback address. */
export async function serveFiles(files: Readonly<Record<string, Answer>> = {}): Promise<FileServer> {
  const answers = new Map(Object.entries(files));
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push(path);
    const answer = answers.get(path);
    if (answer === undefined) {
      response.writeHead(404).end();
    } else if (typeof answer === 'function') {
      answer(request, response);
    } else {
      response.writeHead(200, { 'content-length': answer.length }).end(answer);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    set: (path, answer) => answers.set(path, answer),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
