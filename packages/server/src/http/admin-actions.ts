/** What tests can do with a server from outside; see `admin.ts`. */
export interface AdminActions {
  reset(): Promise<void>;
  seed(seed: unknown): Promise<void>;
  snapshot(): Promise<unknown>;
  restore(snapshot: unknown): Promise<void>;
  advance(milliseconds: number): Promise<void>;
  setTime(time: Date): Promise<void>;
  runPending(): Promise<number>;
}
