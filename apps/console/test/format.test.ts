import { describe, expect, it } from 'vitest';
import { describeDuration, formatDuration } from '../src/format/duration.ts';
import { formatExact, formatRelative, formatTime } from '../src/format/moment.ts';
import { formatBytes, formatCount, formatNumber } from '../src/format/number.ts';

const at = (text: string): number => new Date(text).getTime();
/** Without an offset: times of the viewer's zone, whichever it is. */
const NOW = at('2026-11-25T23:50:00');
const iso = (text: string): string => new Date(text).toISOString();

describe('durations', () => {
  it.each([
    [0, '0:00'],
    [999, '0:00'],
    [118_000, '1:58'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('%i ms as %s', (milliseconds, expected) => expect(formatDuration(milliseconds)).toBe(expected));

  it.each([
    [12_000, '12 s'],
    [60_000, '1 min'],
    [7_680_000, '2 h 8 min'],
    [7_200_000, '2 h'],
    [260_000_000, '3 days'],
  ])('%i ms in words: %s', (milliseconds, expected) => expect(describeDuration(milliseconds)).toBe(expected));
});

describe('times', () => {
  it.each([
    ['2026-11-25T23:49:50', 'just now'],
    ['2026-11-25T23:48:00', '2 min ago'],
    ['2026-11-25T21:40:00', 'Today 21:40'],
    ['2026-11-24T21:40:00', 'Yesterday 21:40'],
    ['2026-11-19T02:00:00', 'Thu 19 Nov 02:00'],
    ['2024-11-19T02:00:00', '19 Nov 2024'],
    ['2026-11-26T01:58:00', 'in 2 h 8 min'],
    ['2026-11-28T02:00:00', 'Sat 28 Nov 02:00'],
  ])('%s is %s', (moment, expected) => expect(formatRelative(iso(moment), NOW)).toBe(expected));

  it('shows a time of another day with its day, and milliseconds where they matter', () => {
    expect(formatTime(iso('2026-11-25T23:48:02.114'), NOW)).toBe('23:48:02');
    expect(formatTime(iso('2026-11-25T23:48:02.114'), NOW, true)).toBe('23:48:02.114');
    expect(formatTime(iso('2026-11-24T23:48:02'), NOW)).toBe('Tue 24 Nov 23:48:02');
  });

  it('names the zone of an exact time', () => {
    expect(formatExact(iso('2026-11-25T23:48:02.114'))).toMatch(
      /^Wed,? 25 Nov 2026.*23:48:02\.114 GMT.* \(.+\)$/,
    );
  });

  it('shows what is not a time as it is', () => {
    expect(formatRelative('soon', NOW)).toBe('soon');
    expect(formatExact('soon')).toBe('soon');
  });
});

describe('numbers', () => {
  it('separates thousands, of numbers with all their digits too', () => {
    expect(formatNumber(18022)).toBe('18,022');
    expect(formatNumber('9007199254740993')).toBe('9,007,199,254,740,993');
    expect(formatNumber('many')).toBe('many');
  });

  it.each([
    [212_000_000, '212.0 MB'],
    [1_900_000_000, '1.9 GB'],
    ['3000000000000', '3.0 TB'],
    [1500, '1.5 kB'],
    [12, '12 B'],
  ])('%s bytes as %s', (bytes, expected) => expect(formatBytes(bytes)).toBe(expected));

  it('counts one and several', () => {
    expect(formatCount(1, 'job')).toBe('1 job');
    expect(formatCount(1284, 'job')).toBe('1,284 jobs');
  });
});
