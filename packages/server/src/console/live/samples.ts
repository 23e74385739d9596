import type { ActiveJob } from '@ips-sdk/types';
import type { ThroughputSample } from '../api.js';

/** Samples of a run, at most. Beyond it, every second one is dropped. */
const MOST_SAMPLES = 600;
/** Runs whose samples are kept. */
const MOST_RUNS = 500;
/** Samples of the queue: a day at one per half minute. */
const MOST_DEPTHS = 2880;
const DEPTH_INTERVAL = 30_000;

/** How many jobs waited and ran at a time. */
export interface Depth {
  readonly at: number;
  readonly waiting: number;
  readonly running: number;
}

/** What the progress of active runs was over time, since the console first saw them. */
export class Samples {
  readonly #runs = new Map<string, ThroughputSample[]>();
  #depths: Depth[] = [];

  get depths(): readonly Depth[] {
    return this.#depths;
  }

  /** The samples of a run. */
  of(handle: string): readonly ThroughputSample[] {
    return this.#runs.get(handle) ?? [];
  }

  /** Takes a sample of every active run. */
  add(active: readonly ActiveJob[], at: number): void {
    for (const job of active) if (job.state === 'Running') this.#addTo(job, at);
    const running = active.filter(({ state }) => state === 'Running' || state === 'Stopping').length;
    const depth = { at, running, waiting: active.length - running };
    const last = this.#depths.at(-1);
    if (last !== undefined && at >= last.at && at - last.at < DEPTH_INTERVAL) this.#depths.pop();
    this.#depths.push(
      last !== undefined && at - last.at < DEPTH_INTERVAL ? { ...depth, at: last.at } : depth,
    );
    if (this.#depths.length > MOST_DEPTHS) this.#depths = this.#depths.filter((_, index) => index % 2 === 1);
  }

  #addTo({ jobHandle, taskProgressArray }: ActiveJob, at: number): void {
    const done = (taskProgressArray ?? []).reduce((sum, { numProcessed = 0 }) => sum + numProcessed, 0);
    const samples = this.#runs.get(jobHandle) ?? [];
    this.#runs.delete(jobHandle);
    this.#runs.set(jobHandle, samples);
    if (this.#runs.size > MOST_RUNS) {
      const [oldest] = this.#runs.keys();
      if (oldest !== undefined) this.#runs.delete(oldest);
    }
    const last = samples.at(-1);
    const passed = last === undefined ? 0 : (at - Date.parse(last.at)) / 1000;
    if (last !== undefined && (passed < 0.9 || done === last.done)) return;
    const rate = last === undefined || passed <= 0 ? 0 : Math.max(0, (done - last.done) / passed);
    samples.push({ at: new Date(at).toISOString(), done, rate: Math.round(rate * 100) / 100 });
    if (samples.length > MOST_SAMPLES)
      samples.splice(0, samples.length, ...samples.filter((_, index) => index % 2 === 1));
  }
}
