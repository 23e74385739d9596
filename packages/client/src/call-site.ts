/** Where a caller entered this package. */
export interface CallSite {
  readonly stack?: string;
}

/** Errors whose stack has been completed. */
const completed = new WeakSet<Error>();

/**
 * Notes where a caller entered this package. The errors of connections and timers come from the event loop, and their stacks show
 * nobody's code.
 *
 * @param entry - The method that was called; frames above it are left out.
 */
// biome-ignore lint/complexity/noBannedTypes: any function may be an entry, and captureStackTrace takes this type.
export function callSite(entry: Function): CallSite {
  const site: CallSite = {};
  Error.captureStackTrace(site, entry);
  return site;
}

/** The error, with the lines of the caller at the end of its stack where they are missing. */
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
    // The stack of somebody else's error may be read-only.
  }
  return error;
}

/** The file and line of a frame: an asynchronous frame has another name and column than the call in it. */
function lineOf(frame: string): string {
  return /([^\s(]+:\d+):\d+\)?$/.exec(frame)?.[1] ?? frame;
}
