import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJobHandle, parseJobHandle, sameJob } from '../src/jobs.js';

const RUN = 'Nightly_2014-04-03-00:00:00.000';
const scheduled = (company: string, name: string) => ({ company, name, run: undefined, number: undefined });
const ofRun = (company: string, run: string, number?: string) => ({ company, name: undefined, run, number });

describe('parseJobHandle', () => {
  it.each([
    ['the documented form of a submitted job', 'j|6|Nightly|', scheduled('6', 'Nightly')],
    ['the recorded form of a submitted job', 'j|6|Nightly||', scheduled('6', 'Nightly')],
    ['a submitted job without prefix', '47|My Test Job|', scheduled('47', 'My Test Job')],
    ['a submitted job named like a prefix', 'j|6|j|', scheduled('6', 'j')],
    ['a run with its number', `j|2101||${RUN}|54091`, ofRun('2101', RUN, '54091')],
    ['a run without a number', `j|6||${RUN}`, ofRun('6', RUN)],
    ['a run with an empty number', `j|6||${RUN}|`, ofRun('6', RUN)],
    ['a run without prefix', '47||Add_2007-09-14-15:04:34', ofRun('47', 'Add_2007-09-14-15:04:34')],
  ])('reads %s', (_what, handle, expected) => {
    expect(parseJobHandle(handle)).toStrictEqual(expected);
  });

  it.each([
    '',
    'something else',
    'j|6',
    'j|6|Nightly',
    'j|6||',
    'j|six|Nightly|',
    'j|x6|Nightly|',
    'j|6x|Nightly|',
    'j||Nightly|',
    'c|6|Nightly|',
    `j|6|Nightly|${RUN}|1`,
    'j|6|Nightly||1',
    `j|6||${RUN}|one`,
    `j|6||${RUN}|1|`,
  ])('does not read %j', (handle) => {
    expect(parseJobHandle(handle)).toBeUndefined();
  });
});

describe('formatJobHandle', () => {
  it('writes the documented forms', () => {
    expect(formatJobHandle({ company: 6, name: 'Nightly' })).toBe('j|6|Nightly|');
    expect(formatJobHandle({ company: 6, run: RUN, number: 54091 })).toBe(`j|6||${RUN}|54091`);
    expect(formatJobHandle({ company: 6, run: RUN })).toBe(`j|6||${RUN}`);
  });

  it('writes what parseJobHandle reads, whatever the name', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('|'));
    const number = fc.nat().map(String);
    const job = fc.oneof(
      fc.record({ company: number, name, run: fc.constant(undefined), number: fc.constant(undefined) }),
      fc.record({
        company: number,
        name: fc.constant(undefined),
        run: name,
        number: fc.option(number, { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(job, (parts) => {
        expect(parseJobHandle(formatJobHandle(parts))).toEqual(parts);
      }),
    );
  });
});

describe('sameJob', () => {
  it('compares by what the handles say, not by their text', () => {
    expect(sameJob('j|6|Nightly|', '6|Nightly||')).toBe(true);
    expect(sameJob(`j|6||${RUN}`, `j|6||${RUN}|54091`)).toBe(true);
    expect(sameJob('j|6|Nightly|', 'j|7|Nightly|')).toBe(false);
    expect(sameJob('j|6|Nightly|', 'j|6|Nightly2|')).toBe(false);
    expect(sameJob('j|6|Nightly|', 'j|6||Nightly')).toBe(false);
    expect(sameJob(`j|6||${RUN}`, 'j|6||Weekly_2014-04-03-00:00:00.000')).toBe(false);
  });

  it('compares handles of an unknown form by their text', () => {
    expect(sameJob('opaque', 'opaque')).toBe(true);
    expect(sameJob('opaque', 'other')).toBe(false);
    expect(sameJob('opaque', 'j|6|Nightly|')).toBe(false);
    expect(sameJob('j|6|Nightly|', 'opaque')).toBe(false);
  });
});
