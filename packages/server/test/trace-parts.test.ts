// The parts of traces without a server: what the environment says, how many items have spans, and both protocols.
import pino from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ItemSpans } from '../src/jobs/item-spans.js';
import { Metrics } from '../src/metrics.js';
import { openTraces } from '../src/traces/open-traces.js';
import { traceSettings } from '../src/traces/trace-settings.js';
import { noTraces, type TraceSpan, type Traces, traced } from '../src/traces/traces.js';
import { collectTraces } from './support/trace-collector.js';

afterEach(() => void vi.unstubAllEnvs());

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };

describe('the environment', () => {
  it.each([
    ['nothing', {}],
    ['OTEL_SDK_DISABLED', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    ['OTEL_TRACES_EXPORTER=none', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
    ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
    ['a protocol without an endpoint', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }],
  ])('%s means no traces', (_name, environment) => {
    expect(traceSettings(environment)).toEqual({ settings: undefined, unused: [] });
  });

  it('an endpoint has the defaults of OpenTelemetry', () => {
    expect(traceSettings(ENDPOINT)).toEqual({
      unused: [],
      settings: {
        protocol: 'http/protobuf',
        sampler: 'parentbased_always_on',
        ratio: 1,
        batches: {
          maxQueueSize: 2048,
          maxExportBatchSize: 512,
          scheduledDelayMillis: 5000,
          exportTimeoutMillis: 30_000,
        },
      },
    });
  });

  it('names for traces come before those for all signals', () => {
    const { settings } = traceSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'not a URL',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector.example.com/v1/traces',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
    });
    expect(settings).toMatchObject({
      protocol: 'http/json',
      sampler: 'parentbased_traceidratio',
      ratio: 0.25,
      batches: { maxQueueSize: 10, maxExportBatchSize: 10 },
    });
  });

  it.each([
    [{ OTEL_TRACES_SAMPLER: 'some' }, 'OTEL_TRACES_SAMPLER', true],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG', true],
    [{ OTEL_BSP_MAX_QUEUE_SIZE: '0' }, 'OTEL_BSP_MAX_QUEUE_SIZE', true],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL', false],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER', false],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'ftp://a' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', false],
  ])('%o is reported', async (environment, name, isOn) => {
    const { settings, unused } = traceSettings({ ...ENDPOINT, ...environment });
    expect([settings !== undefined, unused.map((each) => each.name)]).toEqual([isOn, [name]]);
  });

  it('a report names variable, value and expectation, but no URL', async () => {
    const lines: string[] = [];
    const log = pino(
      {},
      { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) },
    );
    const process = { serverName: 'one', version: '1', log, metrics: new Metrics() };
    await openTraces({ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, process);
    await openTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://ann:secret@host' }, process);
    expect(lines).toEqual([
      'OTEL_EXPORTER_OTLP_PROTOCOL: found grpc, expected http/protobuf, http/json; there are no traces',
      'OTEL_EXPORTER_OTLP_ENDPOINT: found a URL, expected a URL such as http://localhost:4318; there are no traces',
    ]);
  });
});

describe.each(['http/protobuf', 'http/json'])('the protocol %s', (protocol) => {
  it('reaches the collector, at the latest when the server stops', async () => {
    const collector = await collectTraces();
    vi.stubEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', `${collector.url}/own/path`);
    vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', protocol);
    const metrics = new Metrics();
    const traces = await openTraces(process.env, {
      serverName: 'one',
      version: '1',
      log: pino({ level: 'silent' }),
      metrics,
    });
    let traceId = '';
    await traced(traces, 'work', {}, async () => {
      traceId = traces.here()?.traceparent?.split('-')[1] ?? '';
    });
    await traces.close();
    await collector.close();
    const [request] = collector.requests;
    expect([request?.path, request?.type]).toEqual([
      '/own/path',
      protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    ]);
    expect(traceId).toMatch(/^[\da-f]{32}$/);
    const sought = protocol === 'http/json' ? Buffer.from(traceId) : Buffer.from(traceId, 'hex');
    expect(request?.body.includes(sought)).toBe(true);
    expect(await metrics.registry.metrics()).toContain('ips_trace_spans_total{outcome="exported"} 1');
  });
});

describe('the sampler', () => {
  it('decides for traces that begin here, and follows the caller in others', async () => {
    const collector = await collectTraces();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
    vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json');
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'parentbased_always_off');
    const traces = await openTraces(process.env, {
      serverName: 'one',
      version: '1',
      log: pino({ level: 'silent' }),
      metrics: new Metrics(),
    });
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await traced(traces, 'not sampled', {}, async () => undefined);
    await traces.continued({ traceparent }, () => traced(traces, 'sampled', {}, async () => undefined));
    // An invalid header begins a trace.
    await traces.continued({ traceparent: 'nonsense' }, () =>
      traced(traces, 'invalid', {}, async () => undefined),
    );
    await traces.close();
    await collector.close();
    expect(collector.spans.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
      ['sampled', 'b'.repeat(16)],
    ]);
  });
});

describe('items of a run', () => {
  it('have at most 100 spans, and 100 more for failures', () => {
    const names: string[] = [];
    let attributes: object = {};
    const spanNamed = (name: string): TraceSpan => ({
      set: (given) => {
        if (name === 'run') attributes = given;
      },
      fail: () => undefined,
      within: (work) => work(),
      headers: () => ({}),
      end: () => void names.push(name),
    });
    const traces: Traces = {
      ...noTraces,
      isOn: true,
      begin: (_name, options) => spanNamed(String(options?.attributes?.['ips.item.number'])),
    };
    const spans = new ItemSpans(traces, spanNamed('run'));
    for (let number = 1; number <= 1000; number += 1) {
      const span = spans.begin();
      const outcome = number % 2 === 0 ? 'error' : 'success';
      span.end({ outcome, rows: [] });
      span.end(undefined);
    }
    spans.end();
    expect(names).toEqual([
      ...Array.from({ length: 100 }, (_, at) => String(at + 1)),
      ...Array.from({ length: 100 }, (_, at) => String(102 + 2 * at)),
    ]);
    expect(attributes).toEqual({ 'ips.run.items': 1000 });
  });
});
