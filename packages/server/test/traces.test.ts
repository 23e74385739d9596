// One trace joins a call, its submission, the run of the job, its items and its notification, across processes.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SubmitJobParam } from '@ips-sdk/types';
import { codec } from '@ips-sdk/wire';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createIpsServer } from '../src/create-server.js';
import { post, requestXml } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { plain, RED } from './support/pictures.js';
import { ADMIN, type ServerProcess, startServer } from './support/server-process.js';
import { freshDatabase } from './support/test-database.js';
import { type CollectedSpan, collectTraces, type TraceCollector } from './support/trace-collector.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const traceparent = `00-${TRACE}-${CALLER}-01`;
const companyHandle = 'c|6';

/** Lists the modules that a process loads, on its standard error. */
const LIST_MODULES = `data:text/javascript,${encodeURIComponent(
  "import { registerHooks } from 'node:module';registerHooks({ load(url, context, next) { process.stderr.write('loaded ' + url + '\\n'); return next(url, context); } });",
)}`;

let root: string;
let files: FileServer;
let collector: TraceCollector;
/** The headers of notifications. */
const notified: IncomingHttpHeaders[] = [];
const hook = createServer((request, response) => {
  notified.push(request.headers);
  request.resume().on('end', () => response.end());
});

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ips-traces-'));
  files = await serveFiles({ '/red.png': await plain(20, 10, RED).png().toBuffer() });
  collector = await collectTraces();
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  vi.unstubAllEnvs();
  notified.length = 0;
});
afterAll(async () => {
  await collector.close();
  await files.close();
  hook.closeAllConnections();
  hook.close();
  rmSync(root, { recursive: true, force: true });
});

const exporting = (endpoint = collector.url): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=shoes',
  OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  OTEL_BSP_SCHEDULE_DELAY: '20',
});

