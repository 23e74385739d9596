import type { ApiClient } from '../api/api-client.ts';
import { ApiError } from '../api/api-error.ts';
import type { UploadRequest, UploadState } from '../api/contract.ts';
import { type ChosenFile, isOver, matchFiles, nextChunk } from './upload-plan.ts';

/** What an upload is doing, beyond what the host knows of it. */
export interface RunnerState {
  /** As the host last described it; `undefined` before it answered for the first time. */
  readonly upload: UploadState | undefined;
  /** `waiting`: for the host or the network, and tries again by itself. `needsFiles`: the page was loaded again, and its files are gone. */
  readonly activity: 'starting' | 'sending' | 'waiting' | 'paused' | 'needsFiles' | 'following' | 'over';
  /** Why it waits or ended. */
  readonly problem: string | undefined;
}

export interface RunnerOptions {
  readonly client: Pick<ApiClient, 'get' | 'post' | 'putChunk'>;
  readonly onChange: (state: RunnerState) => void;
  /** Waits before another attempt. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Milliseconds between two readings of an upload whose files have arrived. Events are faster where they exist. */
const FOLLOW = 2000;
const SHORTEST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/**
 * Sends the files of one upload part by part. After an interruption it reads what the host has received, and resumes there.
 */
export class UploadRunner {
  readonly #client: RunnerOptions['client'];
  readonly #onChange: RunnerOptions['onChange'];
  readonly #wait: NonNullable<RunnerOptions['wait']>;
  #state: RunnerState = { upload: undefined, activity: 'starting', problem: undefined };
  #id: string | undefined;
  /** What the user chose, whether it belongs to the upload or not. */
  #offered: readonly ChosenFile[] = [];
  /** Starts the upload of this page over. */
  #begin: (() => Promise<void>) | undefined;
  /** Bytes of the part that was sent last. */
  #sent = 0;
  #abort = new AbortController();

  constructor({ client, onChange, wait = waitFor }: RunnerOptions) {
    this.#client = client;
    this.#onChange = onChange;
    this.#wait = wait;
  }

  get state(): RunnerState {
    return this.#state;
  }

  /** Starts an upload. Resolves when it is over, paused, or in need of its files. */
  async start(request: Omit<UploadRequest, 'files'>, files: readonly ChosenFile[]): Promise<void> {
    this.#begin = async () => {
      const upload = await this.#client.post('uploads', {
        ...request,
        files: files.map(({ path, size }) => ({ path, size })),
      });
      this.#id = upload.id;
      this.#offered = files;
      this.#show({ upload, activity: 'sending', problem: undefined });
    };
    try {
      await this.#begin();
    } catch (error) {
      return this.#show({ activity: 'over', problem: messageOf(error) });
    }
    await this.#run(false);
  }

  /** Takes up an upload that the page knew before it was loaded again. */
  async resume(id: string, files: readonly ChosenFile[] = []): Promise<void> {
    this.#id = id;
    this.#offered = [...this.#offered, ...files];
    await this.#run(true);
  }

  pause(): void {
    if (this.#state.upload?.phase !== 'receiving') return;
    this.#abort.abort();
    this.#show({ activity: 'paused', problem: undefined });
  }

  /** Continues after a pause. */
  async continue(): Promise<void> {
    if (this.#state.activity !== 'paused') return;
    this.#show({ activity: 'sending' });
    await this.#run(true);
  }

  async cancel(): Promise<void> {
    this.#abort.abort();
    const id = this.#id;
    if (id === undefined) return this.#show({ activity: 'over' });
    try {
      this.#show({
        upload: await this.#client.post('uploads/cancel', { id }),
        activity: 'over',
        problem: undefined,
      });
    } catch (error) {
      this.#show({ activity: 'over', problem: messageOf(error) });
    }
  }

  /** An event with the latest state. */
  update(upload: UploadState): void {
    // While parts are under way, their answers are newer than events.
    if (upload.id !== this.#id || this.#state.activity === 'sending') return;
    this.#show({ upload, ...(isOver(upload) ? { activity: 'over' as const } : {}) });
  }

  async #run(isStale: boolean): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    let failures = 0;
    let mustReread = isStale;
    let mustBegin = false;
    while (!signal.aborted) {
      try {
        if (mustBegin) await this.#begin?.();
        else if (mustReread) await this.#reread(signal);
        mustBegin = false;
        mustReread = false;
        if (!(await this.#step(signal))) return;
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        const isLost = error instanceof ApiError && error.code === 'notFound';
        if (!(error instanceof ApiError) || !(isLost ? this.#canBeginAgain() : isPassing(error, failures))) {
          return this.#show({ activity: 'over', problem: isLost ? this.#lostWords() : messageOf(error) });
        }
        this.#show({ activity: 'waiting', problem: error.message });
        const pause = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** failures++);
        await this.#wait(Math.max(pause, (error.retryAfter ?? 0) * 1000), signal);
        // The host may have received more of the part than it could say.
        mustReread = !isLost;
        mustBegin = isLost;
      }
    }
  }

  /** Sends one part, or looks how the job is getting on. Returns `false` when there is nothing left to do. */
  async #step(signal: AbortSignal): Promise<boolean> {
    const { upload } = this.#state;
    if (upload === undefined || signal.aborted) return false;
    if (isOver(upload)) {
      this.#show({ activity: 'over', problem: upload.error });
      return false;
    }
    const blobs = matchFiles(upload.files, this.#offered);
    const chunk = nextChunk(upload, (file) => !blobs.has(file));
    const blob = chunk === undefined ? undefined : blobs.get(chunk.file)?.blob;
    if (chunk !== undefined && blob !== undefined) {
      const part = blob.slice(chunk.offset, chunk.offset + chunk.length);
      const query = { id: upload.id, file: chunk.file, offset: chunk.offset };
      this.#sent = chunk.length;
      const next = await this.#client.putChunk(query, part, signal);
      if (!signal.aborted) this.#show({ upload: next, activity: 'sending', problem: undefined });
      return true;
    }
    if (nextChunk(upload, () => false) !== undefined) {
      this.#show({ activity: 'needsFiles', problem: undefined });
      return false;
    }
    this.#show({ activity: 'following', problem: undefined });
    await this.#wait(FOLLOW, signal);
    await this.#reread(signal);
    return true;
  }

  /**
   * Whether an upload that the host has lost, by a restart, can start over: its files are there, and so much is missing that the host cannot
   * have passed them on.
   */
  #canBeginAgain(): boolean {
    const { upload } = this.#state;
    return (
      this.#begin !== undefined &&
      upload?.phase === 'receiving' &&
      upload.total - upload.received > this.#sent
    );
  }

  #lostWords(): string {
    return this.#state.upload?.phase === 'receiving' && this.#state.upload.received === 0 && this.#sent === 0
      ? 'the console has lost the upload; choose the files again'
      : 'the console has lost the upload; look among the jobs whether it was submitted before you repeat it';
  }

  async #reread(signal: AbortSignal): Promise<void> {
    if (this.#id === undefined) return;
    const upload = await this.#client.get('uploads', { id: this.#id }, signal);
    if (!signal.aborted) this.#show({ upload });
  }

  #show(change: Partial<RunnerState>): void {
    this.#state = { ...this.#state, ...change };
    this.#onChange(this.#state);
  }
}

/** Whether another attempt makes sense. A conflict means that host and page disagree on what has arrived, which reading mends. */
function isPassing(error: ApiError, failures: number): boolean {
  if (error.code === 'conflict') return failures < 5;
  return error.isTemporary || error.code === 'login';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
