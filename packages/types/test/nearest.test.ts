import { describe, expect, it } from 'vitest';
import { nearest } from '../src/nearest.js';

describe('nearest', () => {
  const fields = ['execTime', 'execSchedule', 'jobName', 'locale'];

  it.each([
    ['exectime', 'execTime'],
    ['excTime', 'execTime'],
    ['jobNmae', 'jobName'],
    ['execScheduled', 'execSchedule'],
    ['local', 'locale'],
  ])('%s → %s', (name, expected) => expect(nearest(name, fields)).toBe(expected));

  it('finds nothing near enough', () => {
    expect(nearest('priority', fields)).toBeUndefined();
    expect(nearest('x'.repeat(1_000_000), fields)).toBeUndefined();
    expect(nearest('', fields)).toBeUndefined();
  });
});
