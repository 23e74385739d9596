// How the system does as a company grows: `npm run bench:growth -- 1000 10000 100000` loads so many assets one after the other into
// one data directory, measures a server on it, and writes docs/growth.md with its plots. Sizes measured before stay in the results.
// With `--data DIR`, the directory of an earlier load is used, and stays; with `--clients 1`, only so many clients at once are measured.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Operations } from '@ips-sdk/types';
import sharp from 'sharp';
import { quantile } from '../../../../scripts/bench/statistics.ts';
import { runCommand, type ServerUnderLoad, startServer } from '../support/server-under-load.ts';

import { type Growth, type Measured, writeReport } from './report.ts';

/** Requests of each measurement, at least one for each client. */
const REQUESTS = 64;
const PICTURES = 100;
/** Searches that each follow a change. */
const CHANGES = 16;
const RESULTS = fileURLToPath(new URL('../../../../docs/growth/results.json', import.meta.url));

const { values: options, positionals } = parseArgs({
  options: {
    data: { type: 'string' },
    clients: { type: 'string', multiple: true, default: ['1', '8', '64'] },
  },
  allowPositionals: true,
});
const sizes = positionals.map(Number);
const CLIENTS = options.clients.map(Number);
if (sizes.length === 0 || sizes.some((size) => !(Number.isInteger(size) && size > 0)))
  throw new Error('expected numbers of assets, such as 1000 10000 100000');