/** An upload of two files, of which one does not exist, with a notification. */
function upload(jobName: string, more: Partial<SubmitJobParam> = {}): SubmitJobParam {
  const urlOf = (path: string): string => `${files.url.replace('://', '://ann:hidden-word@')}/${path}`;
  return {
    companyHandle,
    jobName,
    ...more,
    uploadUrlsJob: {
      urlArray: ['red.png', 'missing.png?key=hidden-word'].map((path, at) => ({
        sourceUrl: urlOf(path),
        destPath: `SampleCompany/${jobName}/${at}.png`,
      })),
      overwrite: true,
      readyForPublish: false,
      createMask: false,
      emailSetting: 'None',
      postHttpUrl: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/done?token=hidden-word`,
    },
  };
}

async function submit(
  url: string,
  input: SubmitJobParam,
  headers: Record<string, string> = {},
): Promise<void> {
  const header = { user: ADMIN.email, password: ADMIN.password, appName: 'tests', appVersion: '1' };
  const { body, status } = await post(url, requestXml('submitJob', input, { header }), {
    operation: 'submitJob',
    headers,
  });
  codec.decodeResponse('submitJob', body, { strict: true, httpStatus: status });
}

/** The spans of a trace, once its notification has been delivered. */
async function traceOf(traceId: string) {
  const delivery = await collector.find((span) => span.traceId === traceId && span.name === 'POST');
  const named = (name: string) => collector.find((span) => span.traceId === traceId && span.name === name);
  const call = await named('IpsApiService/submitJob');
  const submission = await named('submit uploadUrlsJob');
  const run = await named('run uploadUrlsJob');
  const items = collector.spans.filter((span) => span.traceId === traceId && span.name === 'item');
  return { call, submission, run, items, delivery };
}

const parentOf = ({ parentSpanId }: CollectedSpan) => parentSpanId;

/** Expects the chain from the caller to the notification. */
function expectChain(
  { call, submission, run, items, delivery }: Awaited<ReturnType<typeof traceOf>>,
  traceId = TRACE,
): void {
  expect(parentOf(call)).toBe(CALLER);
  expect(parentOf(submission)).toBe(call.spanId);
  expect(parentOf(run)).toBe(submission.spanId);
  expect(items.map(parentOf)).toEqual([run.spanId, run.spanId]);
  expect(parentOf(delivery)).toBe(run.spanId);
  expect([call, submission, run, delivery].map(({ kind }) => kind)).toEqual([2, 4, 5, 3]);
  expect(call.attributes).toEqual({
    'rpc.system.name': 'ips',
    'rpc.method': 'IpsApiService/submitJob',
    'rpc.response.status_code': 'ok',
  });
  expect(run.attributes).toMatchObject({ 'ips.job.kind': 'uploadUrlsJob', 'ips.run.outcome': 'done' });
  expect(Number(run.attributes['ips.run.items'])).toBe(2);
  expect(items.map((item) => [item.attributes['ips.item.outcome'], item.isFailed]).sort()).toEqual([
    ['error', true],
    ['success', false],
  ]);
  expect(delivery.attributes).toMatchObject({ 'server.address': '127.0.0.1' });
  expect(notified.map((headers) => headers['traceparent'])).toEqual([`00-${traceId}-${delivery.spanId}-01`]);
}

describe('one trace from the call to the notification', () => {
  it('in one process, without secrets', async () => {
    for (const [name, value] of Object.entries(exporting())) vi.stubEnv(name, value);
    const server = await createIpsServer({
      traces: true,
      allowPrivateAddresses: true,
      admin: ADMIN,
      serverName: 'alone',
    });
    try {
      await submit(server.url, upload('Traced'), { traceparent, tracestate: 'vendor=1' });
      expectChain(await traceOf(TRACE));
      expect(notified.map((headers) => headers['tracestate'])).toEqual(['vendor=1']);
    } finally {
      await server.stop();
    }
    const [request] = collector.requests;
    expect(request).toMatchObject({ path: '/v1/traces', tenant: 'shoes' });
    expect(collector.spans[0]?.resource).toMatchObject({
      'service.name': 'ips-server',
      'service.instance.id': 'alone',
      'deployment.environment.name': 'test',
    });
    const sent = Buffer.concat(collector.requests.map(({ body }) => body)).toString('utf8');
    for (const secret of [ADMIN.password, 'hidden-word', ADMIN.email]) expect(sent).not.toContain(secret);
  });

  it('of a schedule: each run has a trace of its own, with a link to the submission', async () => {
    for (const [name, value] of Object.entries(exporting())) vi.stubEnv(name, value);
    const server = await createIpsServer({
      traces: true,
      allowPrivateAddresses: true,
      admin: ADMIN,
      jobClock: 'manual',
      now: new Date('2026-03-01T00:00:30Z'),
      timeZone: 'UTC',
    });
    const trace = TRACE.replace('4', '5');
    try {
      await submit(server.url, upload('Hourly', { execSchedule: '0 0 * * * ?' }), {
        traceparent: `00-${trace}-${CALLER}-01`,
      });
      const submission = await collector.find(
        ({ traceId, name }) => traceId === trace && name === 'submit uploadUrlsJob',
      );
      await server.clock.advance(2 * 3_600_000);
      const isFiring = ({ name, links }: CollectedSpan) =>
        name === 'fire uploadUrlsJob' && links.some(({ spanId }) => spanId === submission.spanId);
      await vi.waitFor(() => expect(collector.spans.filter(isFiring)).toHaveLength(2));
      const firings = collector.spans.filter(isFiring);
      expect(new Set([trace, ...firings.map(({ traceId }) => traceId)]).size).toBe(3);
      for (const firing of firings) {
        const run = await collector.find(
          ({ name, parentSpanId }) => name === 'run uploadUrlsJob' && parentSpanId === firing.spanId,
        );
        expect(run.traceId).toBe(firing.traceId);
      }
    } finally {
      await server.stop();
    }
  });

  it('across processes: one accepts the calls, another runs the jobs', async (context) => {
    const { url, drop } = await freshDatabase(context);
    const data = mkdtempSync(join(root, 'shared-'));
    const processes: ServerProcess[] = [];
    try {
      for (const role of ['api', 'worker'])
        processes.push(
          await startServer(
            [
              role,
              ...['--data', data, '--database-url', url, '--server-name', `the ${role}`, '--allow-private'],
              ...['--public-url', 'http://images.example.com'],
            ],
            exporting(),
          ),
        );
      const trace = TRACE.replace('4', '6');
      await submit(processes[0]?.url ?? '', upload('Shared'), {
        traceparent: `00-${trace}-${CALLER}-01`,
      });
      const found = await traceOf(trace);
      expectChain(found, trace);
      const processOf = ({ resource }: CollectedSpan) => resource['service.instance.id'];
      expect([found.call, found.submission].map(processOf)).toEqual(['the api', 'the api']);
      const ofWorker = [found.run, ...found.items, found.delivery];
      expect(new Set(ofWorker.map(processOf))).toEqual(new Set(['the worker']));
    } finally {
      for (const each of processes) await each.end('SIGTERM');
      await drop();
    }
  });
});

describe('what is not exported', () => {
  it('costs nothing without a configuration: no module of OpenTelemetry is loaded', async () => {
    const loaded = async (environment: Record<string, string>): Promise<string[]> => {
      const data = mkdtempSync(join(root, 'modules-'));
      const server = await startServer(['--data', data, '--no-console'], {
        NODE_OPTIONS: `--import ${LIST_MODULES}`,
        ...environment,
      });
      await server.end('SIGTERM');
      return server.logLines.filter((line) => line.startsWith('loaded '));
    };
    const without = await loaded({});
    expect(without.filter((line) => line.includes('server/dist/bundle/')).length).toBeGreaterThan(1);
    expect(without.filter((line) => /telemetry/.test(line))).toEqual([]);
    const configured = await loaded(exporting());
    expect(configured.filter((line) => /telemetry/.test(line))).toHaveLength(1);
  });

  it('an unreachable collector delays no call and no stop, and is reported', async () => {
    for (const [name, value] of Object.entries(exporting('http://127.0.0.1:1'))) vi.stubEnv(name, value);
    vi.stubEnv('OTEL_BSP_MAX_QUEUE_SIZE', '4');
    const server = await createIpsServer({
      traces: true,
      allowPrivateAddresses: true,
      admin: ADMIN,
      jobClock: 'instant',
    });
    try {
      for (let number = 0; number < 5; number += 1) await submit(server.url, upload(`Alone${number}`));
      await vi.waitFor(
        async () => {
          const text = await (await fetch(`${server.url}/metrics`)).text();
          expect(Number(/ips_trace_spans_total\{outcome="failed"\} (\d+)/.exec(text)?.[1])).toBeGreaterThan(
            0,
          );
        },
        { timeout: 60_000 },
      );
    } finally {
      await server.stop();
    }
    expect(notified.length).toBeGreaterThan(0);
  });
});
