/** The place where a caller entered this package. */
export interface CallSite {
  readonly stack?: string;
}

/** Errors with a completed stack. */
const completed = new WeakSet<Error>();

/**
 * Captures the place where a caller entered this package. Errors of connections and timers come from the event loop, and their stacks do
 * not show the caller.
 *
 * @param entry - The called method. Frames above it are omitted.
 */
// biome-ignore lint/complexity/noBannedTypes: any function may be an entry, and captureStackTrace takes this type.
export function callSite(entry: Function): CallSite {
  const site: CallSite = {};
  Error.captureStackTrace(site, entry);
  return site;
}

/** Appends the caller's frames to the stack of an error if they are missing. */
export function withCallSite(error: unknown, { stack = '' }: CallSite): unknown {
  if (!(error instanceof Error) || completed.has(error) || Object.isFrozen(error)) return error;
  completed.add(error);
  const known = new Set(error.stack?.split('\n').map(lineOf));
  const frames = stack
    .split('\n')
    .slice(1)
    .filter((frame) => !known.has(lineOf(frame)) && !frame.includes('node:internal'));
  if (frames.length === 0) return error;
  try {
    error.stack = [error.stack ?? String(error), ...frames].join('\n');
  } catch {
    // The stack may be read-only.
  }
  return error;
}

/** The file and line of a frame. The name and column of an asynchronous frame differ from those of the call. */
function lineOf(frame: string): string {
  return /([^\s(]+:\d+):\d+\)?$/.exec(frame)?.[1] ?? frame;
}
