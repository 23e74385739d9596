import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';

/** A web server whose files arrive when the test says so. */
export interface GatedFiles extends AsyncDisposable {
  readonly url: string;
  /** Lets so many more files through. */
  release(count: number): void;
}

export async function serveGatedFiles(): Promise<GatedFiles> {
  const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#c7553d' } })
    .png()
    .toBuffer();
  const waiting: (() => void)[] = [];
  let free = 0;
  const server = createServer(async (_request, response) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    release: (count) => {
      for (let index = 0; index < count; index++) {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
