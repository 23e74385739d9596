// A console's host in memory, to work on pages and to show states that a real one has only for a moment. Never shipped.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Company } from '@ips-sdk/types';
import type {
  ApiProblem,
  CompanyRequest,
  ConsoleEvent,
  JobActionRequest,
  JobRow,
  JobsQuery,
  SessionInfo,
} from '../src/api/contract.ts';
import { HOSTILE } from './mock-assets.ts';
import { mockAssets, mockJobPage, mockLog, mockThroughput, mockXml } from './mock-job-page.ts';
import { MOCK_NOW, mockPage, mockRows, rowOf } from './mock-jobs.ts';
import { createMockPages, type MockPagesOptions } from './mock-pages.ts';

export interface MockOptions extends MockPagesOptions {
  readonly jobs?: number;
  readonly isLoggedIn?: boolean;
  readonly readOnly?: string;
  /** Every reading fails with it, except that of the session. */
  readonly problem?: ApiProblem['error'];
  readonly profiles?: SessionInfo['profiles'];
}

/** The mock, and what a test does to it. */
export interface MockConsole {
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  readonly rows: JobRow[];
  send(event: ConsoleEvent): void;
  /** Changes a row, or adds one at the top, and tells every viewer. */
  change(index: number, changes: Partial<JobRow>): void;
  add(changes: Partial<JobRow>): void;
  expire(): void;
  /** Ends all streams, and refuses new ones while `isDown`. */
  setDown(isDown: boolean): void;
  setProblem(problem: ApiProblem['error'] | undefined): void;
  readonly requests: string[];
}

const COMPANIES: readonly Company[] = [
  { companyHandle: 'c|6', name: 'MyCompany', rootPath: 'MyCompany/' },
  { companyHandle: 'c|7', name: 'OtherCompany', rootPath: 'OtherCompany/' },
];

