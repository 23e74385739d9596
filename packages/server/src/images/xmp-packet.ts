import { readUntrustedXml, type UntrustedTag } from '../untrusted-xml.js';

/** Values by XMP dot key, such as `dc.title`; an array for a bag or sequence. */
export type XmpProperties = Record<string, string | string[]>;

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** The prefixes of keys by namespace, whatever prefixes the packet uses. */
export const XMP_PREFIXES: Readonly<Record<string, string>> = {
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://ns.adobe.com/xap/1.0/': 'xmp',
  'http://ns.adobe.com/xap/1.0/rights/': 'xmpRights',
  'http://ns.adobe.com/xap/1.0/mm/': 'xmpMM',
  'http://ns.adobe.com/photoshop/1.0/': 'photoshop',
  'http://ns.adobe.com/tiff/1.0/': 'tiff',
  'http://ns.adobe.com/exif/1.0/': 'exif',
  'http://ns.adobe.com/exif/1.0/aux/': 'aux',
  'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/': 'Iptc4xmpCore',
};

const MAX_PROPERTIES = 500;
const MAX_LENGTH = 10_000;

/**
 * The simple properties and the text lists of an XMP packet, without structures.
 *
 * @returns `undefined` for anything but an XMP packet.
 */
export function xmpProperties(packet: string): XmpProperties | undefined {
  const properties: XmpProperties = {};
  let count = 0;
  let inDescription = 0;
  /** The current property: its key, whether it is a list, and its values so far. */
  let property: { key: string; depth: number; list: 'none' | 'all' | 'one'; values: string[] } | undefined;
  let text = '';
  let depth = 0;
  const keep = (key: string, value: string | string[]): void => {
    if (count >= MAX_PROPERTIES || value.length === 0) return;
    count += 1;
    properties[key] = value;
  };
  const keyOf = (uri: string, prefix: string, local: string): string =>
    `${XMP_PREFIXES[uri] ?? prefix}.${local}`;
  const begin = (tag: UntrustedTag): void => {
    depth += 1;
    text = '';
    if (tag.uri === RDF && tag.local === 'Description' && property === undefined) {
      inDescription = depth;
      for (const { uri, prefix, local, value } of Object.values(tag.attributes)) {
        if (uri !== '' && uri !== RDF && prefix !== 'xmlns' && prefix !== 'xml' && prefix !== '')
          keep(keyOf(uri, prefix, local), clip(value));
      }
    } else if (property === undefined && inDescription > 0 && depth === inDescription + 1) {
      property = { key: keyOf(tag.uri, tag.prefix, tag.local), depth, list: 'none', values: [] };
    } else if (property !== undefined && tag.uri === RDF && property.list === 'none') {
      if (tag.local === 'Bag' || tag.local === 'Seq') property.list = 'all';
      else if (tag.local === 'Alt') property.list = 'one';
    }
  };
  const addText = (chunk: string): void => {
    if (text.length < MAX_LENGTH) text += chunk;
  };
  const end = (tag: Pick<UntrustedTag, 'uri' | 'local'>): void => {
    if (property !== undefined && tag.uri === RDF && tag.local === 'li' && property.list !== 'none') {
      if (text.trim() !== '' && property.values.length < MAX_PROPERTIES) property.values.push(clip(text));
    } else if (property !== undefined && depth === property.depth) {
      const { key, list, values } = property;
      if (list === 'all') keep(key, values);
      else keep(key, list === 'one' ? (values[0] ?? '') : clip(text));
      property = undefined;
    }
    if (depth === inDescription) inDescription = 0;
    text = '';
    depth -= 1;
  };
  // Packets are padded with spaces, some with zero bytes.
  const problem = readUntrustedXml(
    packet.replaceAll('\0', ''),
    { begin, end, text: addText },
    { fragment: true },
  );
  return problem === undefined ? properties : undefined;
}

/**
 * The entries of a list such as `shoes, red\, dark`: separated by commas; a backslash escapes the next character.
 */
export function keywordsOf(list: string): string[] {
  const words = list.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return [
    ...new Set(words.map((word) => word.replaceAll(/\\(.)/gs, '$1').trim()).filter((word) => word !== '')),
  ];
}

const clip = (text: string): string => text.trim().slice(0, MAX_LENGTH);
