import { STATUS_CODES } from 'node:http';

/** A complete raw response, for requests that cannot be parsed. It ends the connection. */
export function rawAnswer(status: number, message: string, headers: readonly string[] = []): Buffer {
  const body = Buffer.from(`${message}\n`, 'utf8');
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${body.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
