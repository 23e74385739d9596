/** What `admin.ts` lets tests do to a server. */
export interface AdminActions {
  reset(): Promise<void>;
  seed(seed: unknown): Promise<void>;
  snapshot(): Promise<unknown>;
  restore(snapshot: unknown): Promise<void>;
  advance(milliseconds: number): Promise<void>;
  setTime(time: Date): Promise<void>;
  runPending(): Promise<number>;
}
