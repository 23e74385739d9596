/** The samplers that `OTEL_TRACES_SAMPLER` can name. */
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** The protocols that `OTEL_EXPORTER_OTLP_PROTOCOL` can name. */
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;

/** The batches in which spans are exported, as `OTEL_BSP_*` say. */
export interface BatchSettings {
  /** Milliseconds between two exports. */
  readonly scheduledDelayMillis: number;
  /** Milliseconds after which an export is given up. */
  readonly exportTimeoutMillis: number;
  /** Spans that wait in memory. Further ones are dropped. */
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
}

/** What the standard environment variables of OpenTelemetry say about traces. */
export interface TraceSettings {
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly sampler: (typeof SAMPLERS)[number];
  /** Share of the traces to record, from 0 to 1. */
  readonly ratio: number;
  readonly batches: BatchSettings;
}

/** A variable that is not used because of its value. */
export interface UnusedVariable {
  readonly name: string;
  readonly found: string;
  readonly expected: string;
}

/**
 * Reads the standard environment variables. As OpenTelemetry specifies, an invalid value is reported and does not end the program: an unknown
 * sampler or number has its default, and an unknown exporter, protocol or address means no traces.
 *
 * @returns `undefined` settings if nothing is to be exported.
 */
export function traceSettings(environment: NodeJS.ProcessEnv): {
  readonly settings: TraceSettings | undefined;
  readonly unused: readonly UnusedVariable[];
} {
  const unused: UnusedVariable[] = [];
  const read = (name: string): string | undefined => {
    const text = environment[name]?.trim();
    return text === '' ? undefined : text;
  };
  const oneOf = <Value extends string>(
    name: string,
    allowed: readonly Value[],
    instead: Value,
  ): Value | undefined => {
    const text = read(name)?.toLowerCase();
    if (text === undefined) return instead;
    const found = allowed.find((value) => value === text);
    if (found === undefined) unused.push({ name, found: text, expected: allowed.join(', ') });
    return found;
  };
  const number = (name: string, instead: number, isValid: (value: number) => boolean, expected: string) => {
    const text = read(name);
    if (text === undefined) return instead;
    if (isValid(Number(text))) return Number(text);
    unused.push({ name, found: text, expected });
    return instead;
  };
  const off = () => ({ settings: undefined, unused });

  if (read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return off();
  const own = read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const [endpointName, endpoint] =
    own === undefined
      ? (['OTEL_EXPORTER_OTLP_ENDPOINT', read('OTEL_EXPORTER_OTLP_ENDPOINT')] as const)
      : (['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', own] as const);
  const isNamed = read('OTEL_TRACES_EXPORTER') !== undefined;
  if (!isNamed && endpoint === undefined) return off();
  const exporter = oneOf('OTEL_TRACES_EXPORTER', ['otlp', 'none'], 'otlp');
  if (exporter !== 'otlp') return off();
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:/i.test(endpoint))) {
    unused.push({ name: endpointName, found: endpoint, expected: 'a URL such as http://localhost:4318' });
    return off();
  }
  const ownProtocol = 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';
  const protocol = oneOf(
    read(ownProtocol) === undefined ? 'OTEL_EXPORTER_OTLP_PROTOCOL' : ownProtocol,
    PROTOCOLS,
    'http/protobuf',
  );
  if (protocol === undefined) return off();
  const whole = (least: number) => (value: number) => Number.isInteger(value) && value >= least;
  const maxQueueSize = number('OTEL_BSP_MAX_QUEUE_SIZE', 2048, whole(1), 'a whole number from 1');
  return {
    settings: {
      protocol,
      sampler: oneOf('OTEL_TRACES_SAMPLER', SAMPLERS, 'parentbased_always_on') ?? 'parentbased_always_on',
      ratio: number(
        'OTEL_TRACES_SAMPLER_ARG',
        1,
        (value) => value >= 0 && value <= 1,
        'a number from 0 to 1',
      ),
      batches: {
        maxQueueSize,
        maxExportBatchSize: Math.min(
          maxQueueSize,
          number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, whole(1), 'a whole number from 1'),
        ),
        scheduledDelayMillis: number('OTEL_BSP_SCHEDULE_DELAY', 5000, whole(0), 'whole milliseconds'),
        exportTimeoutMillis: number('OTEL_BSP_EXPORT_TIMEOUT', 30_000, whole(1), 'whole milliseconds'),
      },
    },
    unused,
  };
}
