import { escapeAttribute, escapeText } from '../encode/escape.js';
import type { Collected } from './collected.js';

/** A start tag from the parser. */
export interface OpenTag {
  /** The name as written, with its prefix. */
  readonly name: string;
  readonly attributes: Readonly<
    Record<
      string,
      { readonly name: string; readonly local: string; readonly uri: string; readonly value: string }
    >
  >;
  /** The namespaces that the tag declares, by their prefixes. */
  readonly ns?: Readonly<Record<string, string>> | undefined;
}

/** Anything that may be a prefix, because attributes and texts can contain qualified names too. */
const PREFIX = /[\p{L}_][\p{L}\p{N}\p{M}._-]*(?=:)/gu;

interface Outermost {
  readonly name: string;
  /** Position of the end of its name in the text. */
  readonly at: number;
  /** The prefixes that it declares itself. */
  readonly declared: ReadonlySet<string>;
  end: number;
  /** Whether it is or contains an element without a prefix. */
  hasUnprefixed: boolean;
}

/** A part of a document as standalone XML, without comments and processing instructions. */
export class RawXml {
  #text = '';
  #depth = 0;
  /** Whether the last tag can still be closed as an empty element. */
  #isOpen = false;
  /** The outermost elements: the end of each name, its declarations, and the end of the element. */
  readonly #outermost: Outermost[] = [];
  readonly #collected: Collected;

  constructor(collected: Collected) {
    this.#collected = collected;
  }

  start({ name, attributes, ns = {} }: OpenTag): void {
    this.#collected.addElement();
    this.#closeTag();
    this.#add(`<${name}`);
    if (this.#depth === 0) {
      const declared = new Set(Object.keys(ns));
      this.#outermost.push({ at: this.#text.length, name, declared, end: 0, hasUnprefixed: false });
    }
    const outermost = this.#outermost.at(-1);
    if (outermost !== undefined && !name.includes(':')) outermost.hasUnprefixed = true;
    for (const attribute of Object.values(attributes)) {
      this.#add(` ${attribute.name}="${escapeAttribute(attribute.value)}"`);
    }
    this.#depth += 1;
    this.#isOpen = true;
  }

  end(name: string): void {
    if (this.#isOpen) this.#add('/>');
    else this.#add(`</${name}>`);
    this.#isOpen = false;
    this.#depth -= 1;
    const outermost = this.#outermost.at(-1);
    if (this.#depth === 0 && outermost !== undefined) outermost.end = this.#text.length;
  }

  characters(text: string): void {
    if (text === '') return;
    this.#closeTag();
    this.#add(escapeText(text));
  }

  /** The XML, with the namespaces inherited from its ancestors. */
  finish(resolve: (prefix: string) => string | undefined): string {
    let xml = '';
    let from = 0;
    for (const { at, name, declared, end, hasUnprefixed } of this.#outermost) {
      const prefixes = new Set(`${name}${this.#text.slice(at, end)}`.match(PREFIX));
      if (hasUnprefixed) prefixes.add('');
      let declarations = '';
      for (const prefix of prefixes) {
        const uri = declared.has(prefix) || prefix === 'xml' ? undefined : resolve(prefix);
        if (uri === undefined || uri === '') continue;
        declarations += ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`;
      }
      xml += this.#text.slice(from, at) + declarations;
      from = at;
    }
    return xml + this.#text.slice(from);
  }

  #closeTag(): void {
    if (this.#isOpen) this.#add('>');
    this.#isOpen = false;
  }

  #add(text: string): void {
    this.#collected.add(text.length);
    this.#text += text;
  }
}
