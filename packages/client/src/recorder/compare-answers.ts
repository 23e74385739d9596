import { sameText } from './same-text.js';
import { elementsOf, find, textOf, type XmlElement } from './xml-node.js';

/** Kind of a difference between two responses. */
export type DifferenceKind =
  /** Different HTTP status. */
  | 'status'
  /** Different message: one is a fault, another message, or not XML. */
  | 'message'
  /** Different namespace of the message. */
  | 'namespace'
  /** A recorded field is missing. */
  | 'missing'
  /** A field was not recorded. */
  | 'extra'
  /** Different order of the fields. */
  | 'order'
  /** Different number of items in a list. */
  | 'count'
  /** Different value of a field. */
  | 'value';

/** A difference between two responses. */
export interface AnswerDifference {
  readonly kind: DifferenceKind;
  readonly path: string;
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
}

/** A response to compare. */
export interface ComparedAnswer {
  readonly status: number;
  readonly document: XmlElement | undefined;
}

/** Compares two responses path by path. */
export function compareAnswers(recorded: ComparedAnswer, ours: ComparedAnswer): AnswerDifference[] {
  const found: AnswerDifference[] = [];
  const differ = (kind: DifferenceKind, path: string, a?: string, b?: string): void =>
    void found.push({ kind, path, recorded: a, replayed: b });
  if (recorded.status !== ours.status) differ('status', '', String(recorded.status), String(ours.status));
  const [a, b] = [messageOf(recorded.document), messageOf(ours.document)];
  if (a?.element.local !== b?.element.local) {
    differ('message', '', described(a?.element), described(b?.element));
  } else if (a !== undefined && b !== undefined) {
    if (a.namespace !== b.namespace) differ('namespace', a.element.local, a.namespace, b.namespace);
    compareElements(a.element, b.element, a.element.local, differ);
  }
  return found;
}

type Differ = (kind: DifferenceKind, path: string, recorded?: string, ours?: string) => void;

function compareElements(recorded: XmlElement, ours: XmlElement, path: string, differ: Differ): void {
  const [a, b] = [byName(recorded), byName(ours)];
  if (a.size === 0 && b.size === 0) {
    const [text, other] = [textOf(recorded), textOf(ours)];
    if (!sameText(recorded.local, text, other)) differ('value', path, text, other);
    return;
  }
  const shared = (names: Iterable<string>): string =>
    [...names].filter((name) => a.has(name) && b.has(name)).join(', ');
  if (shared(a.keys()) !== shared(b.keys())) differ('order', path, shared(a.keys()), shared(b.keys()));
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const [left = [], right = []] = [a.get(name), b.get(name)];
    // Items belong to the path of their array.
    const isList = name === 'items' || left.length > 1 || right.length > 1;
    const below = name === 'items' ? path : `${path}.${name}`;
    if (isList && left.length !== right.length)
      differ('count', below, String(left.length), String(right.length));
    else if (right.length === 0) differ('missing', below, shown(left[0]), undefined);
    else if (left.length === 0) differ('extra', below, undefined, shown(right[0]));
    for (const [i, element] of left.entries()) {
      const other = right[i];
      if (other !== undefined) compareElements(element, other, isList ? `${below}[${i}]` : below, differ);
    }
  }
}

function byName(element: XmlElement): Map<string, XmlElement[]> {
  const groups = new Map<string, XmlElement[]>();
  for (const child of elementsOf(element))
    groups.set(child.local, [...(groups.get(child.local) ?? []), child]);
  return groups;
}

/** The message in an envelope, or the document itself without an envelope, with its namespace. */
function messageOf(
  document: XmlElement | undefined,
): { readonly element: XmlElement; readonly namespace: string } | undefined {
  if (document === undefined) return undefined;
  const body = document.local === 'Envelope' ? find(document, 'Body') : undefined;
  const element = document.local === 'Envelope' ? body && elementsOf(body)[0] : document;
  if (element === undefined) return undefined;
  const prefix = element.name.slice(0, -element.local.length).replace(':', '');
  const wanted = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
  const declared = [element, body, document].flatMap((each) => each?.attributes ?? []);
  return { element, namespace: declared.find(([name]) => name === wanted)?.[1] ?? '' };
}

/** The name of a message, with code and reason of a fault. */
function described(element: XmlElement | undefined): string {
  if (element === undefined) return 'not XML';
  const code = find(element, 'code');
  const reason = find(element, 'reason') ?? find(element, 'faultstring');
  const words = [element.local, code && textOf(code), reason && textOf(reason)];
  return words.filter((word) => word !== undefined && word !== '').join(' ');
}

function shown(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  return elementsOf(element).length === 0 ? textOf(element) : '…';
}
