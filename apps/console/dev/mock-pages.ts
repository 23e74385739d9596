import { readFileSync } from 'node:fs';
import type {
  FireTime,
  JobKindsAnswer,
  JournalEntry,
  OverviewPage,
  SchedulesPage,
  SubmitCheck,
  SubmitRequest,
  TestState,
  UploadRequest,
  UploadState,
} from '../src/api/contract.ts';
import {
  HOSTILE,
  mockAssetPage,
  mockAssetsPage,
  mockFolders,
  mockPreview,
  mockPublish,
} from './mock-assets.ts';
import { MOCK_NOW, mockRows, rowOf } from './mock-jobs.ts';

export interface MockPagesOptions {
  /** There is nothing: no schedule, no asset, no mail. */
  readonly isEmpty?: boolean;
  readonly assets?: number;
  /** Names and texts try to be scripts. */
  readonly isHostile?: boolean;
}

const MINUTE = 60_000;
const moment = (offset: number): string => new Date(MOCK_NOW + offset).toISOString();

/** Answers for the pages beside jobs; `undefined` for a path that none of them asks for. */
export function createMockPages({ isEmpty = false, assets = 300, isHostile = false }: MockPagesOptions = {}) {
  let upload: UploadState | undefined;
  let clock = MOCK_NOW;
  let chaos: TestState['chaos'] = isEmpty ? {} : { latency: 200, fault: 0.05 };
  const total = isEmpty ? 0 : assets;
  const text = (words: string): string => (isHostile ? HOSTILE : words);
  const state = (): TestState => ({
    clock: { mode: 'manual', now: new Date(clock).toISOString() },
    chaos,
    mails: isEmpty ? 0 : 2,
    notifications: isEmpty ? 0 : 1,
    journal: isEmpty ? 0 : 3,
    shell: ['curl -X POST http://127.0.0.1:8080/admin/clock -d \'{"advance": 3600000}\''],
  });

  return (path: string, query: URLSearchParams, body: unknown): unknown => {
    const handle = query.get('handle') ?? '';
    const paging = { page: 1, pageSize: 50 };
    switch (path) {
      case 'kinds':
        return mockKinds();
      case 'submit/check':
        return mockCheck(body as SubmitRequest);
      case 'submit':
        return { jobHandle: mockRows(1)[0]?.handle ?? '', jobName: (body as SubmitRequest).jobName ?? 'Job' };
      case 'schedules':
        return mockSchedules(isEmpty);
      case 'schedules/preview': {
        const { execSchedule } = body as { execSchedule: string };
        return execSchedule.split(' ').length < 6
          ? {
              error: `execSchedule: expected 6 or 7 fields, found ${execSchedule}`,
              serviceZone: 'America/Los_Angeles',
              viewerZone: 'Europe/Berlin',
              times: [],
            }
          : {
              description: 'every day at 02:00',
              serviceZone: 'America/Los_Angeles',
              viewerZone: 'Europe/Berlin',
              times: fireTimes(),
            };
      }
      case 'schedules/edit':
        return { jobHandle: 'new', deletion: { handle: 'old', ok: true, message: 'deleted' } };
      case 'folders':
        return body !== undefined
          ? { outcome: { handle: 'f|MyCompany/New/', ok: true, message: 'created' } }
          : mockFolders(query.get('path') ?? '', isHostile);
      case 'assets':
        return mockAssetsPage(query, total, isHostile);
      case 'asset':
        return mockAssetPage(handle, isHostile);
      case 'asset/preview':
        return mockPreview(handle, query.get('commands') ?? '');
      case 'assets/actions':
      case 'assets/metadata':
      case 'assets/crops': {
        const { handles = ['a|0'], action = 'saved' } = body as { handles?: string[]; action?: string };
        const outcomes = handles.map((one) => ({ handle: one, ok: true, message: 'done' }));
        return { outcomes, summary: `${action}: ${outcomes.length} of ${outcomes.length}` };
      }
      case 'uploads':
        if (body !== undefined) upload = beginUpload(body as UploadRequest);
        return upload;
      case 'uploads/chunk':
        upload = upload === undefined ? undefined : receive(upload, query);
        return upload;
      case 'uploads/cancel':
        return upload === undefined ? undefined : { ...upload, phase: 'cancelled' };
      case 'publish':
        return mockPublish(isEmpty);
      case 'overview':
        return mockOverview(isEmpty);
      case 'test':
        return state();
      case 'test/clock':
        clock += (body as { advance?: number }).advance ?? 0;
        return state();
      case 'test/chaos':
        chaos = body as TestState['chaos'];
        return state();
      case 'test/seed':
      case 'test/reset':
        return state();
      case 'test/mails':
        return {
          ...paging,
          total: isEmpty ? 0 : 2,
          mails: isEmpty
            ? []
            : ['kept', 'the mail server refused it: 550'].map((outcome, index) => ({
                id: String(index),
                recipient: 'ann@example.com',
                subject: text('Spring shoes: 14 files failed'),
                body: text('14 of 412 files failed.\nSee the log for the reasons.'),
                createdAt: moment(-index * 7 * MINUTE),
                outcome,
              })),
        };
      case 'test/notifications':
        return {
          ...paging,
          total: isEmpty ? 0 : 1,
          notifications: isEmpty
            ? []
            : [
                {
                  id: '1',
                  kind: 'http',
                  target: isHostile ? 'javascript:alert(1)' : 'https://hooks.example.com/ips',
                  about: text('Spring shoes'),
                  body: text('{"jobName":"Spring shoes"}'),
                  createdAt: moment(-3 * MINUTE),
                  attempts: 2,
                  status: 'waiting',
                  dueAt: moment(MINUTE),
                },
              ],
        };
      case 'test/journal':
        return { ...paging, total: isEmpty ? 0 : 3, capacity: 1000, entries: isEmpty ? [] : journal(text) };
      case 'test/journal/entry':
        return {
          ...journal(text)[0],
          request: text('<submitJobParam>\n  <jobName>Spring shoes</jobName>\n</submitJobParam>'),
          response: text('<submitJobReturn/>'),
          isTruncated: false,
        };
      default:
        return undefined;
    }
  };
}

