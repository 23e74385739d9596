/** Something that may take a while to appear. */
export interface Until<Found> {
  /** Looks for it. */
  readonly find: () => Promise<Found | undefined>;
  /** Calls after changes, until the returned function is called. */
  readonly watch: (onChange: () => void) => Promise<() => void | Promise<void>>;
  /** Describes what was not found, for the error. */
  readonly missing: () => string;
}

/**
 * Waits until something appears, without polling.
 *
 * @param timeout - Milliseconds.
 * @throws Error that describes what was not found in time, or the reason of the signal.
 */
export async function until<Found>(
  { find, watch, missing }: Until<Found>,
  timeout: number,
  signal: AbortSignal,
): Promise<Found> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  let isChanged = false;
  let wake: (() => void) | undefined;
  const onChange = (): void => {
    isChanged = true;
    wake?.();
  };
  ends.addEventListener('abort', onChange);
  // Before the first look, so that no change is missed.
  const end = await watch(onChange);
  try {
    for (;;) {
      signal.throwIfAborted();
      isChanged = false;
      const found = await find();
      if (found !== undefined) return found;
      signal.throwIfAborted();
      if (ends.aborted) throw new Error(`${missing()}; waited ${timeout} ms`);
      if (isChanged) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    ends.removeEventListener('abort', onChange);
    await end();
  }
}
