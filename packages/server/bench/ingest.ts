// Images of one megapixel brought into the catalog by a job, next to the image library alone doing the same to their pixels.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codec } from '@ips-sdk/wire';
import sharp from 'sharp';
import { createIpsServer } from '../dist/index.js';

const COUNT = Number(process.env['BENCH_IMAGES'] ?? 1000);
const [WIDTH, HEIGHT] = [1155, 866];
const AT_ONCE = 4;

/** Rounds of both, one after the other, of which the median counts: other work on the machine comes and goes. */
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);

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

/** Decode, pyramid, thumbnail: what the job does to each image, and nothing else. */
async function bare(path: string): Promise<void> {
  const content = await readFile(path);
  const pyramid = await sharp(content)
    .autoOrient()
    .toColourspace('srgb')
    .tiff({ pyramid: true, tile: true, tileWidth: 256, tileHeight: 256, compression: 'jpeg', quality: 95 })
    .toBuffer();
  await sharp(pyramid, { page: 2 })
    .resize({ width: 256, height: 256, fit: 'inside' })
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function bareRate(paths: readonly string[]): Promise<number> {
  const waiting = [...paths];
  const start = performance.now();
  const work = async (): Promise<void> => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) await bare(path);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return paths.length / ((performance.now() - start) / 1000);
}

async function jobRate(served: string, directory: string): Promise<number> {
  const server = await createIpsServer({
    jobClock: 'instant',
    company: 'Bench',
    dataDir: directory,
    serverRoot: served,
  });
  try {
    const header = {
      user: server.admin.email,
      password: server.admin.password,
      appName: 'bench',
      appVersion: '1',
    };
    const xml = codec.encodeRequest(
      'submitJob',
      {
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
      },
      { header },
    );
    const start = performance.now();
    // With the instant clock the answer comes when the job has ended.
    const response = await fetch(server.endpoints.soap, {
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=UTF-8', soapaction: 'submitJob' },
      body: xml,
    });
    const seconds = (performance.now() - start) / 1000;
    if (!response.ok) throw new Error(await response.text());
    const { totalRows } = await search(server.endpoints.soap, header);
    if (totalRows !== COUNT) throw new Error(`${totalRows} of ${COUNT} images arrived`);
    return COUNT / seconds;
  } finally {
    await server.stop();
  }
}

async function search(endpoint: string, header: Record<string, string>): Promise<{ totalRows: number }> {
  const xml = codec.encodeRequest(
    'searchAssets',
    { companyHandle: 'c|6', includeSubfolders: true, recordsPerPage: 1 },
    { header },
  );
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=UTF-8' },
    body: xml,
  });
  const { value } = codec.decodeResponse('searchAssets', await response.text());
  return { totalRows: value.totalRows ?? 0 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const root = mkdtempSync(join(tmpdir(), 'ips-bench-ingest-'));
try {
  const served = join(root, 'served');
  mkdirSync(join(served, 'in'), { recursive: true });
  const paths = await makeImages(join(served, 'in'));
  await bareRate(paths.slice(0, 20));
  const alone: number[] = [];
  const job: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push(await bareRate(paths));
    job.push(await jobRate(served, join(root, `data${round}`)));
  }
  const line = (what: string, rate: number): string =>
    `  ${what.padEnd(44)} ${rate.toFixed(1).padStart(7)} images/s`;
  const percent = (ratio: number): string => `${(ratio * 100).toFixed(0)} %`;
  const ratios = job.map((rate, round) => rate / (alone[round] ?? Number.NaN));
  console.log(
    `ingest: ${COUNT} JPEG images of ${((WIDTH * HEIGHT) / 1e6).toFixed(1)} megapixels, median of ${ROUNDS} rounds`,
  );
  console.log(line('sharp alone (decode, pyramid TIFF, thumbnail)', median(alone)));
  console.log(line('uploadDirectoryJob', median(job)));
  console.log(`  ratio ${percent(median(ratios))} (rounds: ${ratios.map(percent).join(', ')}; aim 70 %)`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
