import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecentLookups } from '../src/db/recent-lookups.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

describe('recent lookups', () => {
  it('are repeated after a change, after a second, and where nothing was found', async () => {
    const lookups = new RecentLookups();
    const query = vi.fn(async () => 'found' as string | undefined);
    await lookups.get('a', query);
    vi.advanceTimersByTime(900);
    expect(await lookups.get('a', query)).toBe('found');
    expect(query).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(200);
    await lookups.get('a', query);
    expect(query).toHaveBeenCalledTimes(2);
    lookups.forget();
    query.mockResolvedValue(undefined);
    await lookups.get('a', query);
    await lookups.get('a', query);
    expect(query).toHaveBeenCalledTimes(4);
  });

  it('are not remembered when something changed while they were made', async () => {
    const lookups = new RecentLookups();
    const query = vi.fn(async () => {
      lookups.forget();
      return 'old';
    });
    await lookups.get('a', query);
    await lookups.get('a', query);
    expect(query).toHaveBeenCalledTimes(2);
    const make = vi.fn(async () => {
      lookups.forget();
      return 'old';
    });
    await lookups.composed('b', make);
    await lookups.composed('b', make);
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('that are made of others last as long as the first of those', async () => {
    const lookups = new RecentLookups();
    const query = vi.fn(async () => 1);
    await lookups.get('a', query);
    vi.advanceTimersByTime(700);
    const make = vi.fn(async (within: Pick<RecentLookups, 'get'>) => ({
      sum: ((await within.get('a', query)) ?? 0) + ((await within.get('b', async () => 2)) ?? 0),
    }));
    const first = await lookups.composed('c', make);
    expect(first).toEqual({ sum: 3 });
    vi.advanceTimersByTime(200);
    expect(await lookups.composed('c', make)).toBe(first);
    vi.advanceTimersByTime(200);
    expect(await lookups.composed('c', make)).not.toBe(first);
    expect(make).toHaveBeenCalledTimes(2);
    expect(query).toHaveBeenCalledTimes(2);
    lookups.forget();
    await lookups.composed('c', make);
    expect(make).toHaveBeenCalledTimes(3);
  });

  it('are made again where a part was not found, where they fail, and where their key is long', async () => {
    const lookups = new RecentLookups();
    const make = vi.fn(
      async (within: Pick<RecentLookups, 'get'>) => (await within.get('a', async () => undefined)) ?? 0,
    );
    await lookups.composed('b', make);
    await lookups.composed('b', make);
    expect(make).toHaveBeenCalledTimes(2);
    const failing = vi.fn(async () => Promise.reject(new Error('refused')));
    await expect(lookups.composed('c', failing)).rejects.toThrow('refused');
    await expect(lookups.composed('c', failing)).rejects.toThrow('refused');
    expect(failing).toHaveBeenCalledTimes(2);
    const long = vi.fn(async () => 1);
    await lookups.composed('d'.repeat(2001), long);
    await lookups.composed('d'.repeat(2001), long);
    expect(long).toHaveBeenCalledTimes(2);
  });
});