function mockKinds(): JobKindsAnswer {
  const file = new URL('../../../packages/types/schema/ips.json', import.meta.url);
  // The file is generated, and has this form.
  const { definitions } = JSON.parse(readFileSync(file, 'utf8').replaceAll('#/definitions/', '#/$defs/')) as {
    definitions: JobKindsAnswer['$defs'];
  };
  const kind = (
    name: JobKindsAnswer['kinds'][number]['kind'],
    label: string,
    schema: string,
    example: object,
    isAllowed = true,
  ) => ({
    kind: name,
    label,
    description: 'uploads files that the service fetches',
    type: label,
    schema,
    example: { ...example },
    isAllowed,
  });
  return {
    $defs: definitions,
    kinds: [
      kind('uploadUrlsJob', 'URL upload', 'UploadUrlsJob', {
        urlArray: [
          {
            sourceUrl: 'https://images.example.com/red-runner.tif',
            destPath: 'MyCompany/Shoes/red-runner.tif',
          },
        ],
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
      }),
      kind('imageServingPublishJob', 'Image publish', 'ImageServingPublishJob', {
        publishType: 'Incremental',
        emailSetting: 'None',
      }),
      kind('exportJob', 'Export', 'ExportJob', {
        assetHandleArray: ['a|1'],
        fmt: 'orig',
        emailSetting: 'None',
      }),
      kind('videoPublishJob', 'Video publish', 'VideoPublishJob', {}, false),
    ],
  };
}

function mockCheck(request: SubmitRequest): SubmitCheck {
  const urls = (request.details as { urlArray?: { sourceUrl?: string }[] }).urlArray ?? [];
  const issues = urls.flatMap(({ sourceUrl = '' }, index) =>
    sourceUrl.startsWith('http')
      ? []
      : [
          {
            path: `uploadUrlsJob.urlArray[${index}].sourceUrl`,
            message: `expected a URL, found ${sourceUrl}`,
            severity: 'error' as const,
          },
        ],
  );
  return {
    issues,
    xml:
      issues.length > 0
        ? undefined
        : `<submitJobParam>\n  <jobName>${request.jobName ?? 'Job'}</jobName>\n  <${request.kind}/>\n</submitJobParam>`,
    shell: `ips job submit - <<'END'\n${JSON.stringify(request.details, undefined, 2)}\nEND`,
    typescript: `await client.jobs.submit({\n  ${request.kind}: ${JSON.stringify(request.details)},\n});`,
  };
}

function fireTimes(): FireTime[] {
  return [
    {
      at: '2026-10-31T09:00:00Z',
      inServiceZone: '2026-10-31T02:00:00-07:00',
      inViewerZone: '2026-10-31T10:00:00+01:00',
    },
    {
      at: '2026-11-01T10:00:00Z',
      inServiceZone: '2026-11-01T02:00:00-08:00',
      inViewerZone: '2026-11-01T11:00:00+01:00',
      dst: 'fallBack',
      dstNote: 'clocks went back 1 h',
    },
    {
      at: '2026-11-02T10:00:00Z',
      inServiceZone: '2026-11-02T02:00:00-08:00',
      inViewerZone: '2026-11-02T11:00:00+01:00',
    },
  ];
}

