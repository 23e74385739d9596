import { describe, expect, test } from 'vitest';
import type { FormField } from '../src/submit/form-field.ts';
import { itemsOfLines, lineFields, MOST_LINES } from '../src/submit/pasted-lines.ts';

const listOf = (items: FormField['schema']): FormField => ({
  name: 'urlArray',
  label: 'URLs',
  form: 'list',
  description: undefined,
  isRequired: true,
  fallback: undefined,
  expected: undefined,
  choices: [],
  schema: { type: 'array', items },
});

const URLS = listOf({
  type: 'object',
  required: ['sourceUrl', 'destPath'],
  properties: { sourceUrl: { type: 'string' }, destPath: { type: 'string' }, note: { type: 'string' } },
});
const ABOVE = [{ sourceUrl: 'https://example.com/a.tif', destPath: 'MyCompany/Shoes/a.tif' }, {}];

describe('pasted lines', () => {
  test('are one item each; blank ones, spaces around them and all kinds of line ends are nothing', () => {
    const items = itemsOfLines(
      '\uFEFFhttps://example.com/1.tif\tMyCompany/1.tif\r\n\r\n   \n https://example.com/2.tif \t MyCompany/2.tif \rhttps://example.com/3.tif\tx/3.tif',
      URLS,
      {},
      [],
    );
    expect(items).toEqual([
      { sourceUrl: 'https://example.com/1.tif', destPath: 'MyCompany/1.tif' },
      { sourceUrl: 'https://example.com/2.tif', destPath: 'MyCompany/2.tif' },
      { sourceUrl: 'https://example.com/3.tif', destPath: 'x/3.tif' },
    ]);
  });

  test.each([
    ['https://example.com/x/red%20runner.tif?v=2#top', 'MyCompany/Shoes/red runner.tif'],
    ['https://example.com/%2e%2e%2fup.tif', 'MyCompany/Shoes/.._up.tif'],
    ['https://example.com/100%.tif', 'MyCompany/Shoes/100%.tif'],
    ['https://example.com/x/', 'MyCompany/Shoes/'],
  ])('without a path, %s goes to %s, in the folder above', (url, destPath) => {
    expect(itemsOfLines(url, URLS, {}, ABOVE)).toEqual([{ sourceUrl: url, destPath }]);
  });

  test('of one text each are texts', () => {
    const list = listOf({ type: 'string' });
    expect(lineFields(list, {}).map(({ form }) => form)).toEqual(['text']);
    expect(itemsOfLines('one\ntwo', list, {}, [])).toEqual(['one', 'two']);
  });

  test('with too many parts, or too many lines, are refused with the number', () => {
    expect(() => itemsOfLines('a\tb\n\na\tb\tc', URLS, {}, [])).toThrow(
      'line 3: found 3 parts, expected Source URL, Dest path',
    );
    const many = 'https://example.com/a.tif\n'.repeat(MOST_LINES + 1);
    expect(() => itemsOfLines(many, URLS, {}, [])).toThrow(
      'found 1,001 lines, expected at most 1,000 at once',
    );
  });

  test('are not offered for lists of lists', () => {
    expect(lineFields(listOf({ type: 'array', items: { type: 'string' } }), {})).toEqual([]);
  });
});