const [load = 0] = loadavg();
const root = mkdtempSync(join(tmpdir(), 'ips-growth-'));
try {
  for (const assets of sizes.toSorted((a, b) => a - b)) {
    const data = options.data ?? join(root, 'data');
    const begun = performance.now();
    await runCommand('load', '--data', data, '--assets', String(assets), '--add');
    const loaded = (performance.now() - begun) / 1000;
    console.log(`${assets} assets, added in ${loaded.toFixed(0)} s`);
    const served = join(root, 'served');
    await makePictures(join(served, 'in'), assets);
    const server = await startServer(data, '--job-clock', 'instant', '--server-root', served);
    try {
      const measured = { assets, reads: await reads(server, assets), jobs: await jobs(server, assets) };
      const seconds = (performance.now() - begun) / 1000;
      record({ ...measured, added: loaded, seconds });
      console.log(`  ${assets} assets took ${seconds.toFixed(0)} s`);
    } finally {
      await server.stop();
    }
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
writeReport(JSON.parse(readFileSync(RESULTS, 'utf8')) as Growth);

/** Adds the results of one size to those of others, also of earlier runs. */
function record(measured: Measured): void {
  const before = existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as Growth).sizes : [];
  const all = [...before.filter(({ assets }) => assets !== measured.assets), measured];
  const growth: Growth = {
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.version,
    load,
    date: new Date().toISOString().slice(0, 10),
    sizes: all.sort((a, b) => a.assets - b.assets),
  };
  mkdirSync(join(RESULTS, '..'), { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify(growth, null, 2)}\n`);
}

async function reads(server: ServerUnderLoad, assets: number): Promise<Measured['reads']> {
  const { companyHandle } = server;
  const page = { companyHandle, includeSubfolders: true, recordsPerPage: 100, sortBy: 'Name' } as const;
  const last = Math.ceil(assets / page.recordsPerPage);
  const calls = [
    ['searchAssets, first page', 'searchAssets', page],
    ['searchAssets, last page', 'searchAssets', { ...page, resultsPage: last }],
    [
      'searchAssets, big folder',
      'searchAssets',
      { ...page, folder: 'SampleCompany/Load/All/', includeSubfolders: false },
    ],
    ['getFolderTree, two levels', 'getFolderTree', { companyHandle, folderPath: 'SampleCompany/', depth: 2 }],
    [
      'getFolderTree, all levels',
      'getFolderTree',
      { companyHandle, folderPath: 'SampleCompany/', depth: -1 },
    ],
    ['getActiveJobs', 'getActiveJobs', { companyHandle }],
    ['getJobLogs', 'getJobLogs', { companyHandle }],
  ] as const;
  const found: Measured['reads'][number][] = [await firstSearch(server, page)];
  for (const [name, operation, input] of calls) {
    for (const clients of CLIENTS) {
      // A request of a large company can take seconds: one first, and fewer of them then.
      const { latencies: probe } = await server.load(operation, input, { clients: 1, requests: 3 });
      const requests = quantile(probe, 0.5) > 500 ? Math.max(clients, 8) : Math.max(2 * clients, REQUESTS);
      const before = server.cpu();
      const { latencies, requests: sent } = await server.load(operation, input, { clients, requests });
      const after = server.cpu();
      const row = {
        name,
        clients,
        median: quantile(latencies, 0.5),
        most: quantile(latencies, 0.95),
        ...(before === undefined || after === undefined ? {} : { cpu: (after - before) / sent }),
      };
      found.push(row);
      console.log(
        `  ${name}, ${clients} clients: ${row.median.toFixed(1)} ms, 95 %: ${row.most.toFixed(1)} ms, processor ${row.cpu?.toFixed(1)} ms`,
      );
    }
  }
  found.push(await searchesAfterChanges(server, page));
  return found;
}

/** The first search after a start, which counts the total. It is asked once, so that its most is its median. */
async function firstSearch(
  server: ServerUnderLoad,
  page: Operations['searchAssets']['input'],
): Promise<Measured['reads'][number]> {
  const [begun, before] = [performance.now(), server.cpu()];
  await server.call('searchAssets', page);
  const [median, after] = [performance.now() - begun, server.cpu()];
  const name = 'searchAssets, first page, first after a start';
  console.log(`  ${name}: ${median.toFixed(1)} ms`);
  return {
    name,
    clients: 1,
    median,
    most: median,
    ...(before === undefined || after === undefined ? {} : { cpu: after - before }),
  };
}

/** First pages of a company that changes all the time. Only the search is measured. */
async function searchesAfterChanges(
  server: ServerUnderLoad,
  page: Operations['searchAssets']['input'],
): Promise<Measured['reads'][number]> {
  const { companyHandle } = server;
  const { assetArray = [] } = await server.call('searchAssets', page);
  const latencies: number[] = [];
  let cpu: number | undefined = 0;
  for (let change = 0; change < CHANGES; change += 1) {
    const { assetHandle = '' } = assetArray[change % assetArray.length] ?? {};
    await server.call('setAssetPublishState', {
      companyHandle,
      assetHandle,
      publishState: change % 2 === 0 ? 'NotMarkedForPublish' : 'MarkedForPublish',
    });
    const [begun, before] = [performance.now(), server.cpu()];
    await server.call('searchAssets', page);
    latencies.push(performance.now() - begun);
    const after = server.cpu();
    cpu = cpu === undefined || before === undefined || after === undefined ? undefined : cpu + after - before;
  }
  const [median, most] = [quantile(latencies, 0.5), quantile(latencies, 0.95)];
  console.log(
    `  searchAssets, first page after a change: ${median.toFixed(1)} ms, 95 %: ${most.toFixed(1)} ms`,
  );
  return {
    name: 'searchAssets, first page after a change',
    clients: 1,
    median,
    most,
    ...(cpu === undefined ? {} : { cpu: cpu / CHANGES }),
  };
}

/** Jobs, each once: with the instant clock, submitJob answers when the job is done. */
async function jobs(server: ServerUnderLoad, assets: number): Promise<Measured['jobs']> {
  const { companyHandle } = server;
  const found: Measured['jobs'][number][] = [];
  const timed = async (name: string, job: object, units = 1): Promise<void> => {
    const [begun, before] = [performance.now(), server.cpu()];
    await server.call('submitJob', { companyHandle, jobName: `${name} ${assets}`, ...job });
    const [milliseconds, after] = [performance.now() - begun, server.cpu()];
    found.push({
      name,
      milliseconds: milliseconds / units,
      ...(before === undefined || after === undefined ? {} : { cpu: (after - before) / units }),
    });
  };
  await timed(
    'ingest, a file',
    {
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
    PICTURES,
  );
  const publish = (name: string, publishType: string, units?: number) =>
    timed(name, { imageServingPublishJob: { publishType, emailSetting: 'None' } }, units);
  const marked = assets * 0.8;
  // What was loaded leaves a quarter of what is marked to the first publish, as far as no smaller size was published.
  await publish('incremental publish, an asset', 'Incremental', marked / 4);
  await publish('incremental publish without changes', 'Incremental');
  await publish('full publish, an asset', 'Full', marked);
  for (const { name, milliseconds, cpu } of found)
    console.log(`  ${name}: ${milliseconds.toFixed(1)} ms, processor ${cpu?.toFixed(1)} ms`);
  return found;
}

/** Pictures of 400 × 300 pixels that no other size has. */
async function makePictures(folder: string, seed: number): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (let each = 0; each < PICTURES; each += 1) {
    const background = { r: each * 8, g: seed % 256, b: (seed / 1000) % 256 };
    await sharp({ create: { width: 400, height: 300, channels: 3, background } })
      .jpeg()
      .toFile(join(folder, `picture-${seed}-${each}.jpg`));
  }
}
