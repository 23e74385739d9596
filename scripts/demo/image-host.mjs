// A small web site on loopback, with the pictures for the upload by URL, and one file that never ends.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

/**
 * Serves the files of a folder, and `/endless.jpg`, which keeps sending a little data for ever.
 *
 * @param bytesPerSecond - How fast to send each file. Default: as fast as possible.
 * @returns Its `url` and `close`.
 */
export async function startImageHost(folder, { bytesPerSecond } = {}) {
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url, 'http://localhost').pathname);
    if (name === 'endless.jpg') {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': 50_000_000 });
      const timer = setInterval(() => response.write(Buffer.alloc(20_000)), 100);
      response.once('close', () => clearInterval(timer));
      return;
    }
    const chunk = bytesPerSecond === undefined ? undefined : Math.ceil(bytesPerSecond / 10);
    const file = createReadStream(join(folder, name), { highWaterMark: chunk });
    file.once('error', () => response.writeHead(404).end());
    if (chunk === undefined) file.pipe(response);
    else sendSlowly(file, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function sendSlowly(file, response) {
  for await (const chunk of file) {
    response.write(chunk);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  response.end();
}
