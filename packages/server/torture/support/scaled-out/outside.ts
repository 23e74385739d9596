// What is outside the service: a web server with pictures to fetch, a receiver of notices and a mail server, which all count.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { serveMail } from '../../../test/support/smtp-sink.ts';
import type { Random } from './random.ts';

/** A notice as it came. */
export interface Notice {
  readonly job: string;
  readonly body: string;
  readonly signature: string;
  readonly at: number;
}

/** What is outside. */
export interface Outside {
  readonly url: string;
  readonly mailUrl: string;
  /** Notices that were answered with 200, or whose sender did not wait for the answer. */
  readonly notices: readonly Notice[];
  readonly mails: readonly { readonly content: string }[];
  /** Where notices of a job go to. */
  noticeUrl(job: string): string;
  close(): Promise<void>;
}

/** The picture of a path: another one for each path, always the same for one. */
export async function pictureOf(path: string): Promise<Buffer> {
  const [r = 0, g = 0, b = 0, width = 0, height = 0] = createHash('sha256').update(path).digest();
  return sharp({
    create: { width: 16 + (width % 64), height: 16 + (height % 64), channels: 3, background: { r, g, b } },
  })
    .withExif({ IFD0: { ImageDescription: path } })
    .png()
    .toBuffer();
}

/** Starts them on free ports of the loopback address. */
export async function openOutside(random: Random): Promise<Outside> {
  const notices: Notice[] = [];
  const mail = await serveMail();
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = decodeURIComponent(request.url ?? '');
    if (request.method === 'POST') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      // Some are refused at first: they must come again.
      const refuses = random.next() < 0.1;
      await pause(random.between(0, 200));
      if (!refuses)
        notices.push({
          job: path.slice('/notice/'.length),
          body: Buffer.concat(chunks).toString('utf8'),
          signature: String(request.headers['x-ips-signature']),
          at: Date.now(),
        });
      response.writeHead(refuses ? 503 : 200).end();
      return;
    }
    if (!path.endsWith('.png')) {
      response.writeHead(404).end();
      return;
    }
    const picture = await pictureOf(path);
    await pause(random.between(20, 200));
    response.end(picture);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    mailUrl: mail.url,
    notices,
    mails: mail.mails,
    noticeUrl: (job) => `${url}/notice/${encodeURIComponent(job)}`,
    close: async () => {
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), mail.close()]);
    },
  };
}
