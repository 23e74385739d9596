import type { EngineParts } from './engine-parts.js';
import { adoptDelivery, deliver } from './notifications.js';
import type { QueueWorkers } from './queue.js';
import type { Reconciler } from './reconciler.js';
import { ensureCleanup, forgetWorkers, rebuildQueue } from './recovery.js';
import { closeIdleUpload } from './uploads.js';

/** The start of an engine that a stop interrupted. */
export class StartInterruptedError extends Error {
  override readonly name = 'StartInterruptedError';
}

/** The part of the engine in the work of the queue. */
export type EngineWork = Pick<QueueWorkers, 'run' | 'fire' | 'cleanUp'>;

/** Starts the queue and its workers, while the server already accepts calls. */
export class EngineStart {
  readonly #parts: EngineParts;
  readonly #work: EngineWork;
  readonly #reconciler: Reconciler;
  #course: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(parts: EngineParts, work: EngineWork, reconciler: Reconciler) {
    this.#parts = parts;
    this.#work = work;
    this.#reconciler = reconciler;
  }

  /**
   * Prepares the engine to accept jobs. The queue of a database that others share is opened here: their transactions run beside those of
   * this process, so what these did before it was open could not be found afterwards.
   */
  async prepare(exclusive: boolean): Promise<void> {
    const { services, queue } = this.#parts;
    if (exclusive) await forgetWorkers(services.db);
    else await queue.open();
  }

  /** Begins to hand out work. Resolves when everything that the tables record is in the queue. */
  begin(exclusive: boolean): Promise<void> {
    this.#course = this.#begin(exclusive);
    // Those who wait for it get the error.
    this.#course.catch(() => undefined);
    return this.#course;
  }

  /** Waits for the start. Throws its error. */
  done(): Promise<void> {
    return this.#course;
  }

  /** Interrupts the start after the step in progress. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#course.catch(() => undefined);
  }

  async #begin(exclusive: boolean): Promise<void> {
    for (const step of this.#steps(exclusive)) {
      if (this.#isStopping) throw new StartInterruptedError('the server was stopped before its jobs ran');
      await step();
    }
  }

  *#steps(exclusive: boolean): Generator<() => Promise<void>> {
    const { services, queue } = this.#parts;
    if (exclusive) yield () => queue.open();
    if (services.config.role === 'api') return;
    yield () =>
      queue.start({
        ...this.#work,
        deliver: async (notification) => {
          const id =
            typeof notification === 'number' ? notification : await adoptDelivery(services, notification);
          if (id !== undefined) await deliver(this.#parts, id);
        },
        closeIdle: (runId) => closeIdleUpload(this.#parts, runId),
      });
    if (exclusive) yield () => rebuildQueue(this.#parts);
    else yield () => services.db.transaction((tx) => ensureCleanup(this.#parts, tx));
    yield () => this.#reconciler.start();
  }
}
