// Image serving: a JPEG of 1,000 pixels rendered from a pyramid, next to sharp doing the same pixels; and one that is kept, next to a static
// file of node:http. Every server and the clients are in processes of their own.
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIpsClient } from '@ips-sdk/client';
import { createIpsServer } from '@ips-sdk/server';
import sharp from 'sharp';
import { compare, type Sample } from '../../../scripts/bench/compare.ts';
import { runLoad } from './support/load.ts';
import {
  listenFromProcess,
  type ServerProcess,
  serveFromProcess,
  startProcess,
} from './support/server-process.ts';

const PROGRAM = fileURLToPath(import.meta.url);
/** Of each sample. */
const SECONDS = 2;
const COMPANY = 'Bench';

/** Pixels on a side of the source. Its second level has 1,200, from which 1,000 are scaled. */
const SIDE = 2400;

/** Parts of the result that are to be reached. */
const AIMS = { rendered: 0.8, kept: 0.6 };

/** Milliseconds that one request took with some clients, each with a connection of its own, and of the server's processor time. */
async function load(server: ServerProcess<unknown>, url: string, clients: number): Promise<Sample> {
  const before = await server.cpu();
  const { milliseconds, requests } = await runLoad({
    url,
    method: 'GET',
    headers: {},
    clients,
    seconds: SECONDS,
  });
  const measured = requests - clients;
  return { wall: milliseconds / measured, cpu: ((await server.cpu()) - before) / requests };
}

/** The same pixels by sharp alone, from the same pyramid. */
function bare(path: string): Promise<void> {
  return listenFromProcess(
    createServer((_request, response) => {
      sharp(path, { page: 1, sequentialRead: true })
        .resize({ width: 1000, height: 1000, fit: 'fill' })
        .jpeg({ quality: 80 })
        .toBuffer()
        .then((data) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(data));
    }),
  );
}

/** A static file, read for each request as servers of files do. */
function file(path: string): Promise<void> {
  return listenFromProcess(
    createServer((_request, response) => {
      stat(path).then(({ size }) => {
        response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': size });
        createReadStream(path).pipe(response);
      });
    }),
  );
}

async function ours(folder: string): Promise<void> {
  const server = await createIpsServer({ dataDir: folder, company: COMPANY, jobClock: 'instant' });
  serveFromProcess(server.url);
}

/** A picture like a photo: smooth, with some noise. */
async function photo(): Promise<Buffer> {
  const side = SIDE;
  const data = Buffer.alloc(side * side * 3);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const at = (y * side + x) * 3;
      const noise = ((x * 7919 + y * 104_729) % 17) - 8;
      data[at] = Math.max(0, Math.min(255, 128 + 100 * Math.sin(x / 150) + noise));
      data[at + 1] = Math.max(0, Math.min(255, 128 + 100 * Math.cos(y / 190) + noise));
      data[at + 2] = Math.max(0, Math.min(255, 128 + 100 * Math.sin((x + y) / 230) + noise));
    }
  }
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** Uploads a picture and publishes it. Returns the path of its pyramid. */
async function publish(url: string, image: string, data: string): Promise<string> {
  const ips = createIpsClient({
    endpoint: `${url}/scene7/services/IpsApiService`,
    auth: { user: 'admin@example.com', password: 'admin-password' },
    company: COMPANY,
  });
  await ips.uploadFiles([image], { destFolder: `${COMPANY}/` });
  const job = await ips.jobs.submit('imageServingPublishJob', { publishType: 'Full', emailSetting: 'None' });
  await job.wait();
  await ips.close();
  const files = readdirSync(join(data, 'files'), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(data, 'files', name),
  );
  for (const file of files) {
    if (!statSync(file).isFile()) continue;
    const found = await sharp(file)
      .metadata()
      .catch(() => undefined);
    if (found?.format === 'tiff' && found.width === SIDE) return file;
  }
  throw new Error('the pyramid was not found');
}

async function compareDelivery(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ips-bench-'));
  const processes: ServerProcess<string>[] = [];
  const started = async (kind: string, argument: string): Promise<ServerProcess<string>> => {
    const server = await startProcess<string>(PROGRAM, kind, argument);
    processes.push(server);
    return server;
  };
  try {
    const image = join(folder, 'photo.jpg');
    writeFileSync(image, await photo());
    const data = join(folder, 'data');
    const mine = await started('ours', data);
    const pyramid = await publish(mine.started, image, data);
    const asked = `${mine.started}/is/image/${COMPANY}/photo?wid=1000`;
    const sample = Buffer.from(await (await fetch(asked)).arrayBuffer());
    const copy = join(folder, 'copy.jpg');
    writeFileSync(copy, sample);
    const size = `A JPEG of 1,000 pixels a side, ${Math.round(sample.length / 1024)} KiB.`;
    const [plain, files] = [await started('bare', pyramid), await started('file', copy)];
    for (const [id, title, name, url, other, aim] of [
      ['rendered', 'Rendering an image', 'sharp alone', `${asked}&cache=on,off`, plain, AIMS.rendered],
      ['kept', 'Delivering a kept image', 'a file of node:http', asked, files, AIMS.kept],
    ] as const) {
      for (const clients of [1, 8, 64]) {
        const shown = clients === 1 ? '1 client' : `${clients} clients`;
        await compare({
          id: `server-delivery-${id}-${clients}`,
          title: `${title}, ${shown}`,
          method: `${size} Clients and servers are separate processes; processor time is that of the server alone.`,
          unit: 'a request',
          base: 'ips-server',
          peers: true,
          rounds: 3,
          contenders: [
            { name: 'ips-server', take: () => load(mine, url, clients) },
            { name, take: () => load(other, other.started, clients) },
          ],
          aims: ({ times }) => [
            { text: `of the requests per second of ${name}`, value: times(name, 'wall'), atLeast: aim },
          ],
        });
      }
    }
  } finally {
    for (const server of processes) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [kind, argument = ''] = process.argv.slice(2);
if (kind === undefined) await compareDelivery();
else await (kind === 'ours' ? ours : kind === 'bare' ? bare : file)(argument);
