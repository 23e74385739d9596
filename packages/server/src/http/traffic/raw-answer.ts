import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';

/** The content of a response. */
export interface RawContent {
  readonly mediaType: string;
  readonly text: string;
}

/** A complete raw response, for requests that never become complete. It ends the connection. */
export function rawAnswer(status: number, content: RawContent, headers: readonly string[] = []): Buffer {
  const body = Buffer.from(content.text, 'utf8');
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    `Content-Type: ${content.mediaType}`,
    `Content-Length: ${body.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

/** What to send when a request never becomes complete: `url` is that of the request, if it is known. */
export type ContentFor = (url: string | undefined, status: number, message: string) => RawContent;

export const textOf: ContentFor = (_url, _status, message) => ({
  mediaType: 'text/plain; charset=utf-8',
  text: `${message}\n`,
});

/** Answers a request that expects what the server does not know. */
export const refuseExpectation = (_request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(417, { 'content-length': 0 }).end();
};
