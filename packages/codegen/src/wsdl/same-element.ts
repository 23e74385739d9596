import { resolveQName, type XmlElement } from '../xml/parse-xml.js';

/** Whether two elements are equal except for prefixes and comments. */
export function sameElement(a: XmlElement, b: XmlElement): boolean {
  const pairs: [XmlElement, XmlElement][] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [one, other] = pair;
    const mine = childrenOf(one);
    const theirs = childrenOf(other);
    const alike =
      one.local === other.local &&
      one.uri === other.uri &&
      mine.length === theirs.length &&
      attributesText(one) === attributesText(other);
    if (!alike) return false;
    mine.forEach((child, index) => {
      pairs.push([child, theirs[index] as XmlElement]);
    });
  }
  return true;
}

function childrenOf(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => child.local !== 'annotation' && child.local !== 'documentation');
}

const NAMES: ReadonlySet<string> = new Set([
  'type',
  'ref',
  'base',
  'itemType',
  'substitutionGroup',
  'element',
  'message',
  'binding',
]);

function attributesText(element: XmlElement): string {
  const texts = element.attributes
    .filter(({ uri }) => uri === '')
    .map(({ local, value }) => {
      const name = NAMES.has(local) ? resolveQName(element, value) : undefined;
      return `${local}=${name === undefined ? value : `{${name.uri}}${name.local}`}`;
    });
  return texts.sort().join('\n');
}
