import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import { CodegenError, type SourcePosition } from '../diagnostic.js';

/** An attribute of an {@link XmlElement}, with its namespace resolved. */
export interface XmlAttribute {
  readonly name: string;
  readonly local: string;
  readonly uri: string;
  readonly value: string;
}

/** An element of a schema document, with its position for diagnostics. */
export interface XmlElement {
  readonly local: string;
  readonly uri: string;
  /** The name as written, with its prefix. */
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlElement[];
  readonly position: SourcePosition;
  readonly parent: XmlElement | undefined;
  /** Namespace declarations made on this element; the empty key is the default namespace. */
  readonly namespaces: Readonly<Record<string, string>>;
  text: string;
}

/** A name and its namespace. */
export interface QName {
  readonly uri: string;
  readonly local: string;
}

const MAX_DEPTH = 200;

/**
 * Parses a schema document into a tree of nodes with positions.
 *
 * A DOCTYPE is refused, because schema documents need none and entities are a well-known attack.
 *
 * @param unprefixed - The namespace of names without a prefix if the root declares none.
 * @throws CodegenError with the position of the first well-formedness error.
 */
export function parseXml(text: string, file: string, unprefixed?: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true, fileName: file });
  let root: XmlElement | undefined;
  let current: XmlElement | undefined;
  let depth = 0;
  let start: SourcePosition = { file, line: 1, column: 1 };

  const here = (): SourcePosition => ({ file, line: parser.line, column: parser.column + 1 });
  const fail = (code: string, message: string, position: SourcePosition = here()): never => {
    throw new CodegenError([{ code, message, position }]);
  };

  parser.on('error', (error) => {
    fail('malformed-xml', error.message.replace(/^.*?:\d+:\d+: /s, ''));
  });
  parser.on('doctype', () =>
    fail('doctype', 'a DOCTYPE is not allowed in a schema document; remove it in a copy of the file'),
  );
  parser.on('opentagstart', (tag) => {
    // The parser has already read `<name` and one more character.
    start = { file, line: parser.line, column: Math.max(1, parser.column - tag.name.length - 1) };
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > MAX_DEPTH) fail('too-deep', `elements are nested more than ${MAX_DEPTH} deep`);
    const attributes: XmlAttribute[] = [];
    for (const key in tag.attributes) {
      const { prefix, name, local, uri, value } = tag.attributes[key] as SaxesAttributeNS;
      if (prefix !== 'xmlns' && name !== 'xmlns') attributes.push({ name, local, uri, value });
    }
    const element: XmlElement = {
      local: tag.local,
      uri: tag.uri,
      name: tag.name,
      attributes,
      children: [],
      position: start,
      parent: current,
      namespaces: declarations(tag.ns, current === undefined ? unprefixed : undefined),
      text: '',
    };
    if (current) current.children.push(element);
    else root = element;
    current = element;
  });
  parser.on('text', (chunk) => {
    // Most text is white space between elements, which is ignored.
    if (current && /[^\t\n\r ]/.test(chunk)) current.text += chunk;
  });
  parser.on('cdata', (chunk) => {
    if (current) current.text += chunk;
  });
  parser.on('closetag', () => {
    depth -= 1;
    current = current?.parent;
  });
  parser.write(text).close();
  return root ?? fail('malformed-xml', 'the document has no root element');
}

/** Most elements declare no namespaces and share one empty table. */
const NO_DECLARATIONS: Readonly<Record<string, string>> = Object.freeze(
  Object.create(null) as Record<string, string>,
);

function declarations(
  declared: Readonly<Record<string, string>>,
  unprefixed: string | undefined,
): Readonly<Record<string, string>> {
  const isOpen = unprefixed !== undefined && (declared[''] ?? '') === '';
  if (!isOpen && Object.keys(declared).length === 0) return NO_DECLARATIONS;
  const all = Object.assign(Object.create(null) as Record<string, string>, declared);
  return isOpen ? Object.assign(all, { '': unprefixed }) : all;
}

/** The value of an attribute without a namespace, or `undefined`. */
export function attribute(element: XmlElement, local: string): string | undefined {
  return element.attributes.find((a) => a.uri === '' && a.local === local)?.value;
}

/** Resolves `prefix:local` by the namespace declarations in scope at `element`. */
export function resolveQName(element: XmlElement, value: string): QName | undefined {
  const trimmed = value.trim();
  const colon = trimmed.indexOf(':');
  const prefix = colon < 0 ? '' : trimmed.slice(0, colon);
  const local = colon < 0 ? trimmed : trimmed.slice(colon + 1);
  if (prefix === 'xml') return { uri: 'http://www.w3.org/XML/1998/namespace', local };
  for (let scope: XmlElement | undefined = element; scope; scope = scope.parent) {
    const uri = scope.namespaces[prefix];
    if (uri !== undefined) return { uri, local };
  }
  return prefix === '' ? { uri: '', local } : undefined;
}
