import { WireError } from '../errors.js';
import type { UnknownElement } from '../unknown-elements.js';
import { escapeAttribute, escapeText } from './escape.js';
import { type Path, pathText } from './path.js';

/** An XML name without a colon. */
const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}._\u00b7-]*$/u;

/**
 * Writes elements that the contract lacks, in the given order.
 *
 * @throws WireError when sending them is not enabled, or a name or text is not valid in XML.
 */
export function encodeUnknown(
  elements: readonly UnknownElement[],
  path: Path | undefined,
  sends: boolean,
): string {
  if (!sends && elements.length > 0) {
    throw new WireError(
      'unknown-field',
      `the value has elements that the contract lacks; to send them, set unknownElements: 'send'`,
      pathText(path),
    );
  }
  return elements.map((element) => encodeElement(element, path)).join('');
}

function encodeElement(
  { name, namespace, text = '', children = [] }: UnknownElement,
  parent: Path | undefined,
): string {
  const path: Path = { parent, key: name };
  if (!NAME.test(name)) throw new WireError('bad-value', `"${name}" is not an XML name`, pathText(parent));
  const declaration = namespace === undefined ? '' : ` xmlns="${escapeAttribute(namespace)}"`;
  const content = escapeText(text, path) + children.map((child) => encodeElement(child, path)).join('');
  return content === '' ? `<${name}${declaration}/>` : `<${name}${declaration}>${content}</${name}>`;
}
