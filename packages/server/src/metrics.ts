import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The server's metrics, in a separate registry, because several servers can run in one process. `docs/operations/metrics.md` lists them. */
export class Metrics {
  readonly registry = new Registry();

  readonly info = this.#gauge('ips_info', 'Always 1; the labels describe the process', ['version', 'role']);

  readonly calls = this.#counter('ips_calls_total', 'Calls by operation and outcome: ok or the fault code', [
    'operation',
    'outcome',
  ]);
  readonly callSeconds = new Histogram({
    name: 'ips_call_seconds',
    help: 'Duration of calls',
    labelNames: ['operation'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  readonly requestsOpen = this.#gauge('ips_requests_open', 'Requests in progress');
  readonly refused = this.#counter(
    'ips_requests_refused_total',
    'Connections and requests refused or ended because a limit was reached, by reason',
    ['reason'],
  );
  readonly uploadFiles = this.#counter('ips_upload_files_total', 'Files received by the upload servlet');
  readonly uploadBytes = this.#counter(
    'ips_upload_bytes_total',
    'Bytes of files received by the upload servlet',
  );

  readonly logins = this.#counter(
    'ips_logins_total',
    'Checked or refused passwords, by outcome: right, remembered, wrong, delayed, overloaded',
    ['outcome'],
  );
  readonly passwordsWaiting = this.#gauge('ips_passwords_waiting', 'Passwords waiting to be hashed');

  readonly runs = this.#counter(
    'ips_job_runs_total',
    'Ended runs, by kind and outcome: done, stopped, fatal',
    ['kind', 'outcome'],
  );
  readonly runsAtWork = this.#gauge('ips_job_runs_at_work', 'Runs in progress in this process');
  readonly runsActive = this.#gauge(
    'ips_job_runs_active',
    'Runs in the database that have not ended, by kind and state; the same in every process',
    ['kind', 'state'],
  );
  readonly oldestRun = this.#gauge(
    'ips_job_queue_oldest_seconds',
    'Age of the oldest run that no worker has begun, 0 without one; the same in every process',
  );
  readonly files = this.#counter('ips_job_files_total', 'Files processed by jobs, by outcome', ['outcome']);

  readonly notificationsWaiting = this.#gauge(
    'ips_notifications_waiting',
    'Notifications in the outbox, by kind: http, mail; the same in every process',
    ['kind'],
  );
  readonly oldestNotification = this.#gauge(
    'ips_notifications_oldest_seconds',
    'Age of the oldest notification in the outbox, 0 without one; the same in every process',
  );
  readonly notificationAttempts = this.#counter(
    'ips_notification_attempts_total',
    'Attempts to deliver a notification, by kind and outcome: delivered, waiting for the next attempt, failed after the last one',
    ['kind', 'outcome'],
  );

  readonly databaseConnections = this.#gauge(
    'ips_database_connections',
    'Connections to the database, by state: busy, idle',
    ['state'],
  );
  readonly databaseWaiting = this.#gauge(
    'ips_database_waiting',
    'Work that waits for a connection to the database',
  );
  readonly storeErrors = this.#counter(
    'ips_file_store_errors_total',
    'Failed accesses to the file store, by method',
    ['method'],
  );

  readonly derivatives = this.#counter(
    'ips_delivery_cache_total',
    'Delivered images by outcome: hit, shared with a request that was making it, miss, abandoned by all who waited; and files that were removed, damaged, or could not be written',
    ['outcome'],
  );
  readonly derivativeBytes = this.#gauge(
    'ips_delivery_cache_bytes',
    'Bytes of delivered images on disk, when they were last measured',
  );

  readonly traceSpans = this.#counter(
    'ips_trace_spans_total',
    'Spans of traces by outcome: exported, or failed, which the collector did not take',
    ['outcome'],
  );

  #refresh: () => Promise<void> = async () => undefined;

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'ips_' });
    // Gauges with the names of counters. They are sums of others.
    for (const what of ['resources', 'handles', 'requests'])
      this.registry.removeSingleMetric(`ips_nodejs_active_${what}_total`);
  }

  /** Sets what is done before metrics are read, to measure what is not counted. */
  onRequest(refresh: () => Promise<void>): void {
    this.#refresh = refresh;
  }

  /** All metrics in the text format of Prometheus. */
  async text(): Promise<string> {
    await this.#refresh();
    return this.registry.metrics();
  }

  /** All metrics as values. */
  async values(): ReturnType<Registry['getMetricsAsJSON']> {
    await this.#refresh();
    return this.registry.getMetricsAsJSON();
  }

  #counter<Label extends string = never>(
    name: string,
    help: string,
    labelNames: Label[] = [],
  ): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge<Label extends string = never>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
