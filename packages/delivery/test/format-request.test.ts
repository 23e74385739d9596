import fc from 'fast-check';
import { expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import { commands, DeliveryError, formatRequest, type ImageRequest, parseRequest } from '../src/index.js';

it('writes what is in effect, with macros and variables put in', () => {
  const macro = (name: string) => ({ view: 'wid=240&fmt=png' })[name];
  const request = parseRequest(
    '$View$&wid=480&.x&$t=A%26B&op_usm=1,2&layer=0&crop=1,2,3,4&layer=1,a&layer=1,b&text=$t$&effect=-1&$shadow$&layer=2&src=is{x?wid=1&hei=2}&nothing=1',
    { macro },
  );
  expect(formatRequest(request)).toBe(
    'fmt=png&wid=480&op_usm=1,2&layer=0&crop=1,2,3,4&layer=1,a&layer=1,b&text=A%26B&effect=-1&color=000000&blendMode=mult&opac=75&op_blur=5&pos=3,4&layer=2&src=is{x?wid=1&hei=2}',
  );
  expect(formatRequest(parseRequest('wid='))).toBe('');
});

it('writes what is read as the same request', () => {
  const value = fc.oneof(
    fc.integer({ min: -5, max: 300 }).map(String),
    fc.constantFrom(
      '1,2',
      '1,2,3,4',
      'crop,1',
      'ff000080',
      '50,20,30,40k',
      '0.25',
      'png-alpha,,',
      '1e-7',
      ',off',
    ),
    fc.string({ maxLength: 8 }).map(encodeURIComponent),
    fc.constantFrom('is{a?wid=1&src=is(b)}', '0,0,1,0,1,1,0,1,R2', 'on,2', 'lr', 'a b+c'),
  );
  const name = fc.constantFrom(...Object.keys(commands), 'layer', 'layer', 'effect');
  const texts = fc
    .array(fc.tuple(name, value), { maxLength: 12 })
    .map((parts) => parts.map(([key, text]) => `${key}=${text}`).join('&'));
  let read = 0;
  fc.assert(
    fc.property(texts, (text) => {
      let request: ImageRequest;
      try {
        request = parseRequest(text);
      } catch (error) {
        expect(error).toBeInstanceOf(DeliveryError);
        return;
      }
      read += 1;
      const { others: _others, ignored, ...again } = parseRequest(formatRequest(request));
      const { others: _given, ignored: ignoredFirst, ...first } = request;
      expect(rounded(again)).toEqual(rounded({ ...first, variables: {} }));
      // What is ignored in one place and set to its default in another has no effect, and is omitted.
      for (const name of ignored) expect(ignoredFirst).toContain(name);
    }),
    { numRuns: casesOf(20_000) },
  );
  expect(read).toBeGreaterThan(casesOf(20_000) / 50);
});

/** Parts of colors are written as bytes or thousandths. */
const rounded = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'number' && part > 0 && part < 1 ? Math.round(part * 200) / 200 : part,
    ),
  );
