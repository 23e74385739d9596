// One upload with its publish, and the exact counts that both must end with, whatever happens to the server meanwhile.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { IpsClient } from '@ips-sdk/client';
import type { JobLog } from '@ips-sdk/types';
import sharp from 'sharp';

/** The client of a server that is started again during a round changes. */
type Client = () => IpsClient;

/** Milliseconds for one call, with all its repetitions, and for one round. */
const LIMIT = { call: 120_000, round: 240_000 };

/** Uploads `files` pictures and publishes them; returns what is wrong with the counts. */
export async function uploadAndPublish(
  client: Client,
  pictures: string,
  round: number,
  files: number,
): Promise<string[]> {
  const jobName = `Round ${round}`;
  const urlArray = Array.from({ length: files }, (_, number) => ({
    sourceUrl: `${pictures}/${round}/${number}.png`,
    destPath: `SampleCompany/round-${round}-${number}.png`,
  }));
  const uploadUrlsJob = {
    ...{ urlArray, overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' },
    postImageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  };
  const known = async () =>
    (await logsOf(client, {})).some(({ originalJobName }) => originalJobName === jobName);
  // A submission whose answer was lost may have been accepted.
  while (!(await known())) {
    await client()
      .submitJob({ jobName, uploadUrlsJob })
      .catch(() => undefined);
    await pause(200);
  }
  const end = performance.now() + LIMIT.round;
  for (;;) {
    if (performance.now() > end) return [`not done after ${LIMIT.round / 1000} seconds`];
    const mine = (await logsOf(client, {})).filter(
      ({ originalJobName = '' }) => originalJobName.startsWith(`${jobName}_`) || originalJobName === jobName,
    );
    const upload = mine.find(({ originalJobName }) => originalJobName === jobName);
    const publish = mine.find(({ originalJobName }) => originalJobName !== jobName);
    if (upload?.endDate === undefined || (publish?.endDate === undefined && upload.fatalError !== true)) {
      await pause(200);
      continue;
    }
    const wrong: string[] = [];
    const check = (what: string, found: unknown, expected: unknown): void => {
      if (found !== expected) wrong.push(`${what}: found ${String(found)}, expected ${String(expected)}`);
    };
    check('runs', mine.length, 2);
    check('upload: fatalError', upload.fatalError, false);
    check('upload: fileSuccessCount', upload.fileSuccessCount, files);
    check('upload: fileErrorCount', upload.fileErrorCount, 0);
    check('upload: rows of success', rowsOf(upload, 'UploadSuccess').length, files);
    check('upload: different rows of success', new Set(rowsOf(upload, 'UploadSuccess')).size, files);
    check('publish: fatalError', publish?.fatalError, false);
    check('publish: fileErrorCount', publish?.fileErrorCount, 0);
    check('publish: fileSuccessCount', publish?.fileSuccessCount, publish?.totalFileCount);
    const published = publish === undefined ? [] : rowsOf(publish, 'ImageServingPublishSuccess');
    check('publish: rows of success', published.length, publish?.totalFileCount);
    check('publish: different rows of success', new Set(published).size, publish?.totalFileCount);
    return wrong;
  }
}

/** The logs of jobs, as soon as the server answers. */
export async function logsOf(client: Client, filter: { originalName?: string }): Promise<readonly JobLog[]> {
  return answered(async () => (await client().getJobLogDetails(filter)).jobLogArray ?? []);
}

/**
 * Repeats a call until it is answered.
 *
 * @throws the last error when no attempt was answered for two minutes.
 */
export async function answered<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + LIMIT.call;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(200);
    }
  }
}

/** Serves a different picture under each path, such as `/1/2.png`, after some milliseconds. */
export async function servePictures(delay: number): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const [, round = '0', number = '0'] = /^\/(\d+)\/(\d+)\.png$/.exec(request.url ?? '') ?? [];
    const background = {
      r: Number(round) % 256,
      g: Number(number) % 256,
      b: Math.floor(Number(round) / 256) % 256,
    };
    sharp({ create: { width: 16, height: 8, channels: 3, background } })
      .png()
      .toBuffer()
      .then(
        (picture) => setTimeout(() => response.end(picture), delay),
        () => response.destroy(),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The messages of a log's rows of a type. */
function rowsOf({ detailArray }: JobLog, logType: string): string[] {
  return (detailArray ?? [])
    .filter((row) => row.logType === logType)
    .map(({ logMessage }) => logMessage ?? '');
}
