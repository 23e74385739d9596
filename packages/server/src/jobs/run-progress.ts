import type { Clock } from '../clock.js';
import type { RunRow } from '../db/rows.js';
import type { TaskRow } from '../db/schema.js';

/** Milliseconds between writes of the progress. */
const INTERVAL = 200;

/** The progress of one item of a task. */
export interface TrackedItem {
  /** Reports the progress, from 0 to 1. */
  readonly update: (fraction: number, message?: string) => void;
  readonly end: () => void;
  /** Removes it as if it had not begun. */
  readonly drop: () => void;
}

interface ItemState {
  readonly name: string;
  fraction: number;
  message: string;
  at: Date;
}

/** One task of a run. */
export class Task {
  readonly type: string;
  readonly #changed: () => void;
  readonly #clock: Clock;
  readonly #items = new Set<ItemState>();
  #total: number;
  #processed = 0;
  #state = 'Processing';
  #at: Date;

  constructor(type: string, total: number, clock: Clock, changed: () => void) {
    this.type = type;
    this.#total = total;
    this.#clock = clock;
    this.#changed = changed;
    this.#at = clock.now();
  }

  /** Sets the number of items. */
  set total(total: number) {
    this.#total = total;
    this.#touch();
  }

  /** The fraction done, from 0 to 1. */
  get fraction(): number {
    if (this.#state === 'Done') return 1;
    const partial = [...this.#items].reduce((sum, item) => sum + item.fraction, 0);
    return this.#total === 0 ? 0 : Math.min(1, (this.#processed + partial) / this.#total);
  }

  /** Whether it has items. A task may be shown before this is known. */
  get hasItems(): boolean {
    return this.#total > 0;
  }

  /** Begins an item. */
  start(name: string): TrackedItem {
    const item: ItemState = { name, fraction: 0, message: '', at: this.#clock.now() };
    this.#items.add(item);
    this.#touch();
    return {
      update: (fraction, message) => {
        item.fraction = Math.min(1, Math.max(0, fraction));
        if (message !== undefined) item.message = message;
        item.at = this.#clock.now();
        this.#touch();
      },
      end: () => {
        if (!this.#items.delete(item)) return;
        this.#processed += 1;
        this.#touch();
      },
      drop: () => {
        this.#items.delete(item);
        this.#touch();
      },
    };
  }

  /** Counts an item that needs no work. */
  skip(): void {
    this.#processed += 1;
    this.#touch();
  }

  /** Ends the task: `Done`, or `Failed` if the run cannot continue. */
  end(state: 'Done' | 'Failed' | 'Stopping' = 'Done'): void {
    this.#state = state;
    this.#touch();
  }

  /** The task as returned by `getActiveJobs`. */
  row(): TaskRow {
    const finished = this.#state === 'Done';
    return {
      taskType: this.type,
      taskState: this.#state,
      numProcessed: this.#processed,
      numProcessing: this.#items.size,
      numPending: finished ? 0 : Math.max(0, this.#total - this.#processed - this.#items.size),
      progress: this.fraction,
      // The job has the progress, and the items have the files.
      progressMessage: '',
      lastProgressUpdate: this.#at.toISOString(),
      taskItemProgressArray: [...this.#items].map((item) => ({
        itemName: item.name,
        progress: item.fraction,
        progressMessage: item.message,
        lastProgressUpdate: item.at.toISOString(),
      })),
    };
  }

  #touch(): void {
    this.#at = this.#clock.now();
    this.#changed();
  }
}

/** Collects the progress of a run's tasks and writes it at intervals. */
export class RunProgress {
  readonly #write: (changes: Partial<RunRow>) => Promise<void>;
  readonly #clock: Clock;
  readonly #tasks: Task[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #last: number;
  #phase: string;

  constructor(write: (changes: Partial<RunRow>) => Promise<void>, run: RunRow, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
    this.#last = run.progress;
    this.#phase = run.progressMessage;
  }

  /** The phase of the run as a whole, such as `Optimizing files`. */
  set phase(phase: string) {
    this.#phase = phase;
    this.#schedule();
  }

  task(type: string, total: number): Task {
    const task = new Task(type, total, this.#clock, () => this.#schedule());
    this.#tasks.push(task);
    this.#schedule();
    return task;
  }

  /** Writes the current progress, and waits until it is written. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write(this.changes())).catch(() => undefined);
    await this.#writing;
  }

  /** Stops writing. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
  }

  /** Ends unfinished tasks when the run ends. */
  endTasks(state: 'Done' | 'Failed' | 'Stopping'): void {
    for (const task of this.#tasks) if (task.fraction < 1 || state === 'Done') task.end(state);
  }

  changes(): Pick<RunRow, 'progress' | 'progressMessage' | 'lastProgressUpdate' | 'tasks'> {
    const tasks = this.#tasks.map((task) => task.row());
    const busy = this.#tasks.filter((task) => task.hasItems);
    const mean = busy.reduce((sum, task) => sum + task.fraction, 0) / Math.max(1, busy.length);
    // A new task lowers the mean, but the progress never decreases and reaches 100 only at the end.
    this.#last = Math.max(this.#last, Math.min(99, Math.floor(mean * 100)));
    return {
      progress: this.#last,
      progressMessage: this.#phase,
      lastProgressUpdate: this.#clock.now(),
      tasks,
    };
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write(this.changes())).catch(() => undefined);
    }, INTERVAL);
  }
}
