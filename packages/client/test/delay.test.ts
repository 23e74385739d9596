import { describe, expect, it } from 'vitest';
import { backoffDelay, delay } from '../src/delay.js';

describe('the wait between attempts', () => {
  it('doubles up to its longest, the upper half of it random', () => {
    const backoff = { minDelay: 100, maxDelay: 1000 };
    const waits = (random: number): number[] =>
      [0, 1, 2, 3, 4, 50, 5000].map((attempt) => backoffDelay(backoff, attempt, () => random));
    expect(waits(0)).toEqual([50, 100, 200, 400, 500, 500, 500]);
    expect(waits(1)).toEqual([100, 200, 400, 800, 1000, 1000, 1000]);
  });

  it('ends with its signal', async () => {
    const reason = new Error('enough');
    await expect(delay(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const stop = new AbortController();
    const waiting = delay(60_000, stop.signal);
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await delay(1, new AbortController().signal);
  });
});
