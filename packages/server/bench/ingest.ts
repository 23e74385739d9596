// Images of one megapixel that a job ingests, next to the image library alone with their pixels, and next to the image library with a
// store that survives a power failure.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIpsServer } from '@ips-sdk/server';
import type { OperationName, Operations } from '@ips-sdk/types';
import { codec } from '@ips-sdk/wire';
import sharp from 'sharp';
import { compare, measured, type Sample } from '../../../scripts/bench/compare.ts';

const COUNT = Number(process.env['BENCH_IMAGES'] ?? 240);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const [WIDTH, HEIGHT] = [1155, 866];
const AT_ONCE = 4;

const JOB = 'uploadDirectoryJob';
const ALONE = 'sharp alone';
const STORED = 'sharp and a durable store';

/** Pictures that differ, with the detail of photographs: soft noise. */
async function makeImages(directory: string): Promise<string[]> {
  const noise = await sharp({
    create: {
      width: WIDTH,
      height: HEIGHT,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .blur(1.5)
    .raw()
    .toBuffer();
  const paths: string[] = [];
  for (let at = 0; at < COUNT; at += 1) {
    noise.fill(at % 256, 0, 64);
    noise.writeUInt32LE(at, 128);
    const path = join(directory, `image${String(at).padStart(5, '0')}.jpg`);
    writeFileSync(
      path,
      await sharp(noise, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
        .jpeg({ quality: 88 })
        .toBuffer(),
    );
    paths.push(path);
  }
  return paths;
}

/** The same pixels as those of the job: a pyramid, and a thumbnail from one of its levels. */
async function derivatives(content: Buffer): Promise<readonly [pyramid: Buffer, thumbnail: Buffer]> {
  const pyramid = await sharp(content)
    .autoOrient()
    .toColourspace('srgb')
    .tiff({ pyramid: true, tile: true, tileWidth: 256, tileHeight: 256, compression: 'jpeg', quality: 95 })
    .toBuffer();
  const thumbnail = await sharp(pyramid, { page: 2 })
    .resize({ width: 256, height: 256, fit: 'inside' })
    .jpeg({ quality: 85 })
    .toBuffer();
  return [pyramid, thumbnail];
}

/** Stores a file under its hash, so that it survives a power failure: hashes, writes, syncs, and moves it. */
async function store(root: string, content: Buffer): Promise<void> {
  const hash = createHash('sha256').update(content).digest('hex');
  const folder = join(root, hash.slice(0, 2), hash.slice(2, 4));
  const temporary = join(root, randomUUID());
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.write(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await mkdir(folder, { recursive: true });
  await rename(temporary, join(folder, hash));
}

/** Does some work with each path, a few at once. */
async function each(paths: readonly string[], work: (path: string) => Promise<void>): Promise<void> {
  const waiting = [...paths];
  const worker = async (): Promise<void> => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) await work(path);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Ingests all images on a new server. Its start is not counted. */
async function ingest(served: string, directory: string): Promise<Sample> {
  const server = await createIpsServer({
    jobClock: 'instant',
    company: 'Bench',
    dataDir: directory,
    serverRoot: served,
  });
  const { email: user, password } = server.admin;
  const header = { user, password, appName: 'bench', appVersion: '1' };
  const call = async <Name extends OperationName>(
    name: Name,
    input: Operations[Name]['input'],
  ): Promise<Operations[Name]['output']> => {
    const response = await fetch(server.endpoints.soap, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=UTF-8', soapaction: name },
      body: codec.encodeRequest(name, input, { header }),
    });
    return codec.decodeResponse(name, await response.text()).value;
  };
  try {
    // With the instant clock the answer comes when the job has ended.
    const sample = await measured(
      () =>
        call('submitJob', {
          companyHandle: 'c|6',
          jobName: 'ingest',
          uploadDirectoryJob: {
            serverDir: 'in',
            overwrite: true,
            readyForPublish: true,
            includeSubfolders: false,
            createMask: false,
            processMetadataFiles: false,
            emailSetting: 'None',
          },
        }),
      COUNT,
    );
    const { totalRows } = await call('searchAssets', {
      companyHandle: 'c|6',
      includeSubfolders: true,
      recordsPerPage: 1,
    });
    if (totalRows !== COUNT) throw new Error(`${totalRows} of ${COUNT} images arrived`);
    return sample;
  } finally {
    await server.stop();
  }
}

const root = mkdtempSync(join(tmpdir(), 'ips-bench-ingest-'));
try {
  const served = join(root, 'served');
  mkdirSync(join(served, 'in'), { recursive: true });
  const paths = await makeImages(join(served, 'in'));
  let runs = 0;
  const newFolder = (): string => {
    runs += 1;
    const folder = join(root, `run${runs}`);
    mkdirSync(folder);
    return folder;
  };
  await compare({
    id: 'server-ingest',
    title: `Ingest of ${COUNT} JPEG images of one megapixel`,
    method: `Decode, pyramid TIFF and thumbnail, ${AT_ONCE} at once. The durable store hashes, writes, syncs and moves the file and both derivatives. The job also keeps assets, log rows and progress in its database.`,
    unit: 'an image',
    base: JOB,
    peers: true,
    rounds: ROUNDS,
    contenders: [
      { name: JOB, take: () => ingest(served, newFolder()) },
      {
        name: ALONE,
        take: () =>
          measured(
            () => each(paths, async (path) => void (await derivatives(await readFile(path)))),
            paths.length,
          ),
      },
      {
        name: STORED,
        take: () => {
          const folder = newFolder();
          return measured(
            () =>
              each(paths, async (path) => {
                const content = await readFile(path);
                for (const file of [content, ...(await derivatives(content))]) await store(folder, file);
              }),
            paths.length,
          );
        },
      },
    ],
    aims: ({ times }) => [
      { text: `of ${STORED}, by processor time`, value: times(STORED, 'cpu'), atLeast: 0.85 },
      { text: `of ${ALONE}, by processor time`, value: times(ALONE, 'cpu'), atLeast: 0.6 },
    ],
  });
} finally {
  rmSync(root, { recursive: true, force: true });
}
