import type { Readable } from 'node:stream';

/** The actions that `admin.ts` offers to tests. */
export interface AdminActions {
  reset(): Promise<void>;
  seed(seed: unknown): Promise<void>;
  snapshot(): Promise<unknown>;
  /** Returns the users who need a new password. */
  restore(snapshot: unknown): Promise<readonly string[]>;
  advance(milliseconds: number): Promise<void>;
  setTime(time: Date): Promise<void>;
  runPending(): Promise<number>;
  /** The contents as a state file, once no job is running. */
  packState(): Promise<Readable>;
}
