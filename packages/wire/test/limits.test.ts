// Each limit at its boundary: the greatest document that is accepted, and the next one.
import { describe, expect, it } from 'vitest';
import type { Assembler } from '../src/decode/assembler.js';
import { Collected } from '../src/decode/collected.js';
import { DocumentParser } from '../src/decode/parse-saxes.js';
import { WireError } from '../src/errors.js';
import { codec } from '../src/index.js';
import { type FullLimits, fullLimits } from '../src/limits.js';

/** Parses chunks, and returns what the assembler got or the code of the error with its place. */
function parsed(chunks: readonly string[], limits: Partial<FullLimits> = {}): unknown {
  const seen: unknown[] = [];
  const recorder = {
    open: (local: string, _uri: string, attributes: object) => seen.push([local, attributes]),
    text: (text: string) => seen.push(text),
    close: () => undefined,
  };
  // The parser calls nothing else of it.
  const parser = new DocumentParser(recorder as unknown as Assembler, fullLimits(limits, true));
  try {
    for (const chunk of chunks) parser.write(chunk);
    parser.end();
    return seen;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.code;
  }
}

const PLAIN = { nil: false, lang: undefined };

describe('a limit', () => {
  it('of the document counts all chunks', () => {
    const chunks = ['<a>', '12345', '</a>'];
    expect(parsed(chunks, { maxLength: 12 })).toEqual([['a', PLAIN], '12345']);
    expect(parsed(chunks, { maxLength: 11 })).toBe('limit');
  });

  it('of the document counts a document that is read whole, before it is parsed', () => {
    const xml = codec.encodeMessage('GetActiveJobsParam', { companyHandle: 'c|6' });
    const read = (maxLength: number) =>
      codec.decodeMessage('GetActiveJobsParam', xml, { limits: { maxLength } });
    expect(read(xml.length)).toMatchObject({ companyHandle: 'c|6' });
    expect(() => read(xml.length - 1)).toThrow(`the document is longer than ${xml.length - 1} characters`);
  });

  it('of the document is 256 Mi unless it is streamed', () => {
    expect(fullLimits(undefined, false).maxLength).toBe(2 ** 28);
    expect(fullLimits(undefined, true).maxLength).toBe(Number.POSITIVE_INFINITY);
  });

  it('of texts applies to each text and attribute', () => {
    expect(parsed(['<a><b>123</b><b>123</b></a>'], { maxText: 3 })).toContain('123');
    expect(parsed(['<a>1234</a>'], { maxText: 3 })).toBe('limit');
    expect(parsed(['<a><![CDATA[1234]]></a>'], { maxText: 3 })).toBe('limit');
    expect(parsed(['<a b="123"/>'], { maxText: 3 })).toEqual([['a', PLAIN]]);
    expect(parsed(['<a b="1234"/>'], { maxText: 3 })).toBe('limit');
  });

  it('of texts applies before a comment, name or tag ends', () => {
    const chunks = (count: number): string[] => [
      '<a><!--',
      ...Array.from({ length: count }, () => 'xxxx'),
      '--></a>',
    ];
    // Four characters at a time are read while no more than ten are pending.
    expect(parsed(chunks(1), { maxText: 12 })).toEqual([['a', PLAIN]]);
    expect(parsed(chunks(50), { maxText: 12 })).toBe('limit');
    expect(parsed(['<a ', ...Array.from({ length: 50 }, () => 'name')], { maxText: 12 })).toBe('limit');
    // What is read completely is no longer pending.
    const elements = Array.from({ length: 50 }, () => '<b>1</b>');
    expect(parsed(['<a>', ...elements, '</a>'], { maxText: 12 })).toHaveLength(101);
  });

  it('of an unknown element counts its texts and its elements', () => {
    const texts = new Collected(10);
    texts.add(4);
    texts.add(6);
    expect(() => texts.add(1)).toThrow('an unknown element is longer than 10 characters');
    const elements = new Collected(128);
    elements.addElement();
    elements.addElement();
    expect(() => elements.addElement()).toThrow(WireError);
  });
});

describe('an attribute', () => {
  const XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"';
  const first = (xml: string): unknown => (parsed([xml]) as readonly (readonly unknown[])[])[0]?.[1];

  it('makes an element nil only with its name, namespace and value', () => {
    for (const value of ['true', '1'])
      expect(first(`<a ${XSI} i:nil="${value}"/>`)).toEqual({ ...PLAIN, nil: true });
    for (const other of ['i:nil="false"', 'i:nil="0"', 'nil="true"', 'i:nill="true"', 'i:nil="yes"'])
      expect(first(`<a ${XSI} ${other}/>`), other).toEqual(PLAIN);
  });

  it('gives the language only with its name and namespace', () => {
    expect(first('<a xml:lang="de"/>')).toEqual({ nil: false, lang: 'de' });
    expect(first(`<a ${XSI} i:nil="1" xml:lang="de"/>`)).toEqual({ nil: true, lang: 'de' });
    for (const other of ['lang="de"', 'xml:space="preserve"', `${XSI} i:lang="de"`])
      expect(first(`<a ${other}/>`), other).toEqual(PLAIN);
  });
});

describe('an error', () => {
  const errorOf = (...chunks: string[]): WireError => {
    const recorder = { open: () => undefined, text: () => undefined, close: () => undefined };
    // The parser calls nothing else of it.
    const parser = new DocumentParser(recorder as unknown as Assembler, fullLimits({}, true));
    try {
      for (const chunk of chunks) parser.write(chunk);
      parser.end();
    } catch (error) {
      if (error instanceof WireError) return error;
    }
    throw new Error('it was read');
  };

  it('names the line and the column, from 1', () => {
    const { message, line, column } = errorOf('<a>\n  <b></c>\n</a>') as WireError & {
      line?: number;
      column?: number;
    };
    expect(message).toMatch(/\(line 2, column 10\)$/);
    expect([line, column]).toEqual([2, 10]);
  });
});
