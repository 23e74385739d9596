import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { FairQueue } from './fair-queue.js';
import type { DeriveAnswer, DeriveRequest } from './hash-worker.js';

/** Hashes that wait for a thread, in all and for one key. */
const MOST_WAITING = 64;
const MOST_WAITING_OF_ONE = 16;

/** The thread's file, next to this one: its source, or what was built from it. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js',
  import.meta.url,
);

/** Refused: too many hashes wait already. */
export class HashOverloadError extends Error {
  override readonly name = 'HashOverloadError';
  /** Seconds after which another attempt makes sense. */
  readonly retryAfter = 5;
}

interface Task {
  readonly requests: readonly DeriveRequest[];
  resolve(keys: readonly Uint8Array[]): void;
  reject(error: Error): void;
}

/** Options of {@link HashPool}. */
export interface HashPoolOptions {
  /** Hashes at once. Default: 2, or 1 where there is only one other processor core. */
  readonly threads?: number | undefined;
  /** Called with the number of waiting hashes when it changes. */
  readonly onWaiting?: ((waiting: number) => void) | undefined;
}

/**
 * Derives keys in a few threads. What waits for a thread is bounded, and served in turn by key. Threads start with the first work and
 * keep no process alive.
 */
export class HashPool {
  readonly threads: number;
  readonly #onWaiting: (waiting: number) => void;
  readonly #queue = new FairQueue<Task>(MOST_WAITING, MOST_WAITING_OF_ONE);
  readonly #workers = new Map<Worker, Task | undefined>();
  #isClosed = false;

  constructor({ threads, onWaiting }: HashPoolOptions = {}) {
    this.threads = threads ?? Math.max(1, Math.min(2, availableParallelism() - 1));
    this.#onWaiting = onWaiting ?? (() => undefined);
  }

  /**
   * Derives keys, one after the other.
   *
   * @param key - Who wants them; those who want many wait behind those who want few.
   * @throws HashOverloadError when too many wait.
   */
  derive(key: string, requests: readonly DeriveRequest[]): Promise<readonly Uint8Array[]> {
    return new Promise((resolve, reject) => {
      const task: Task = { requests, resolve, reject };
      if (this.#isClosed) reject(new Error('the server is stopping'));
      else if (this.#startTask(task)) return;
      else if (this.#queue.add(key, task)) this.#onWaiting(this.#queue.size);
      else reject(new HashOverloadError('too many passwords are waiting to be hashed'));
    });
  }

  /** Ends the threads. What waits is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const stopping = new Error('the server is stopping');
    for (const task of this.#queue.clear()) task.reject(stopping);
    const workers = [...this.#workers];
    this.#workers.clear();
    for (const [worker, task] of workers) {
      await worker.terminate();
      task?.reject(stopping);
    }
  }

  /** Gives a task to an idle or a new thread; false when all are busy. */
  #startTask(task: Task): boolean {
    const [idle] = [...this.#workers].find(([, current]) => current === undefined) ?? [];
    if (idle === undefined && this.#workers.size >= this.threads) return false;
    const worker = idle ?? this.#newWorker();
    this.#workers.set(worker, task);
    worker.ref();
    worker.postMessage(task.requests);
    return true;
  }

  #newWorker(): Worker {
    const worker = new Worker(WORKER, { execArgv: [] });
    worker.on('message', (answer: DeriveAnswer) => {
      const task = this.#workers.get(worker);
      if ('keys' in answer) task?.resolve(answer.keys);
      else task?.reject(new Error(`a password could not be hashed: ${answer.error}`));
      this.#workers.set(worker, undefined);
      worker.unref();
      this.#next();
    });
    const lose = (error: Error): void => {
      const task = this.#workers.get(worker);
      if (!this.#workers.delete(worker)) return;
      task?.reject(error);
      this.#next();
    };
    worker.on('error', (error) => lose(error as Error));
    worker.on('exit', () => lose(new Error('the password hashing thread exited')));
    return worker;
  }

  #next(): void {
    const task = this.#queue.take();
    if (task === undefined || this.#isClosed) return;
    this.#onWaiting(this.#queue.size);
    this.#startTask(task);
  }
}
