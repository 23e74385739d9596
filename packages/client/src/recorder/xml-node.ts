import { SaxesParser } from 'saxes';

/** An element of a document. */
export interface XmlElement {
  /** Name with prefix. */
  readonly name: string;
  readonly local: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly XmlNode[];
}

/** An element or a text. */
export type XmlNode = XmlElement | string;

/**
 * Parses a document without a contract. Comments and processing instructions are dropped.
 *
 * @returns `undefined` when it is not well-formed XML, or has a DOCTYPE.
 */
export function parseXml(text: string): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: false });
  const root: { children: XmlNode[] } = { children: [] };
  const open: { children: XmlNode[] }[] = [root];
  const add = (node: XmlNode): void => {
    const { children } = open.at(-1) ?? root;
    const last = children.at(-1);
    if (typeof node === 'string' && typeof last === 'string') children[children.length - 1] = last + node;
    else children.push(node);
  };
  parser.on('doctype', () => {
    throw new Error('a DOCTYPE');
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = {
      name,
      local: localName(name),
      attributes: Object.entries(attributes),
      children: [] as XmlNode[],
    };
    add(element);
    open.push(element);
  });
  parser.on('text', (characters) => (open.length > 1 ? add(characters) : undefined));
  parser.on('cdata', add);
  parser.on('closetag', () => void open.pop());
  try {
    parser.write(text).close();
  } catch {
    // The caller cannot use an invalid document, regardless of the reason.
    return undefined;
  }
  return elementsOf(root)[0];
}

/** Formats a document as lines, with one line for each element that contains only text. */
export function xmlLines(element: XmlElement, indent = ''): string[] {
  const attributes = element.attributes.map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  const tag = `${element.name}${attributes}`;
  const elements = elementsOf(element);
  if (elements.length === 0) {
    const text = textOf(element);
    return [`${indent}${text === '' ? `<${tag}/>` : `<${tag}>${escaped(text)}</${element.name}>`}`];
  }
  const inner = element.children.flatMap((child) => {
    if (typeof child !== 'string') return xmlLines(child, `${indent}  `);
    return child.trim() === '' ? [] : [`${indent}  ${escaped(child.trim())}`];
  });
  return [`${indent}<${tag}>`, ...inner, `${indent}</${element.name}>`];
}

/** The child elements of an element. */
export function elementsOf({ children }: { readonly children: readonly XmlNode[] }): XmlElement[] {
  return children.filter((child) => typeof child !== 'string');
}

/** The text of an element, without that of its children. */
export function textOf({ children }: XmlElement): string {
  return children.filter((child) => typeof child === 'string').join('');
}

/** The first descendant with a name. */
export function find(element: XmlElement, local: string): XmlElement | undefined {
  for (const child of elementsOf(element)) {
    const found = child.local === local ? child : find(child, local);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A name without its prefix. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function escaped(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (character) =>
    character === '&' || character === '<' || character === '>' || character === '"'
      ? { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[character]
      : `&#${character.charCodeAt(0)};`,
  );
}
