import { Worker } from 'node:worker_threads';
import { ImageError } from './image-library.js';

/** The words in messages for the object of a thread and its work. */
export interface ThreadWords {
  /** Such as `document`. */
  readonly what: string;
  /** Such as `render`. */
  readonly verb: string;
  readonly participle: string;
}

/**
 * Starts a thread for untrusted content. It can be terminated at any time, and a crash affects nothing else.
 */
export function startThread(file: URL, data: unknown, transfer: readonly ArrayBuffer[]): Worker {
  return new Worker(file, {
    workerData: data,
    transferList: [...transfer],
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
}

/** The file of a thread, next to this one: its source or its build output. */
export function threadFile(name: string): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./${name}.${extension}`, import.meta.url);
}

/**
 * The next result of a thread, which is terminated if it takes too long or the signal is aborted.
 *
 * @throws ImageError if the thread does not respond; the signal's reason if aborted.
 */
export function answerOf<Answer>(
  worker: Worker,
  { what, verb, participle }: ThreadWords,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      end();
    };
    const fail = (message: string): void => settle(() => reject(new ImageError(message)));
    const onMessage = (answer: Answer): void => settle(() => resolve(answer));
    const onError = (error: unknown): void =>
      fail(`the ${what} cannot be ${participle}: ${error instanceof Error ? error.message : error}`);
    const onExit = (): void => fail(`the process that tried to ${verb} the ${what} crashed`);
    const onAbort = (): void => {
      void worker.terminate();
      settle(() => reject(signal?.reason));
    };
    const timer = setTimeout(() => {
      void worker.terminate();
      fail(`the ${what} takes longer than ${timeout} ms to ${verb}`);
    }, timeout);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
