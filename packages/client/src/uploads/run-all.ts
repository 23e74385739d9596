import pLimit from 'p-limit';

/**
 * Runs tasks concurrently. If one fails, the others are aborted. When all have ended, the first failure is thrown.
 */
export async function runAll(
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
  concurrency: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const limit = pLimit(concurrency);
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    tasks.map((task) =>
      limit(async () => {
        if (either.aborted) return;
        try {
          await task(either);
        } catch (error) {
          failure ??= { error };
          stop.abort(error);
        }
      }),
    ),
  );
  if (signal?.aborted) throw signal.reason;
  if (failure !== undefined) throw failure.error;
}
