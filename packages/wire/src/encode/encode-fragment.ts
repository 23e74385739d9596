import { SaxesParser } from 'saxes';
import { WireError } from '../errors.js';
import { type Path, pathText } from './path.js';

const BEFORE_ROOT = /^(?:[\t\n\r ]|<!--[\s\S]*?-->|<\?[\s\S]*?\?>)*/;

/**
 * Writes the content of an element that allows any content: text and elements as XML. Elements without a prefix inherit the namespace
 * of their parent unless they declare another.
 *
 * @throws WireError when the content is not well-formed on its own.
 */
export function encodeFragment(value: unknown, path: Path): string {
  const xml = requireText(value, path);
  parse(`<x>${xml}</x>`, path);
  return xml;
}

/**
 * Writes an element that is not in the contract.
 *
 * @param scope - Namespace of the parent. Without its own declaration, the element has no namespace.
 * @throws WireError when the value is not exactly one well-formed element.
 */
export function encodeWildcard(value: unknown, path: Path, scope: string): string {
  const xml = requireText(value, path).trim();
  if (/^<\?xml[\t\n\r ]/.test(xml)) throw wrong('it begins with an XML declaration', path);
  const root = parse(xml, path);
  if (scope === '' || !root.hasBare) return xml;
  const at = (BEFORE_ROOT.exec(xml)?.[0].length ?? 0) + 1 + root.name.length;
  return `${xml.slice(0, at)} xmlns=""${xml.slice(at)}`;
}

function requireText(value: unknown, path: Path): string {
  if (typeof value === 'string') return value;
  throw new WireError(
    'bad-value',
    `found ${value === null ? 'null' : typeof value}, expected XML`,
    pathText(path),
  );
}

/** The name of the root, and whether any element has no namespace. */
function parse(xml: string, path: Path): { readonly name: string; readonly hasBare: boolean } {
  const parser = new SaxesParser({ xmlns: true, position: false });
  let root: { name: string; hasBare: boolean } | undefined;
  parser.on('doctype', () => {
    throw wrong('a DOCTYPE is not allowed', path);
  });
  parser.on('error', (error) => {
    throw wrong(error.message, path);
  });
  parser.on('opentag', (tag) => {
    root ??= { name: tag.name, hasBare: false };
    // With its own declaration, an element keeps its namespace in any position.
    if (tag.uri === '' && !Object.hasOwn(tag.ns, '')) root.hasBare = true;
  });
  parser.write(xml).close();
  if (root === undefined) throw wrong('it contains no element', path);
  return root;
}

function wrong(why: string, path: Path): WireError {
  return new WireError('bad-value', `expected well-formed XML: ${why.replace(/\.$/, '')}`, pathText(path));
}
