import { escapeText } from '../encode/escape.js';
import { isSecretName } from '../type-plan.js';
import type { UnknownElement } from '../unknown-elements.js';

/** An element without a plan: a SOAP fault, or a header block of another specification. */
export interface GenericElement {
  readonly local: string;
  readonly namespace: string;
  readonly children: GenericElement[];
  text: string;
  /** Its `xml:lang`. */
  readonly lang: string | undefined;
}

/** The first child with a local name, in any namespace. */
export function child(element: GenericElement | undefined, local: string): GenericElement | undefined {
  return element?.children.find((c) => c.local === local);
}

/** The trimmed text of an element. */
export function textOf(element: GenericElement | undefined): string | undefined {
  return element?.text.trim();
}

export function newElement(local: string, namespace: string, lang?: string): GenericElement {
  return { local, namespace, children: [], text: '', lang };
}

/** The key of the text between the elements of an element. No element has this name. */
const MIXED_TEXT = '#text';

/**
 * An element as a plain value: an object, an array if it contains only `items`, or its text. Text between elements is under the key
 * `#text`.
 */
export function plainValue({ children, text }: GenericElement): unknown {
  if (children.length === 0) return text;
  const mixed = text.trim();
  if (mixed === '' && children.every(({ local }) => local === 'items')) return children.map(plainValue);
  const byName = Map.groupBy(children, ({ local }) => local);
  const fields = [...byName].map(([name, same]) => {
    const values = same.map(plainValue);
    return [name, values.length === 1 ? values[0] : values] as const;
  });
  return Object.fromEntries(mixed === '' ? fields : [[MIXED_TEXT, mixed], ...fields]);
}

/** The content of an element: its text, or its text and children as XML, without secrets. */
export function rawOf(element: GenericElement): string {
  if (isSecretName(element.local)) return '';
  if (element.children.length === 0) return element.text;
  const children = element.children.map(
    (one) =>
      `<${one.local}>${one.children.length === 0 ? escapeText(rawOf(one)) : rawOf(one)}</${one.local}>`,
  );
  return escapeText(element.text.trim()) + children.join('');
}

/** Converts an element to an {@link UnknownElement}, without white space around child elements. */
export function unknownElementOf(element: GenericElement, around: string): UnknownElement {
  const { local, namespace, children } = element;
  const text = children.length === 0 ? element.text : element.text.trim();
  return {
    name: local,
    ...(namespace === around ? {} : { namespace }),
    ...(text === '' ? {} : { text }),
    ...(children.length === 0 ? {} : { children: children.map((one) => unknownElementOf(one, namespace)) }),
  };
}
