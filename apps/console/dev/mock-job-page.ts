import type {
  JobAssetsPage,
  JobPage,
  JobRow,
  JobXml,
  LogPage,
  LogQuery,
  LogRow,
  Throughput,
} from '../src/api/contract.ts';
import { MOCK_NOW } from './mock-jobs.ts';

const at = (secondsAgo: number): string => new Date(MOCK_NOW - secondsAgo * 1000).toISOString();

const TASKS: JobPage['tasks'] = [
  {
    taskType: 'UploadTask',
    taskState: 'Processing',
    numProcessed: 640,
    numProcessing: 4,
    numPending: 356,
    progress: 0.64,
    progressMessage: 'Uploading',
    lastProgressUpdate: at(1),
    taskItemProgressArray: [
      {
        itemName: 'red-runner.tif',
        progress: 0.62,
        progressMessage: 'Optimizing',
        lastProgressUpdate: at(1),
      },
      { itemName: 'blue-runner-2.tif', progress: 0.08, progressMessage: '', lastProgressUpdate: at(1) },
    ],
  },
];

export function mockJobPage(row: JobRow, runs: readonly JobRow[]): JobPage {
  const isActive = row.stage === 'active';
  return {
    row,
    stages:
      row.stage === 'scheduled'
        ? [
            { name: 'Submitted', status: 'done', at: at(90_000), detail: 'by ann@example.com' },
            { name: 'NextRun', status: 'ahead', at: row.nextFireTime, detail: 'every day at 02:00' },
          ]
        : [
            { name: 'Submitted', status: 'done', at: at(120), detail: `by ${row.submitUserEmail}` },
            { name: 'Queued', status: 'done', at: at(120), duration: 400 },
            {
              name: 'Running',
              status: isActive ? 'current' : row.state === 'stopped' ? 'failed' : 'done',
              at: at(118),
              duration: 118_000,
              detail: 'on ips-worker-2',
            },
            {
              name: 'Completed',
              status: isActive ? 'ahead' : row.state === 'failed' ? 'failed' : 'done',
              at: isActive ? undefined : at(1),
            },
          ],
    tasks: isActive ? TASKS : [],
    details: {
      kind: 'uploadUrlsJob',
      details: {
        overwrite: true,
        readyForPublish: true,
        processing: { manualCropOptions: { left: 40, right: 40, top: 10, bottom: 30 } },
        urlArray: {
          items: [{ sourceUrl: 'https://shop.example.com/red-runner.tif', destName: 'red-runner' }],
        },
      },
    },
    facts: [
      { label: 'Destination', value: 'MyCompany/Shoes/', form: 'folder', path: 'uploadUrlsJob.destFolder' },
      { label: 'Overwrite', value: 'yes', form: 'text', path: 'uploadUrlsJob.overwrite' },
      { label: 'Ready for publish', value: 'yes', form: 'text', path: 'uploadUrlsJob.readyForPublish' },
      {
        label: 'URL 1',
        value: 'https://shop.example.com/red-runner.tif',
        form: 'url',
        path: 'uploadUrlsJob.urlArray.items[0].sourceUrl',
      },
      {
        label: 'URL 2',
        value: 'javascript:alert(1)',
        form: 'url',
        path: 'uploadUrlsJob.urlArray.items[1].sourceUrl',
      },
    ],
    rate: isActive ? 5.4 : undefined,
    estimatedEnd: isActive ? at(-62) : undefined,
    runs,
    logCounts: { all: 651, errors: 0, warnings: 3 },
    shell: [`ips job watch "${row.originalName}"`, `ips job log "${row.originalName}" --only warnings`],
  };
}

const WARNINGS = [
  ['red-runner.psd', 'Layers are merged; 4 layers kept as views', 2],
  ['blue-runner-2.tif', 'The name blue-runner is taken; the asset is called blue-runner-1', 19],
  ['sole.svg', 'External references were not loaded', 90],
] as const;

/** A log of 651 rows. */
export function mockLog({ level, text = '', page = 1, pageSize = 200, row, order }: LogQuery): LogPage {
  const warnings = WARNINGS.map(
    ([itemName, logMessage, seconds], index): LogRow => ({
      id: `w${index}`,
      level: 'warning',
      logType: 'UploadWarning',
      logMessage,
      assetName: itemName,
      dateCreated: at(seconds),
    }),
  );
  const others = Array.from(
    { length: 648 },
    (_, index): LogRow => ({
      id: `o${index}`,
      level: 'other',
      logType: 'UploadedFile',
      logMessage: `runner-${index}.tif uploaded`,
      assetName: `runner-${index}.tif`,
      dateCreated: at(118 - index / 6),
    }),
  );
  const all = order === 'latest' ? [...others, ...warnings].reverse() : [...warnings, ...others];
  const found = all.filter(
    (candidate) =>
      (level === undefined || candidate.level === level.replace(/s$/, '')) &&
      `${candidate.assetName} ${candidate.logMessage}`.toLowerCase().includes(text.toLowerCase()),
  );
  const place = row === undefined ? -1 : found.findIndex(({ id }) => id === row);
  const number = place === -1 ? page : Math.floor(place / pageSize) + 1;
  return {
    page: number,
    pageSize,
    total: found.length,
    rows: found.slice((number - 1) * pageSize, number * pageSize),
    counts: { all: 651, errors: 0, warnings: 3 },
    logTypes: [
      { logType: 'UploadWarning', count: 3 },
      { logType: 'UploadedFile', count: 648 },
    ],
    isTruncated: false,
  };
}

export function mockThroughput(): Throughput {
  const rates = [0.8, 3.9, 5.2, 4.8, 6, 5.6, 3.1, 5.4, 5.8, 6.2, 5.9, 5.7];
  let done = 0;
  return {
    unit: 'files',
    samples: rates.map((rate, index) => {
      done += Math.round(rate * 10);
      return { at: at(118 - index * 10), done, rate };
    }),
  };
}

export function mockAssets(): JobAssetsPage {
  const names = ['red-runner', 'blue-runner-1', 'sole', 'lace'];
  return {
    page: 1,
    pageSize: 60,
    total: names.length,
    assets: names.map((name, index) => ({
      assetHandle: `a|${index}`,
      name,
      assetType: 'Image',
      thumbnail: `/console/api/asset/image?handle=${index}`,
    })),
  };
}

export function mockXml(row: JobRow): JobXml {
  return {
    exchanges: [
      {
        operation: 'getActiveJobs',
        about: 'active',
        status: 200,
        at: at(1),
        request: `<getActiveJobsParam>\n  <companyHandle>c|6</companyHandle>\n  <jobHandle>${row.handle}</jobHandle>\n</getActiveJobsParam>`,
        response: '<getActiveJobsReturn>\n  <totalSize>9007199254740993</totalSize>\n</getActiveJobsReturn>',
      },
    ],
  };
}
