import type {
  JournalEntry,
  OverviewPage,
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
import { MOCK_NOW, mockRows } from './mock-jobs.ts';
import { mockPermissions, REFUSED } from './mock-permissions.ts';
import { fireTimes, mockCheck, mockKinds, mockSchedules } from './mock-submit.ts';
import { beginUpload, receive } from './mock-uploads.ts';

export interface MockPagesOptions {
  /** There is nothing: no schedule, no asset, no mail. */
  readonly isEmpty?: boolean;
  readonly assets?: number;
  /** Names and texts try to be scripts. */
  readonly isHostile?: boolean;
  /** The role may not read groups. */
  readonly refusesPermissions?: boolean;
}

const MINUTE = 60_000;
const moment = (offset: number): string => new Date(MOCK_NOW + offset).toISOString();

/** Answers for the pages beside jobs; `undefined` for a path that none of them asks for. */
export function createMockPages({
  isEmpty = false,
  assets = 300,
  isHostile = false,
  refusesPermissions = false,
}: MockPagesOptions = {}) {
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
      case 'permissions':
        return refusesPermissions ? REFUSED : mockPermissions(query, isEmpty, isHostile);
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
