// Documents of strangers are read up to their first problem, so that none keeps the server busy.
import { describe, expect, it } from 'vitest';
import { readUntrustedXml } from '../src/untrusted-xml.js';

const nested = (levels: number): string => `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`;
const withAttributes = (count: number): string =>
  `<a ${Array.from({ length: count }, (_, index) => `b${index}=""`).join(' ')}/>`;

describe('a document of a stranger', () => {
  it('is read with names resolved by namespace', () => {
    const seen: string[] = [];
    const problem = readUntrustedXml('\ufeff<p:a xmlns:p="urn:x" b="1">one<![CDATA[two]]><c/></p:a>', {
      begin: ({ uri, local, attributes }) => seen.push(`<${uri} ${local} ${attributes['b']?.value ?? ''}`),
      text: (text) => seen.push(text),
      end: ({ uri, local }) => seen.push(`>${uri} ${local}`),
    });
    expect(problem).toBeUndefined();
    expect(seen).toEqual(['<urn:x a 1', 'one', 'two', '< c ', '> c', '>urn:x a']);
  });

  it.each([
    ['as many levels as documents may have', nested(100), undefined],
    ['one level more', nested(101), 'it has more than 100 levels'],
    ['levels that never end', '<a>'.repeat(1_000_000), 'it has more than 100 levels'],
    ['as many attributes as elements may have', withAttributes(1000), undefined],
    ['one attribute more', withAttributes(1001), 'an element has more than 1000 attributes'],
    ['attributes on many elements', `<r>${withAttributes(900).repeat(2)}</r>`, undefined],
    ['a document type', '<!DOCTYPE a><a/>', 'it has a DOCTYPE'],
  ])('with %s', (_what, document, problem) => {
    expect(readUntrustedXml(document, {})).toBe(problem);
  });

  it('is not read beyond its first problem', () => {
    const seen: string[] = [];
    const problem = readUntrustedXml('<a><b></a><c/>', { begin: ({ local }) => seen.push(local) });
    expect(problem).toMatch(/unexpected close tag|mismatch/i);
    expect(seen).toEqual(['a', 'b']);
  });

  it('may be a fragment', () => {
    expect(readUntrustedXml('<a/> <b/>', {}, { fragment: true })).toBeUndefined();
    expect(readUntrustedXml('<a/> <b/>', {})).toBeDefined();
  });
});
