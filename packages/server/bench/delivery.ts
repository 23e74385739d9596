// Image serving: a JPEG of 1,000 pixels rendered from a pyramid, next to sharp doing the same pixels; and one that is kept, next to a static
// file of node:http. Every server is in a process of its own, so that clients and servers do not share a thread.
import { type ChildProcess, fork } from 'node:child_process';
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIpsClient } from '@ips-sdk/client';
import { createIpsServer } from '@ips-sdk/server';
import sharp from 'sharp';

/** Seconds of one round; servers take turns, because other programs may share the machine. */
const SECONDS = 2;
const ROUNDS = 5;
const COMPANY = 'Bench';

/** Pixels on a side of the source. Its second level has 1,200, from which 1,000 are scaled. */
const SIDE = 2400;

/** Parts of the result that are to be reached. */
const AIMS = { rendered: 0.8, kept: 0.6 };

interface Measured {
  readonly rate: number;
  /** Milliseconds of processor time of the server for each request. */
  readonly cpu: number;
  /** Milliseconds that half of the requests took at most, and 99 of 100. */
  readonly middle: number;
  readonly slow: number;
}

/** Requests per second with some clients, each with a connection of its own. */
async function measure({ url, child }: Started, clients: number, seconds = SECONDS): Promise<Measured> {
  const before = await cpuOf(child);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const took: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const once = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => {
        response.resume();
        response.once('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`${url}: HTTP ${response.statusCode}`)),
        );
      }).once('error', reject);
    });
  const work = async (): Promise<void> => {
    while (performance.now() < end) {
      const from = performance.now();
      await once();
      took.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: clients }, work));
  agent.destroy();
  took.sort((a, b) => a - b);
  const at = (part: number): number => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0;
  const elapsed = performance.now() - begun;
  const cpu = ((await cpuOf(child)) - before) / took.length;
  return { rate: (took.length * 1000) / elapsed, cpu, middle: at(0.5), slow: at(0.99) };
}

/** Milliseconds of processor time that a server has taken. */
function cpuOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('message', (spent) => resolve(Number(spent)));
    child.send('cpu');
  });
}

const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** A server in a process of its own. */
interface Started {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Starts this file as a server of a kind. */
function start(kind: string, argument: string): Promise<Started> {
  const child = fork(fileURLToPath(import.meta.url), [kind, argument], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('message', (url) => resolve({ url: String(url), child }));
    child.once('exit', (code) => reject(new Error(`${kind} ended with ${code}`)));
  });
}

async function listen(server: ReturnType<typeof createServer>): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** The same pixels by sharp alone, from the same pyramid. */
function bare(path: string): Promise<void> {
  return listen(
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
  return listen(
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
  process.send?.(server.url);
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

/** Measures and prints. */
export async function benchDelivery(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ips-bench-'));
  const children: ChildProcess[] = [];
  const started = async (kind: string, argument: string): Promise<Started> => {
    const server = await start(kind, argument);
    children.push(server.child);
    return server;
  };
  try {
    const image = join(folder, 'photo.jpg');
    writeFileSync(image, await photo());
    const data = join(folder, 'data');
    const own = await started('ours', data);
    const pyramid = await publish(own.url, image, data);
    const asked = `${own.url}/is/image/${COMPANY}/photo?wid=1000`;
    const sample = Buffer.from(await (await fetch(asked)).arrayBuffer());
    const copy = join(folder, 'copy.jpg');
    writeFileSync(copy, sample);
    console.log(`a JPEG of 1,000 pixels a side, ${Math.round(sample.length / 1024)} KiB`);
    const [plain, files] = [await started('bare', pyramid), await started('file', copy)];
    for (const [name, mine, other, aim] of [
      ['rendered, next to sharp alone', { ...own, url: `${asked}&cache=on,off` }, plain, AIMS.rendered],
      ['kept, next to a file of node:http', { ...own, url: asked }, files, AIMS.kept],
    ] as const) {
      for (const clients of [1, 8, 64]) {
        await measure(mine, clients, 1);
        await measure(other, clients, 1);
        const rounds: { readonly ours: Measured; readonly theirs: Measured }[] = [];
        for (let round = 0; round < ROUNDS; round += 1)
          rounds.push({ ours: await measure(mine, clients), theirs: await measure(other, clients) });
        const ratio = middleOf(rounds.map(({ ours, theirs }) => ours.rate / theirs.rate));
        const cpu = middleOf(rounds.map(({ ours, theirs }) => theirs.cpu / ours.cpu));
        const last = rounds.map(({ ours }) => ours);
        console.log(
          `${name}, ${clients} clients: ratio ${ratio.toFixed(2)} by requests per second, ${cpu.toFixed(2)} by processor time (aim ${aim}); ${middleOf(last.map(({ rate }) => rate)).toFixed(0)} requests per second of ${middleOf(last.map((one) => one.cpu)).toFixed(2)} ms, ${middleOf(last.map(({ middle }) => middle)).toFixed(1)} ms in the middle, ${middleOf(last.map(({ slow }) => slow)).toFixed(1)} ms at 99 of 100`,
        );
      }
    }
  } finally {
    for (const child of children) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [kind, argument = ''] = process.argv.slice(2);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1000);
});
if (kind === undefined) await benchDelivery();
else await (kind === 'ours' ? ours : kind === 'bare' ? bare : file)(argument);