function mockSchedules(isEmpty: boolean): SchedulesPage {
  const [lastRun] = mockRows(9).filter(({ stage }) => stage === 'completed');
  const schedule = (originalName: string, isPaused: boolean): SchedulesPage['schedules'][number] => ({
    job: rowOf(3, {
      handle: `t|${originalName}`,
      originalName,
      stage: 'scheduled',
      ...(isPaused ? { state: 'paused', label: 'Paused', tone: 'warn' } : {}),
      actions: [isPaused ? 'resume' : 'pause', 'runNow', 'delete'],
    }),
    execSchedule: '0 0 2 * * ?',
    description: 'every day at 02:00',
    timeZone: 'America/Los_Angeles',
    triggerState: isPaused ? 'Paused' : 'Normal',
    next: fireTimes(),
    lastRun,
    details: { kind: 'imageServingPublishJob', details: {} },
  });
  return {
    schedules: isEmpty ? [] : [schedule('Nightly publish', false), schedule('Weekly export', true)],
    serviceZone: 'America/Los_Angeles',
    shell: 'ips job list --only scheduled',
  };
}

function mockOverview(isEmpty: boolean): OverviewPage {
  const rows = isEmpty ? [] : mockRows(9);
  const samples = isEmpty ? [] : Array.from({ length: 48 }, (_, index) => index);
  return {
    at: moment(-20_000),
    active: rows.filter(({ stage }) => stage === 'active'),
    failures: rows.filter(({ state }) => state === 'failed' || state === 'fatal'),
    failures24h: { jobs: isEmpty ? 0 : 1, files: isEmpty ? 0 : 14 },
    completed24h: isEmpty ? 0 : 1284,
    throughput: samples.map((index) => ({
      at: moment((index - 48) * 5 * MINUTE),
      jobs: 2 + (index % 4),
      files: Math.round(120 + 80 * Math.sin(index / 5)),
    })),
    queueDepth: samples.map((index) => ({
      at: moment((index - 48) * 5 * MINUTE),
      waiting: Math.max(0, Math.round(6 * Math.sin(index / 7))),
      running: 2,
    })),
    schedulesDue: rows.filter(({ stage }) => stage === 'scheduled'),
    disk: [{ label: 'Assets of MyCompany', used: 212_000_000_000, free: 88_000_000_000, imageCount: 18_022 }],
    assetCounts: isEmpty
      ? []
      : [
          { assetType: 'Image', count: 18_022 },
          { assetType: 'Pdf', count: 97 },
        ],
    workers: [
      { serverName: 'ips-worker-1', running: 2, seenAt: moment(-4000), isAlive: true },
      { serverName: 'ips-worker-2', running: 0, seenAt: moment(-40 * MINUTE), isAlive: false },
    ],
    metrics: [{ name: 'ips_jobs_total', value: 1284 }],
    missing: [],
  };
}

function journal(text: (words: string) => string): JournalEntry[] {
  return ['submitJob', 'getActiveJobs', 'searchAssets'].map((operation, index) => ({
    id: String(index),
    at: moment(-index * 1500),
    operation,
    transport: 'soap',
    status: index === 2 ? 500 : 200,
    ...(index === 2 ? { fault: { code: 20003, reason: text('access denied') } } : {}),
    duration: 12.4 + index,
    user: 'ann@example.com',
  }));
}

function beginUpload({ files, jobName = 'Upload' }: UploadRequest): UploadState {
  return {
    id: 'u1',
    phase: 'receiving',
    chunkBytes: 65_536,
    files: files.map((file) => ({
      ...file,
      received: 0,
      status: file.size === 0 ? 'received' : 'receiving',
      warnings: [],
    })),
    received: 0,
    total: files.reduce((sum, { size }) => sum + size, 0),
    jobName,
    expires: moment(24 * 60 * MINUTE),
  };
}

function receive(state: UploadState, query: URLSearchParams): UploadState {
  const index = Number(query.get('file'));
  const files = state.files.map((file, place) => {
    if (place !== index) return file;
    const received = Math.min(file.size, Number(query.get('offset')) + state.chunkBytes);
    return { ...file, received, status: received === file.size ? ('succeeded' as const) : file.status };
  });
  const received = files.reduce((sum, file) => sum + file.received, 0);
  return {
    ...state,
    files,
    received,
    phase: received === state.total ? 'done' : 'receiving',
    jobHandle: mockRows(1)[0]?.handle,
  };
}
