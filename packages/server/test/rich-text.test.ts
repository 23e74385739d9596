import { expect, it } from 'vitest';
import { pangoOf } from '../src/images/rich-text.js';

it.each([
  ['', 0],
  [' \n', 0],
  ['\0', 0],
  ['\u0001\u009f\ufffe', 0],
  ['\ud800', 0],
  ['a\0b', 2],
  ['{\\rtf1 \\u0 ?}', 0],
  ['{\\rtf1 \\b x\\u0 ?}', 1],
])('counts the characters of %j that are shown', (text, length) => {
  const rich = pangoOf(text);
  expect(rich.length).toBe(length);
  expect(rich.markup.replaceAll(/<[^>]*>/g, '').trim()).toHaveLength(length);
});
