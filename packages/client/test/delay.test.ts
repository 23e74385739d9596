import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadline } from '../src/deadline.js';
import { backoffDelay, delay, startTimer } from '../src/delay.js';

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

describe('a timer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  /** The longest delay that Node knows. */
  const LONGEST = 2 ** 31 - 1;

  it.each([0, 1, LONGEST, LONGEST + 1, 3 * LONGEST, 2 ** 40])('fires after %s ms, and not before', (time) => {
    const fired = vi.fn();
    startTimer(time, fired);
    vi.advanceTimersByTime(Math.max(0, time - 1));
    expect(fired).toHaveBeenCalledTimes(time === 0 ? 1 : 0);
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledTimes(1);
  });

  it('of Infinity never fires', () => {
    const fired = vi.fn();
    startTimer(Number.POSITIVE_INFINITY, fired);
    vi.advanceTimersByTime(100 * LONGEST);
    expect(fired).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(1);
  });

  it.each([1000, 2 * LONGEST])('of %s ms starts over, unless it was stopped', (time) => {
    const fired = vi.fn();
    const timer = startTimer(time, fired);
    vi.advanceTimersByTime(time - 1);
    timer.restart();
    vi.advanceTimersByTime(time - 1);
    expect(fired).not.toHaveBeenCalled();
    timer.stop();
    timer.restart();
    vi.advanceTimersByTime(2 * time);
    expect(fired).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is what a wait and a deadline use', async () => {
    const waited = vi.fn();
    void delay(2 * LONGEST).then(waited);
    const deadline = new Deadline('it', 2 * LONGEST, undefined);
    await vi.advanceTimersByTimeAsync(2 * LONGEST - 1);
    expect([waited.mock.calls.length, deadline.hasExpired]).toEqual([0, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([waited.mock.calls.length, deadline.hasExpired]).toEqual([1, true]);
    expect(deadline.signal.reason).toMatchObject({ name: 'TimeoutError', timeout: 2 * LONGEST });
  });
});

describe('a deadline', () => {
  it('ends with the signal of the caller, which is no expiry', () => {
    const caller = new AbortController();
    const deadline = new Deadline('it', 60_000, caller.signal);
    caller.abort(new Error('enough'));
    expect(deadline.signal.reason).toBe(caller.signal.reason);
    expect(deadline.hasExpired).toBe(false);
    deadline.stop();
  });
});
