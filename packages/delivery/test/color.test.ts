import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import { formatColor, parseColor, rgbOf } from '../src/index.js';

const rounded = (parts: readonly number[]): number[] => parts.map((part) => Math.round(part * 1000) / 1000);

describe('the documented colors', () => {
  it.each([
    ['0,100,200', 'rgb', [0, 100 / 255, 200 / 255], 1, false],
    ['0x010203S', 'rgb', [1 / 255, 2 / 255, 3 / 255], 1, true],
    ['a0b1c2d3R', 'rgb', [160 / 255, 177 / 255, 194 / 255], 211 / 255, false],
    ['100S', 'gray', [1], 1, true],
    ['50,75g', 'gray', [0.5], 0.75, false],
    ['0X70G', 'gray', [112 / 255], 1, false],
    ['0xddeegs', 'gray', [0xdd / 255], 0xee / 255, true],
    ['94,11,50,33k', 'cmyk', [0.94, 0.11, 0.5, 0.33], 1, false],
    ['22,23,24,25,26KS', 'cmyk', [0.22, 0.23, 0.24, 0.25], 0.26, true],
    ['38393A3bK', 'cmyk', [0.56, 0.57, 0.58, 0.59], 1, false],
    ['ffcc00', 'rgb', [1, 0.8, 0], 1, false],
    ['255,0,0,128', 'rgb', [1, 0, 0], 128 / 255, false],
  ] as const)('%s is %s', (text, space, components, alpha, ofSource) => {
    const color = parseColor(text);
    expect(color).toMatchObject({ space, ofSource });
    expect(rounded(color?.components ?? [])).toEqual(rounded(components));
    expect(color?.alpha).toBeCloseTo(alpha, 6);
  });

  it('become red, green and blue', () => {
    const rgb = (text: string) => rgbOf(parseColor(text)!);
    expect(rgb('0,100,200')).toEqual([0, 100, 200]);
    expect(rgb('0X70G')).toEqual([112, 112, 112]);
    expect(rgb('100,0,0,0k')).toEqual([0, 255, 255]);
    expect(rgb('0,0,0,100k')).toEqual([0, 0, 0]);
  });
});

it.each([
  '',
  'red',
  '#ffcc00',
  '1,2,3,4,5',
  '256,0,0',
  '101g',
  'ffg',
  '12345',
  '0xfffff',
  '1,,2',
  '-1,0,0',
  '1,2,3k',
  'ffcc00ss',
])('"%s" is not a color', (text) => {
  expect(parseColor(text)).toBeUndefined();
});

it('every color survives being written', () => {
  const text = fc.oneof(
    fc.integer({ min: 0, max: 0xffffff }).map((number) => number.toString(16).padStart(6, '0')),
    fc.tuple(fc.nat(100), fc.nat(100)).map(([gray, alpha]) => `${gray},${alpha}g`),
    fc.array(fc.nat(100), { minLength: 4, maxLength: 5 }).map((parts) => `${parts.join(',')}k`),
  );
  fc.assert(
    fc.property(text, (written) => {
      const color = parseColor(written)!;
      expect(parseColor(formatColor(color))).toEqual(color);
    }),
    { numRuns: casesOf(2000) },
  );
});
