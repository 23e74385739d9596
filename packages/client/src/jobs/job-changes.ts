import type { ActiveJob, ScheduledJob } from '@ips-sdk/types';
import type { JobEvent } from './job-event.js';

/** Remembers the state of a watched job and reports only changes. */
export class JobChanges {
  #state: string | undefined;
  #progress = '';
  #schedule: string | undefined;
  readonly #tasks: string[] = [];

  *active(job: ActiveJob): Generator<JobEvent> {
    if (job.state !== this.#state) {
      yield { type: 'state', state: job.state, previous: this.#state, job };
      this.#state = job.state;
    }
    // Responses of the live service may lack required fields.
    const message = job.progressMessage ?? '';
    const progress = `${job.progress} ${message}`;
    if (progress !== this.#progress) {
      this.#progress = progress;
      yield { type: 'progress', progress: job.progress ?? 0, message, job };
    }
    for (const [index, task] of (job.taskProgressArray ?? []).entries()) {
      const {
        taskType,
        taskState,
        numProcessed,
        numProcessing,
        numPending,
        progress: done,
        progressMessage,
        // The current item of a task is named only here.
        taskItemProgressArray: items,
      } = task;
      const now = JSON.stringify([
        taskType,
        taskState,
        numProcessed,
        numProcessing,
        numPending,
        done,
        progressMessage,
        items?.map(({ itemName }) => itemName) ?? [],
      ]);
      if (this.#tasks[index] === now) continue;
      this.#tasks[index] = now;
      yield { type: 'task', task, index, job };
    }
  }

  *scheduled(job: ScheduledJob): Generator<JobEvent> {
    const now = `${job.nextFireTime} ${job.triggerState}`;
    if (now === this.#schedule) return;
    this.#schedule = now;
    yield { type: 'scheduled', job };
  }
}
