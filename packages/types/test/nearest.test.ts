import { describe, expect, it } from 'vitest';
import { nearest } from '../src/nearest.js';

describe('nearest', () => {
  const fields = ['execTime', 'execSchedule', 'jobName', 'locale'];

  it.each([
    ['exectime', 'execTime'],
    ['EXECTIME', 'execTime'],
    ['excTime', 'execTime'],
    ['jobNmae', 'jobName'],
    ['execScheduled', 'execSchedule'],
    ['local', 'locale'],
  ])('%s → %s', (name, expected) => expect(nearest(name, fields)).toBe(expected));

  it.each([
    ['jbo', ['job', 'jobs']],
    ['stats', ['state', 'status']],
    ['upoad', ['publish', 'upload']],
  ])('%s → the candidate with the fewest edits, the first of several', (name, candidates) => {
    expect(nearest(name, candidates)).toBe(candidates.find((one) => one !== 'publish'));
  });

  it('accepts edits in up to a third of a name, and always one', () => {
    expect(nearest('fxldyr', ['folder'])).toBe('folder');
    expect(nearest('fxxdyr', ['folder'])).toBeUndefined();
    expect(nearest('as', ['ls'])).toBe('ls');
    expect(nearest('xy', ['ls'])).toBeUndefined();
  });

  it('finds nothing near enough', () => {
    expect(nearest('priority', fields)).toBeUndefined();
    expect(nearest('x'.repeat(1_000_000), fields)).toBeUndefined();
    expect(nearest('', fields)).toBeUndefined();
    expect(nearest('job', [])).toBeUndefined();
  });
});