export function createMockConsole(options: MockOptions = {}): MockConsole {
  const rows = mockRows(options.jobs ?? 9).map((row) => (options.isHostile === true ? hostile(row) : row));
  const pages = createMockPages(options);
  const streams = new Set<ServerResponse>();
  const requests: string[] = [];
  let isLoggedIn = options.isLoggedIn ?? true;
  let isDown = false;
  let { problem: failure } = options;
  let nextId = 1;
  let company = COMPANIES[0];

  const session = (): SessionInfo => ({
    isLoggedIn,
    csrf: isLoggedIn ? 'token' : '',
    profiles: options.profiles ?? [
      { name: 'this server', endpoint: 'http://127.0.0.1:8080/', hasCredentials: false, readOnly: false },
    ],
    profile: options.profiles?.[0]?.name ?? 'this server',
    service: {
      kind: 'own',
      endpoint: 'http://127.0.0.1:8080/',
      timeZone: 'America/Los_Angeles',
      now: new Date(MOCK_NOW).toISOString(),
      hasTestPanel: true,
      live: 'events',
      workers: 2,
    },
    readOnly: options.readOnly,
    version: '0.0.0',
    ...(isLoggedIn
      ? {
          user: { email: 'ann@example.com', role: 'TrialCompanyAdmin' },
          company,
          companies: COMPANIES,
          capabilities: {
            submitJobs: true,
            controlJobs: options.readOnly === undefined,
            uploadAssets: true,
            changeAssets: true,
            deleteAssets: true,
            publish: true,
            seeUsers: true,
            testPanel: true,
            smartCrops: true,
          },
        }
      : {}),
  });
  const send = (event: ConsoleEvent): void => {
    for (const stream of streams) stream.write(frame(event, nextId++));
  };
  const stages = () => mockPage(rows, {}).stages;
  const tell = (changed: readonly JobRow[], added: readonly string[]): void =>
    send({
      type: 'jobs',
      changed,
      added,
      removed: [],
      isPartial: false,
      stages: stages(),
      at: new Date().toISOString(),
    });

  async function answer(path: string, query: URLSearchParams, request: IncomingMessage): Promise<unknown> {
    const body = request.method === 'POST' ? await bodyOf(request) : {};
    if (path === 'login') {
      const { user, password } = body as { user?: string; password?: string };
      if (password === 'wrong')
        throw problem('credentials', `the service refused the login of ${user}: invalid user or password`);
      isLoggedIn = true;
      return session();
    }
    if (path === 'session') return session();
    if (!isLoggedIn) throw problem('login', 'log in first');
    if (path === 'logout') {
      isLoggedIn = false;
      return session();
    }
    if (path === 'company') {
      company = COMPANIES.find(
        ({ companyHandle }) => companyHandle === (body as CompanyRequest).companyHandle,
      );
      return session();
    }
    if (failure !== undefined) throw { error: failure };
    const other = pages(path, query, request.method === 'POST' ? body : undefined);
    if (other !== undefined) return other;
    const handle = query.get('handle') ?? '';
    const row = rows.find((candidate) => candidate.handle === handle);
    switch (path) {
      case 'jobs':
        return mockPage(rows, jobsQueryOf(query));
      case 'jobs/facets':
        return {
          types: [...new Map(rows.slice(0, 20).map(({ type, typeLabel }) => [type, typeLabel]))].map(
            ([type, label]) => ({ type, label }),
          ),
          users: ['ann@example.com', 'bob@example.com'],
          servers: ['ips-worker-1', 'ips-worker-2'],
        };
      case 'job/actions': {
        const { action, handles } = body as JobActionRequest;
        const outcomes = handles.map((acted, index) => ({
          handle: acted,
          ok: index !== 1,
          message:
            index === 1
              ? 'the service refused it: the job has ended'
              : action === 'stop'
                ? 'stopped'
                : 'done',
        }));
        return {
          outcomes,
          summary: `${action}: ${outcomes.filter(({ ok }) => ok).length} of ${outcomes.length} jobs`,
        };
      }
      case 'job/log':
        return mockLog({
          ...(Object.fromEntries(query) as object),
          handle,
          page: Number(query.get('page') ?? 1),
        });
      case 'job/assets':
        return mockAssets();
      case 'job/throughput':
        return mockThroughput();
      default:
    }
    if (row === undefined) throw problem('notFound', `the service has no job ${handle}`);
    if (path === 'job') return mockJobPage(row, rows.slice(6, 8));
    if (path === 'job/xml') return mockXml(row);
    throw problem('notFound', `the mock has no ${path}`);
  }

  return {
    rows,
    requests,
    send,
    change: (index, changes) => {
      const before = rows[index];
      if (before === undefined) throw new Error(`the mock has no row ${index}`);
      const row = { ...before, ...changes, revision: String(Number(before.revision) + 1) };
      rows[index] = row;
      tell([row], []);
    },
    add: (changes) => {
      const row = rowOf(0, { handle: `new|${rows.length}`, ...changes });
      rows.unshift(row);
      tell([row], [row.handle]);
    },
    expire: () => {
      isLoggedIn = false;
      send({ type: 'session', reason: 'expired' });
    },
    setProblem: (next) => {
      failure = next;
    },
    setDown: (next) => {
      isDown = next;
      if (isDown) for (const stream of streams) stream.destroy();
    },
    handle: async (request, response) => {
      const url = new URL(request.url ?? '/', 'http://mock.invalid');
      if (!url.pathname.startsWith('/console/api/')) return false;
      const path = url.pathname.slice('/console/api/'.length);
      requests.push(`${request.method} ${path}${url.search}`);
      if (isDown) {
        request.socket.destroy();
        return true;
      }
      if (path === 'asset/image') {
        response
          .writeHead(200, { 'content-type': 'image/svg+xml' })
          .end(pictureOf(url.searchParams.get('handle') ?? ''));
        return true;
      }
      if (path === 'events' && isLoggedIn) {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        response.write(frame({ type: 'hello', isComplete: false, at: new Date().toISOString() }, nextId++));
        streams.add(response);
        response.on('close', () => streams.delete(response));
        return true;
      }
      try {
        json(response, 200, await answer(path, url.searchParams, request));
      } catch (error) {
        const given = isProblem(error) ? error : problem('internal', String(error));
        const { code } = given.error;
        json(response, { login: 401, credentials: 401, notFound: 404 }[code as string] ?? 502, given);
      }
      return true;
    },
  };
}

function hostile(row: JobRow): JobRow {
  return { ...row, originalName: HOSTILE, detail: HOSTILE, destination: HOSTILE, serverName: HOSTILE };
}

/** Whether the mock means it; anything else is a question that it cannot answer. */
function isProblem(error: unknown): error is ApiProblem {
  return typeof error === 'object' && error !== null && 'error' in error;
}

function problem(code: ApiProblem['error']['code'], message: string): ApiProblem {
  return { error: { code, message } };
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function frame(event: ConsoleEvent, id: number): string {
  return `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function jobsQueryOf(query: URLSearchParams): JobsQuery {
  const list = (name: string) => (query.has(name) ? query.getAll(name) : undefined);
  return {
    ...Object.fromEntries(query),
    state: list('state'),
    type: list('type'),
    user: list('user'),
    page: Number(query.get('page') ?? 1),
    pageSize: Number(query.get('pageSize') ?? 100),
  } as JobsQuery;
}

function pictureOf(handle: string): string {
  const colour = ['#c7553d', '#568b88', '#f28e3c', '#92b5bd'][Number(handle)] ?? '#888';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="160"><rect width="160" height="160" fill="${colour}"/></svg>`;
}
