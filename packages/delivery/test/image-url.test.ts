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

  it('keeps what separates the parts of a URL out of names and values', () => {
    const odd = "?#&$=%+ /'\u00fc\u{1f45f}";
    const url = new URL(
      imageUrl({
        ...at,
        company: 'A?#&$',
        image: 'a?#&$=%+ ü/👟',
        smartCrop: '?#&$',
        variables: { v: odd },
        commands: { id: odd },
        layers: [{ number: 1, name: '?#&$', text: odd }],
      }),
    );
    expect(decodeURIComponent(url.pathname)).toBe('/is/image/A?#&$/a?#&$=%+ ü/👟:?#&$');
    expect(url.hash).toBe('');
    const { values, variables, layers } = parseRequest(url.search.slice(1));
    expect([values.id, variables['v'], layers[1]?.values.text, layers[1]?.names]).toEqual([
      odd,
      odd,
      odd,
      ['?#&$'],
    ]);
  });

  it('writes numbers of any size, and a request without an image', () => {
    expect(imageUrl({ ...at, image: undefined, layers: [{ number: 0, color: '0', size: [1e3, 2] }] })).toBe(
      'https://images.example.com/is/image/MyCompany?layer=0&color=0&size=1000,2',
    );
    expect(parseRequest(query({ commands: { scl: 1e-7 } })).values.scl).toBe(1e-7);
    expect(query({ commands: { wid: undefined } })).toBe('');
    // The type wants a color; JavaScript can give its parts.
    expect(query({ layers: [{ number: 0, bgColor: [255, 0, 0] as never }] })).toBe('layer=0&bgColor=255,0,0');
  });

  it.each<[object, string, string]>([
    [{ effects: [{ number: 0 }] }, 'effect', 'a whole number other than 0'],
    [{ effects: [{ number: 1001 }] }, 'effect', 'from -1000 to 1000'],
    [{ commands: { wid: -1 } }, 'wid', 'at least 0'],
    [{ commands: { bgc: 'red' } }, 'bgc', 'a color'],
    [{ commands: { nothing: 1 } }, 'nothing', 'the name of a command'],
    [{ commands: { '': 1 } }, '', 'the name of a command'],
    [{ commands: { toString: 1 } }, 'toString', 'the name of a command'],
    [{ commands: { layer: '1' } }, 'layer', 'the name of a command'],
    [{ commands: { wid: { value: 5 } } }, 'wid', 'a text, a number'],
    [{ commands: { wid: null } }, 'wid', 'a text, a number'],
    [{ commands: { wid: Symbol('5') } }, 'wid', 'a text, a number'],
    [{ commands: { wid: () => 5 } }, 'wid', 'a text, a number'],
    [{ commands: { wid: 5n } }, 'wid', 'a text, a number'],
    [{ commands: { wid: Number.NaN } }, 'wid', 'a finite number'],
    [{ commands: { scl: Number.POSITIVE_INFINITY } }, 'scl', 'a finite number'],
    [{ commands: { fit: ['crop', Number.NaN] } }, 'fit', 'a finite number'],
    [{ commands: { wid: [5] } }, 'wid', 'a number of pixels'],
    [{ commands: { id: ['a', 'b'] } }, 'id', 'any text'],
    [{ commands: { rect: [[1, 2], 3, 4, 5] } }, 'rect', 'a text, a number'],
    [{ commands: { rect: [1, undefined, 3, 4] } }, 'rect', 'x,y,width,height'],
    [{ commands: { icc: ['a,b'] } }, 'icc', 'parts without commas'],
    [{ commands: { bgc: { space: 'rgb', components: [1, 2, Number.NaN], alpha: 1 } } }, 'bgc', 'a color'],
    [{ commands: { bgc: { space: 'toString', components: [], alpha: 1 } } }, 'bgc', 'a color'],
    [{ commands: { id: '\ud800' } }, 'id', 'well-formed Unicode'],
    [{ layers: [{ number: -1 }] }, 'layer', 'a whole number from 0'],
    [{ layers: [{ number: 1e9 }] }, 'layer', 'a whole number from 0'],
    [{ layers: [{ number: '1' }] }, 'layer', 'a whole number from 0'],
    [{ layers: [{ number: 1, name: '' }] }, 'layer', 'a name without commas'],
    [{ layers: [{ number: 1, name: 'a,b' }] }, 'layer', 'a name without commas'],
    [{ layers: [{ number: 1, name: ' 7' }] }, 'layer', 'neither a number'],
    [{ layers: [{ number: 1, name: 'Comp' }] }, 'layer', 'neither a number'],
    [{ layers: [{ number: 1, src: 'is{a}&wid=5{b}' }] }, 'src', 'in pairs'],
    [{ layers: [{ number: 1, src: 'is{a#b}' }] }, 'src', '# and blanks are encoded'],
    [{ presets: ['a b'] }, 'presets', 'letters, digits'],
    [{ presets: [''] }, 'presets', 'letters, digits'],
    [{ presets: [undefined] }, 'presets', 'letters, digits'],
    [{ variables: { 'a&b': '' } }, 'variables', 'letters, digits'],
    [{ variables: { '': 'x' } }, 'variables', 'letters, digits'],
    [{ variables: { a: { b: 1 } } }, 'variables.a', 'a text, a number'],
    [{ company: '' }, 'company', 'the name of a company'],
    [{ company: '..' }, 'company', 'the name of a company'],
    [{ company: 'a/b' }, 'company', 'the name of a company'],
    [{ company: undefined }, 'company', 'the name of a company'],
    [{ company: '\ud800' }, 'company', 'well-formed Unicode'],
    [{ image: '' }, 'image', 'the name of an image'],
    [{ image: ' ' }, 'image', 'the name of an image'],
    [{ image: {} }, 'image', 'the name of an image'],
    [{ image: 'a/../b' }, 'image', 'without steps'],
    [{ image: '/a' }, 'image', 'without steps'],
    [{ smartCrop: '' }, 'smartCrop', 'the name of a smart crop'],
    [{ image: undefined, smartCrop: 'Wide' }, 'smartCrop', 'an image that it belongs to'],
    [{ base: 'https://images.example.com/?a' }, 'base', 'without ? and #'],
    [{ base: undefined }, 'base', 'the address of image serving'],
  ])('refuses %o', (parts, command, expected) => {
    // What a program without types can pass.
    const given = parts as Partial<Parameters<typeof imageUrl>[0]>;
    expect(() => query(given)).toThrow(DeliveryError);
    try {
      query(given);
    } catch (error) {
      expect(error).toMatchObject({ command, expected: expect.stringContaining(expected) });
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
