// The only file that imports OpenTelemetry. It is loaded when traces are configured, and only then.
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TraceSettings } from './trace-settings.js';
import type { TracedProcess } from './traced-process.js';
import type { SpanAttributes, SpanOptions, TraceCarrier, TraceSpan, Traces } from './traces.js';

/** Milliseconds that a stop waits for the last export. */
const LAST_EXPORT = 2000;

/** Milliseconds between reports that spans are not exported. */
const REPORT_INTERVAL = 60_000;

/** Maximum length of an attribute. */
const MAX_TEXT = 1000;

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const propagator = new W3CTraceContextPropagator();

/** Records spans with the SDK of OpenTelemetry. It registers nothing globally: a process can have several servers. */
export class OpenTelemetryTraces implements Traces {
  readonly isOn = true;
  readonly #current = new AsyncLocalStorage<Context>();
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;

  constructor({ protocol, sampler, ratio, batches }: TraceSettings, process: TracedProcess) {
    const { serverName, version } = process;
    // The exporters read endpoint, headers, timeout, compression and certificates from the environment.
    const exporter = protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter();
    this.#provider = new TracerProvider({
      // What the environment says replaces what the server says of itself.
      resource: resourceFromAttributes({
        'service.name': 'ips-server',
        'service.version': version,
        'service.instance.id': serverName,
      }).merge(detectResources({ detectors: [envDetector] })),
      sampler: samplerOf(sampler, ratio),
      spanLimits: { attributeValueLengthLimit: MAX_TEXT },
      spanProcessors: [
        new BatchSpanProcessor({ exporter: new ReportingExporter(exporter, process), ...batches }),
      ],
    });
    this.#tracer = this.#provider.getTracer('@ips-sdk/server', version);
  }

  continued<T>(headers: Readonly<Record<string, unknown>>, work: () => T): T {
    const { traceparent, tracestate } = headers;
    return this.#current.run(
      extracted({
        ...(typeof traceparent === 'string' ? { traceparent } : {}),
        ...(typeof tracestate === 'string' ? { tracestate } : {}),
      }),
      work,
    );
  }

  begin(name: string, { kind = 'internal', from, link, attributes, begun }: SpanOptions = {}): TraceSpan {
    const parent =
      from === undefined
        ? (this.#current.getStore() ?? ROOT_CONTEXT)
        : from === null
          ? ROOT_CONTEXT
          : extracted(from);
    const linked = link ? trace.getSpanContext(extracted(link)) : undefined;
    const span = this.#tracer.startSpan(
      name,
      {
        kind: KINDS[kind],
        ...(attributes === undefined ? {} : { attributes }),
        ...(begun === undefined ? {} : { startTime: begun }),
        ...(linked === undefined ? {} : { links: [{ context: linked }] }),
      },
      parent,
    );
    return new RecordedSpan(span, trace.setSpan(parent, span), this.#current);
  }

  here(): TraceCarrier | null {
    const carrier = carrierOf(this.#current.getStore() ?? ROOT_CONTEXT);
    return carrier.traceparent === undefined ? null : carrier;
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_EXPORT);
    });
    // A collector that does not respond must not keep the server from stopping.
    await Promise.race([this.#provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}

class RecordedSpan implements TraceSpan {
  readonly #span: Span;
  readonly #context: Context;
  readonly #current: AsyncLocalStorage<Context>;

  constructor(span: Span, context: Context, current: AsyncLocalStorage<Context>) {
    this.#span = span;
    this.#context = context;
    this.#current = current;
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(type: string): void {
    this.#span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
  }

  within<T>(work: () => T): T {
    return this.#current.run(this.#context, work);
  }

  headers(): Readonly<Record<string, string>> {
    return { ...carrierOf(this.#context) };
  }

  end(): void {
    this.#span.end();
  }
}

/** Counts exported spans and reports failures to the log, at intervals. A failed batch is dropped. */
class ReportingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #process: TracedProcess;
  #reported = Number.NEGATIVE_INFINITY;

  constructor(exporter: SpanExporter, process: TracedProcess) {
    this.#exporter = exporter;
    this.#process = process;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      const isExported = result.code === ExportResultCode.SUCCESS;
      this.#process.metrics.traceSpans.inc({ outcome: isExported ? 'exported' : 'failed' }, spans.length);
      if (!isExported) this.#report(result.error);
      // The failure is reported. The SDK would write it to the console.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }

  /** The message of an error can contain the response of the collector, which is not ours to repeat. */
  #report(error: (Error & { readonly code?: unknown }) | undefined): void {
    if (performance.now() - this.#reported < REPORT_INTERVAL) return;
    this.#reported = performance.now();
    this.#process.log.warn(
      { reason: error?.code ?? error?.name },
      'spans of traces were not exported, and dropped',
    );
  }
}

function extracted(carrier: TraceCarrier): Context {
  return propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
}

function carrierOf(context: Context): TraceCarrier {
  const carrier: Record<string, string> = {};
  propagator.inject(context, carrier, defaultTextMapSetter);
  return carrier;
}

function samplerOf(name: TraceSettings['sampler'], ratio: number): Sampler {
  const root = name.endsWith('always_on')
    ? new AlwaysOnSampler()
    : name.endsWith('always_off')
      ? new AlwaysOffSampler()
      : new TraceIdRatioBasedSampler(ratio);
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}
