import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import { commands, DeliveryError, type GivenValues, imageUrl, parseRequest } from '../src/index.js';

const at = { base: 'https://images.example.com/is/image/', company: 'MyCompany', image: 'Shoes' };
const query = (parts: Partial<Parameters<typeof imageUrl>[0]>): string =>
  imageUrl({ ...at, ...parts }).replace(/^[^?]*\??/, '');

describe('imageUrl', () => {
  it('encodes names and values', () => {
    expect(imageUrl({ ...at, company: 'A B', image: 'a/b c?', smartCrop: 'Wide 1' })).toBe(
      'https://images.example.com/is/image/A%20B/a/b%20c%3F:Wide%201',
    );
    expect(query({ layers: [{ number: 1, name: 'n', text: 'a&b=c% +' }] })).toBe(
      'layer=1,n&text=a%26b%3Dc%25%20%2B',
    );
  });

  it('writes colors, flags and parts that are left out', () => {
    const color = { space: 'rgb', components: [1, 0.8, 0], alpha: 1, ofSource: false } as const;
    expect(
      query({ commands: { bgc: color, iccEmbed: true, fmt: ['tif', undefined, 'jpeg'], qlt: 90 } }),
    ).toBe('bgc=ffcc00&iccEmbed=1&fmt=tif,,jpeg&qlt=90');
  });

  it('keeps nested requests as they are', () => {
    expect(query({ layers: [{ number: 1, src: 'is{a?wid=1&hei=2}' }] })).toBe(
      'layer=1&src=is{a?wid=1&hei=2}',
    );
  });

  it('writes effects behind what they belong to', () => {
    expect(
      query({
        commands: { wid: 100 },
        effects: [{ number: 1, color: '0,0,0', op_grow: 2 }],
        layers: [{ number: 1, src: 'a', effects: [{ number: -1, presets: ['shadow'], pos: [5, 5] }] }],
      }),
    ).toBe('wid=100&effect=1&color=0,0,0&op_grow=2&layer=1&src=a&effect=-1&$shadow$&pos=5,5');
  });

  it.each([
    [{ effects: [{ number: 0 }] }, 'effect'],
    [{ commands: { wid: -1 } }, 'wid'],
    [{ commands: { bgc: 'red' } }, 'bgc'],
    [{ commands: { nothing: 1 } as never }, 'nothing'],
    [{ commands: { toString: 1 } as never }, 'toString'],
    [{ layers: [{ number: -1 }] }, 'layer'],
    [{ presets: ['a b'] }, 'presets'],
    [{ variables: { 'a&b': '' } }, 'variables'],
  ])('refuses %j', (parts, command) => {
    expect(() => query(parts)).toThrow(DeliveryError);
    try {
      query(parts);
    } catch (error) {
      expect(error).toMatchObject({ command });
    }
  });
});

it('what is written is read as the same', () => {
  const values = fc.record(
    {
      wid: fc.integer({ min: 1, max: 5000 }),
      fit: fc.tuple(fc.constantFrom('fit' as const, 'crop' as const), fc.boolean()),
      scl: fc.double({ min: 0.01, max: 100, noNaN: true }),
      rect: fc.tuple(
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
      ),
      defaultImage: fc.string({ minLength: 1 }).filter((text) => !text.includes('$')),
      dpr: fc.tuple(fc.constantFrom('on' as const, 'off' as const), fc.integer({ min: 1, max: 4 })),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(values, (given) => {
      expect(parseRequest(query({ commands: given })).values).toEqual(given satisfies GivenValues);
    }),
    { numRuns: casesOf(2000) },
  );
});

it('no text makes the parser fail in another way than by its errors', () => {
  const name = fc.constantFrom(...Object.keys(commands), '$a', '$a$', 'other', '.x', '');
  const piece = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom(
      '1,2,3,4',
      'is{a?wid=1&src=is(b)}',
      '0,0',
      '%',
      '%E9',
      '$a$',
      '1e9',
      '-0',
      'ffcc00',
      '2,',
      ',,,,',
    ),
  );
  const text = fc
    .array(fc.tuple(name, piece), { maxLength: 30 })
    .map((parts) => parts.map(([key, value]) => `${key}=${value}`).join('&'));
  fc.assert(
    fc.property(text, (request) => {
      try {
        const { layers } = parseRequest(request, { macro: () => 'wid=5&$a$' });
        expect(layers.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(DeliveryError);
      }
    }),
    { numRuns: casesOf(20_000) },
  );
});
