// An upload and a publish on a server whose database goes away, and the exact counts that they must end with.
import type { JobLog } from '@ips-sdk/types';
import { connect, type Reachable } from './call.js';
import type { FileServer } from './file-server.js';
import { plain } from './pictures.js';

const companyHandle = 'c|6';

/** Serves pictures under `/0.png`, `/1.png` and so on, each after some milliseconds. */
export async function servePictures(files: FileServer, count: number, delay: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const picture = await plain(8 + (number % 50), 8, [number % 256, 0, 0])
      .png()
      .toBuffer();
    files.set(`/${number}.png`, (_request, response) => void setTimeout(() => response.end(picture), delay));
  }
}

/** Submits an upload of all pictures, followed by a publish. */
export async function uploadAndPublish(server: Reachable, files: FileServer, count: number): Promise<void> {
  await connect(server).call('submitJob', {
    companyHandle,
    jobName: 'Upload',
    uploadUrlsJob: {
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'All',
      urlArray: Array.from({ length: count }, (_, number) => ({
        sourceUrl: `${files.url}/${number}.png`,
        destPath: `SampleCompany/${number}.png`,
      })),
      postImageServingPublishJob: { publishType: 'Full', emailSetting: 'All' },
    },
  });
}

/** What an upload and its publish came to, as far as they have. */
export interface Tally {
  readonly done: boolean;
  /** How the tables differ from what they must be at the end; empty if they do not. */
  readonly wrong: readonly string[];
}

/** Compares the logs of both jobs with the number of pictures. Throws what the server answers while its database is away. */
export async function tally(server: Reachable, count: number): Promise<Tally> {
  const { jobLogArray } = await connect(server).call('getJobLogDetails', { companyHandle });
  const logs: readonly JobLog[] = jobLogArray ?? [];
  const upload = logs.find(({ originalJobName }) => originalJobName === 'Upload');
  const publish = logs.find(({ originalJobName }) => originalJobName !== 'Upload');
  const done = upload?.endDate !== undefined && publish?.endDate !== undefined;
  const wrong: string[] = [];
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    if (found !== wanted) wrong.push(`${what}: found ${String(found)}, expected ${String(wanted)}`);
  };
  expect('runs', logs.length, 2);
  const messages = (log: JobLog | undefined, logType: string): string[] =>
    (log?.detailArray ?? []).filter((row) => row.logType === logType).map((row) => row.logMessage ?? '');
  for (const [name, log, success] of [
    ['upload', upload, 'UploadSuccess'],
    ['publish', publish, 'ImageServingPublishSuccess'],
  ] as const) {
    expect(`${name}: fatalError`, log?.fatalError, false);
    expect(`${name}: fileSuccessCount`, log?.fileSuccessCount, count);
    expect(`${name}: fileErrorCount`, log?.fileErrorCount, 0);
    expect(`${name}: totalFileCount`, log?.totalFileCount, count);
    expect(`${name}: rows of success`, messages(log, success).length, count);
    expect(`${name}: different rows of success`, new Set(messages(log, success)).size, count);
    expect(`${name}: lost workers`, messages(log, 'UploadWarning').length, 0);
  }
  return { done, wrong };
}

/** Repeats a question that the server cannot answer while its database is away. */
export async function untilAnswered<T>(ask: () => Promise<T | undefined>, milliseconds: number): Promise<T> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`no answer within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
