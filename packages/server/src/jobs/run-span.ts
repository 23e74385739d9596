import type { RunRow } from '../db/rows.js';
import type { Services } from '../services.js';
import { type TraceSpan, traced } from '../traces/traces.js';
import type { RunContext } from './run-context.js';

/** Executes a run as a part of the trace of what created it: the call that submitted its job, or the schedule that fired. */
export function inRunSpan<T>(
  { traces, clock, config }: Services,
  run: RunRow,
  work: (span: TraceSpan) => Promise<T>,
): Promise<T> {
  const attributes = {
    'ips.run.id': run.id,
    'ips.run.attempt': run.attempt,
    'ips.job.kind': run.kind,
    'ips.company.id': run.companyId,
    'ips.server.name': config.serverName,
    'ips.run.waited_ms': Math.max(0, clock.now().getTime() - run.triggerTime.getTime()),
  };
  return traced(traces, `run ${run.kind}`, { kind: 'consumer', from: run.trace, attributes }, work);
}

/** Counts the end of a run. */
export function countEnd({ services, run, span }: RunContext, outcome: 'done' | 'stopped' | 'fatal'): void {
  services.metrics.runs.inc({ kind: run.kind, outcome });
  span.set({ 'ips.run.outcome': outcome });
  if (outcome === 'fatal') span.fail('run');
}
