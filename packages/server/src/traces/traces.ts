/** Where a trace continues: the headers of W3C Trace Context. */
export interface TraceCarrier {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** Values that describe a span. They contain no secrets and nothing that users typed: numbers of rows, kinds, outcomes. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** How a span is begun. */
export interface SpanOptions {
  /** Its part in communication. Default: `internal`, work inside a process. */
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer' | 'internal' | undefined;
  /** A stored place to continue; null begins a trace. Default: the current span. */
  readonly from?: TraceCarrier | null | undefined;
  /** A place in another trace that this span is about. */
  readonly link?: TraceCarrier | null | undefined;
  readonly attributes?: SpanAttributes | undefined;
  /** When it began. Default: now. */
  readonly begun?: Date | undefined;
}

/** Work in progress, as a part of a trace. */
export interface TraceSpan {
  set(attributes: SpanAttributes): void;
  /** Marks the work as failed. @param type - The kind of error: a code or the name of a class, never its message. */
  fail(type: string): void;
  /** Does work whose spans become children of this one. */
  within<T>(work: () => T): T;
  /** The headers that continue the trace after this span; empty if it is not traced. */
  headers(): Readonly<Record<string, string>>;
  end(): void;
}

/** Traces of calls and runs, across processes. */
export interface Traces {
  /** Whether spans are recorded. */
  readonly isOn: boolean;
  /** Does work as a part of the trace that the headers of a request name, or of none. */
  continued<T>(headers: Readonly<Record<string, unknown>>, work: () => T): T;
  begin(name: string, options?: SpanOptions): TraceSpan;
  /** The place of the current span, to be stored with what it causes; null without one. */
  here(): TraceCarrier | null;
  /** Exports what is recorded, within two seconds, and records no more. */
  close(): Promise<void>;
}

const noSpan: TraceSpan = {
  set: () => undefined,
  fail: () => undefined,
  within: (work) => work(),
  headers: () => ({}),
  end: () => undefined,
};

/** Records nothing. */
export const noTraces: Traces = {
  isOn: false,
  continued: (_headers, work) => work(),
  begin: () => noSpan,
  here: () => null,
  close: async () => undefined,
};

/** Does work in a span, which fails if the work throws. */
export async function traced<T>(
  traces: Traces,
  name: string,
  options: SpanOptions,
  work: (span: TraceSpan) => Promise<T>,
): Promise<T> {
  const span = traces.begin(name, options);
  try {
    return await span.within(() => work(span));
  } catch (error) {
    span.fail(error instanceof Error ? error.name : 'unknown');
    throw error;
  } finally {
    span.end();
  }
}
