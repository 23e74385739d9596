import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import { WireError } from '../errors.js';
import type { FullLimits } from '../limits.js';
import type { Assembler } from './assembler.js';
import type { OpenTag } from './raw-xml.js';

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

const XML = 'http://www.w3.org/XML/1998/namespace';

const PLAIN = { nil: false, lang: undefined } as const;
const NIL = { nil: true, lang: undefined } as const;

/**
 * Parses a document, whole or in chunks, for an assembler, and enforces the limits.
 *
 * It handles as few events as possible: with more than eight handlers, the parser object falls into V8's dictionary mode and becomes
 * five times slower.
 */
export class DocumentParser {
  readonly #parser: SaxesParser<{ xmlns: true; position: true }>;
  readonly #assembler: Assembler;
  readonly #limits: FullLimits;
  #depth = 0;
  #length = 0;
  /** Characters since the last parser event: those of an unfinished text, comment, tag or name. */
  #pending = 0;

  constructor(assembler: Assembler, limits: FullLimits) {
    this.#assembler = assembler;
    this.#limits = limits;
    const parser = new SaxesParser({ xmlns: true, position: true });
    this.#parser = parser;
    // Not caught at the calls of the parser, because exceptions of the caller's own functions pass through them too.
    parser.on('error', (error) => {
      throw this.#error('malformed-xml', error.message.replace(/^(?:.*?:)?\d+:\d+: /s, ''));
    });
    parser.on('doctype', () => {
      throw this.#error('doctype', 'a DOCTYPE is not allowed');
    });
    parser.on('opentag', (tag) => this.#open(tag));
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    parser.on('closetag', () => {
      this.#pending = 0;
      this.#depth -= 1;
      assembler.close();
    });
  }

  write(chunk: string): void {
    this.#length += chunk.length;
    if (this.#length > this.#limits.maxLength) {
      throw this.#error('limit', `the document is longer than ${this.#limits.maxLength} characters`);
    }
    if (this.#pending > this.#limits.maxText) throw this.#tooLong();
    this.#pending += chunk.length;
    this.#parser.write(chunk);
  }

  end(): void {
    try {
      this.#parser.close();
    } catch (error) {
      // At the end of a document the parser turns half a surrogate pair into a character.
      if (!(error instanceof RangeError && error.message.startsWith('Invalid code point'))) throw error;
      throw this.#error('malformed-xml', 'the document ends in the middle of a character');
    }
  }

  #open(tag: SaxesTagNS): void {
    this.#pending = 0;
    this.#depth += 1;
    const { maxDepth, maxAttributes, maxText } = this.#limits;
    if (this.#depth > maxDepth) throw this.#error('limit', `elements are nested more than ${maxDepth} deep`);
    let count = 0;
    let nil = false;
    let lang: string | undefined;
    for (const name in tag.attributes) {
      const attribute = tag.attributes[name] as SaxesAttributeNS;
      count += 1;
      if (attribute.value.length > maxText) throw this.#tooLong();
      if (isNil(attribute.uri, attribute.local, attribute.value)) nil = true;
      if (attribute.local === 'lang' && attribute.uri === XML) lang = attribute.value;
    }
    if (count > maxAttributes)
      throw this.#error('limit', `an element has more than ${maxAttributes} attributes`);
    const attributes = lang === undefined ? (nil ? NIL : PLAIN) : { nil, lang };
    this.#assembler.open(tag.local, tag.uri, attributes, tag as OpenTag);
  }

  #text(text: string): void {
    this.#pending = 0;
    if (text.length > this.#limits.maxText) throw this.#tooLong();
    this.#assembler.text(text);
  }

  #tooLong(): WireError {
    return this.#error('limit', `a text or name is longer than ${this.#limits.maxText} characters`);
  }

  #error(code: 'malformed-xml' | 'doctype' | 'limit', message: string): WireError {
    const { line, column } = this.#parser;
    return new WireError(code, `${message} (line ${line}, column ${column + 1})`, '', {
      line,
      column: column + 1,
    });
  }
}

/** Whether an attribute is a true `xsi:nil`. */
function isNil(uri: string, local: string, value: string): boolean {
  return uri === XSI && local === 'nil' && (value === 'true' || value === '1');
}
