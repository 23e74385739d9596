/** Calls a hook. A hook that throws must not fail a successful call, since the caller might retry it. */
export function notify<Event>(hook: ((event: Event) => void) | undefined, event: Event): void {
  try {
    // A hook may be asynchronous despite its type.
    const result: unknown = hook?.(event);
    if (result instanceof Promise) result.catch(warn);
  } catch (error) {
    warn(error);
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
