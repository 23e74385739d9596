// Stored hashes as text, their costs, and the line in which hashes wait.
import { describe, expect, it } from 'vitest';
import { FairQueue } from '../src/passwords/fair-queue.js';
import { costOf, padding, readHash, workOf, writeHash } from '../src/passwords/stored-hash.js';

const salt = Buffer.alloc(16, 1);
const key = Buffer.alloc(32, 2);
const cost = { N: 16, r: 8, p: 1 };
const text = (parts: Record<string, unknown> = {}): string => {
  const all = { N: 16, r: 8, p: 1, salt: salt.toString('base64'), key: key.toString('base64'), ...parts };
  return ['scrypt', all.N, all.r, all.p, all.salt, all.key].join('$');
};

describe('a cost', () => {
  it('is a whole number from 1 to 20', () => {
    expect([costOf(1), costOf(20)]).toEqual([
      { N: 2, r: 8, p: 1 },
      { N: 2 ** 20, r: 8, p: 1 },
    ]);
    for (const wrong of [0, -1, 21, 1.5, Number.NaN])
      expect(() => costOf(wrong)).toThrow(
        `passwordCost: expected a whole number from 1 to 20, found ${wrong}`,
      );
  });

  it('is a work', () => {
    expect(workOf({ N: 16, r: 3, p: 5 })).toBe(240);
  });
});

describe('a stored hash', () => {
  it('is read as it was written', () => {
    expect(writeHash({ cost, salt, key })).toBe(text());
    expect(readHash(text())).toEqual({ cost, salt, key });
    expect(readHash(text({ N: 2, r: 1, p: 1 }))?.cost).toEqual({ N: 2, r: 1, p: 1 });
    expect(readHash(text({ N: 16, r: 10, p: 12 }))?.cost).toEqual({ N: 16, r: 10, p: 12 });
    // Without padding.
    expect(readHash(text({ salt: Buffer.alloc(15, 1).toString('base64') }))?.salt).toHaveLength(15);
    expect(readHash(text({ salt: Buffer.alloc(17, 1).toString('base64') }))?.salt).toHaveLength(17);
  });

  it('may have at most the work of the largest cost', () => {
    expect(readHash(text({ N: 2 ** 20 }))).toBeDefined();
    expect(readHash(text({ N: 2 ** 20, r: 9 }))).toBeUndefined();
    expect(readHash(text({ N: 2 ** 20, p: 2 }))).toBeUndefined();
    expect(readHash(text({ N: 2 ** 17, r: 8, p: 8 }))).toBeDefined();
  });

  it.each([
    ['no hash', '!'],
    ['empty', ''],
    ['an N below 2', text({ N: 1 })],
    ['an N that is no power of 2', text({ N: 15 })],
    ['an N that is no number', text({ N: 'x' })],
    ['no r', text({ r: 0 })],
    ['an r that is no number', text({ r: 'x' })],
    ['a long r', text({ N: 2, r: '0008' })],
    ['no p', text({ p: 0 })],
    ['a p that is no number', text({ p: 'x' })],
    ['a long p', text({ N: 2, p: '0001' })],
    ['a long N', text({ N: '000000016' })],
    ['something before it', `x${text()}`],
    ['something after it', `${text()}x$`],
    ['no salt', text({ salt: '' })],
    ['a salt that is none', text({ salt: '$' })],
    ['a salt with too much padding', text({ salt: 'AAAA===' })],
    ['a key with too much padding', text({ key: `${key.toString('base64')}==` })],
    ['no key', text({ key: '' })],
    ['a short key', text({ key: Buffer.alloc(31).toString('base64') })],
    ['a long key', text({ key: Buffer.alloc(33).toString('base64') })],
  ])('with %s is none', (_what, wrong) => expect(readHash(wrong)).toBeUndefined());
});

describe('the padding between two costs', () => {
  const N = 2 ** 10;
  const wanted = { N, r: 8, p: 1 };

  it('makes up for the difference in the largest steps', () => {
    expect(padding({ N: N / 2, r: 8, p: 1 }, wanted)).toEqual([{ N: N / 2, r: 8, p: 1 }]);
    expect(padding({ N: N / 4, r: 8, p: 1 }, wanted).map((each) => each.N)).toEqual([512, 256]);
    expect(padding({ N: N / 8, r: 8, p: 1 }, wanted).map((each) => each.N)).toEqual([512, 256, 128]);
    // The rest, of 64, is a sixteenth.
    expect(padding({ N: N / 16, r: 8, p: 1 }, wanted).map((each) => each.N)).toEqual([512, 256, 128]);
  });

  it('is none for an equal or a higher cost, and of no step of less than 2', () => {
    expect(padding(wanted, wanted)).toEqual([]);
    expect(padding({ N: 2 * N, r: 8, p: 1 }, wanted)).toEqual([]);
    expect(padding({ N: 2, r: 8, p: 1 }, { N: 5, r: 8, p: 1 })).toEqual([{ N: 2, r: 8, p: 1 }]);
    expect(padding({ N: 2, r: 8, p: 1 }, { N: 4, r: 8, p: 1 })).toEqual([{ N: 2, r: 8, p: 1 }]);
  });
});

describe('a line', () => {
  it('serves its keys in turn, each in the order of its entries', () => {
    const line = new FairQueue<string>(10, 10);
    for (const [name, entry] of [
      ['a', 'a1'],
      ['a', 'a2'],
      ['a', 'a3'],
      ['b', 'b1'],
      ['c', 'c1'],
      ['c', 'c2'],
    ] as const)
      expect(line.add(name, entry)).toBe(true);
    expect(line.size).toBe(6);
    expect(Array.from({ length: 7 }, () => line.take())).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'c2',
      'a3',
      undefined,
    ]);
    expect(line.size).toBe(0);
  });

  it('has a limit for all keys and one for each', () => {
    const line = new FairQueue<number>(3, 2);
    expect([line.add('a', 1), line.add('a', 2), line.add('a', 3), line.size]).toEqual([true, true, false, 2]);
    expect([line.add('b', 4), line.add('c', 5), line.size]).toEqual([true, false, 3]);
    line.take();
    expect([line.add('c', 5), line.size]).toEqual([true, 3]);
  });

  it('is empty when it was cleared', () => {
    const line = new FairQueue<number>(3, 3);
    for (const [name, entry] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ] as const)
      line.add(name, entry);
    expect(line.clear()).toEqual([1, 3, 2]);
    expect([line.size, line.take(), line.clear()]).toEqual([0, undefined, []]);
    expect([line.add('a', 1), line.add('a', 2), line.add('a', 3)]).toEqual([true, true, true]);
  });
});
