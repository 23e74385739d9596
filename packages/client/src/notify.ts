/** Calls a hook. One that throws must not fail a call that succeeded, since its caller might then repeat the call. */
export function notify<Event>(hook: ((event: Event) => void) | undefined, event: Event): void {
  try {
    // A hook may be asynchronous, whatever its type says.
    const result: unknown = hook?.(event);
    if (result instanceof Promise) result.catch(warn);
  } catch (error) {
    warn(error);
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
