import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The server's metrics, in a separate registry, because several servers can run in one process. */
export class Metrics {
  readonly registry = new Registry();
  readonly calls: Counter<'operation' | 'outcome'>;
  readonly callSeconds: Histogram<'operation'>;
  readonly runs: Counter<'kind' | 'outcome'>;
  readonly runsAtWork: Gauge;
  readonly files: Counter<'outcome'>;
  readonly logins: Counter<'outcome'>;
  readonly passwordsWaiting: Gauge;
  readonly refused: Counter<'reason'>;
  readonly requestsOpen: Gauge;
  readonly derivatives: Counter<'outcome'>;
  readonly derivativeBytes: Gauge;
  readonly traceSpans: Counter<'outcome'>;

  constructor() {
    const registers = [this.registry];
    this.calls = new Counter({
      name: 'ips_calls_total',
      help: 'Calls by operation and outcome: ok or the fault code',
      labelNames: ['operation', 'outcome'],
      registers,
    });
    this.callSeconds = new Histogram({
      name: 'ips_call_seconds',
      help: 'Duration of calls',
      labelNames: ['operation'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.runs = new Counter({
      name: 'ips_job_runs_total',
      help: 'Ended runs, by kind and outcome: done, stopped, fatal',
      labelNames: ['kind', 'outcome'],
      registers,
    });
    this.runsAtWork = new Gauge({
      name: 'ips_job_runs_at_work',
      help: 'Runs in progress in this process',
      registers,
    });
    this.files = new Counter({
      name: 'ips_job_files_total',
      help: 'Files processed by jobs, by outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.logins = new Counter({
      name: 'ips_logins_total',
      help: 'Checked or refused passwords, by outcome: right, remembered, wrong, delayed, overloaded',
      labelNames: ['outcome'],
      registers,
    });
    this.passwordsWaiting = new Gauge({
      name: 'ips_passwords_waiting',
      help: 'Passwords waiting to be hashed',
      registers,
    });
    this.refused = new Counter({
      name: 'ips_requests_refused_total',
      help: 'Connections and requests refused or ended because a limit was reached, by reason',
      labelNames: ['reason'],
      registers,
    });
    this.requestsOpen = new Gauge({
      name: 'ips_requests_open',
      help: 'Requests in progress',
      registers,
    });
    this.derivatives = new Counter({
      name: 'ips_delivery_cache_total',
      help: 'Delivered images by outcome: hit, shared with a request that was making it, miss, abandoned by all who waited; and files that were removed, damaged, or could not be written',
      labelNames: ['outcome'],
      registers,
    });
    this.derivativeBytes = new Gauge({
      name: 'ips_delivery_cache_bytes',
      help: 'Bytes of delivered images on disk, when they were last measured',
      registers,
    });
    this.traceSpans = new Counter({
      name: 'ips_trace_spans_total',
      help: 'Spans of traces by outcome: exported, or failed, which the collector did not take',
      labelNames: ['outcome'],
      registers,
    });
    collectDefaultMetrics({ register: this.registry, prefix: 'ips_' });
  }
}
