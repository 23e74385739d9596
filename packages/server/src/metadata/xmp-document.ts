import { deflateSync } from 'node:zlib';
import { invalidParameter } from '../faults.js';
import { XMP_PREFIXES, type XmpProperties, xmpProperties } from '../images/xmp-packet.js';
import { inflatedText } from './inflated-text.js';

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** Properties written as language alternatives. */
const LANGUAGE_KEYS: ReadonlySet<string> = new Set([
  'dc.title',
  'dc.description',
  'dc.rights',
  'xmpRights.UsageTerms',
]);

/** An XMP packet in the API's encoding: compressed with zlib, in Base64. */
export function packedPacket(packet: string): string {
  return deflateSync(packet).toString('base64');
}

/**
 * The XMP packet in a request, and its properties.
 *
 * @throws IpsFault 30001 unless it is zlib data of limited size that contains RDF in well-formed XML without a DOCTYPE.
 */
export function unpackedPacket(
  compressed: string | Uint8Array,
  path: string,
): { readonly packet: string; readonly properties: XmpProperties } {
  const text = inflatedText(compressed, path);
  // Packets are padded, some with zero bytes, which the database cannot store.
  const packet = text.replaceAll('\0', '');
  const properties = packet.includes(RDF) ? xmpProperties(packet) : undefined;
  if (properties === undefined) {
    throw invalidParameter(
      path,
      packet.slice(0, 80),
      'an XMP packet: well-formed XML with rdf:RDF and without a DOCTYPE',
    );
  }
  return { packet, properties };
}

/** A packet with the given properties, for an asset whose file had none. */
export function packetOf(properties: XmpProperties): string {
  const namespaces = new Map(Object.entries(XMP_PREFIXES).map(([uri, prefix]) => [prefix, uri]));
  const used = new Set<string>();
  const lines = Object.entries(properties).flatMap(([key, value]) => {
    const dot = key.indexOf('.');
    const prefix = key.slice(0, dot);
    const name = key.slice(dot + 1);
    if (!namespaces.has(prefix) || !/^[A-Za-z_][\w-]*$/.test(name)) return [];
    used.add(prefix);
    return [`   <${prefix}:${name}>${content(key, value)}</${prefix}:${name}>`];
  });
  const declared = [...used].map((prefix) => ` xmlns:${prefix}="${namespaces.get(prefix)}"`).join('');
  return [
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    ` <rdf:RDF xmlns:rdf="${RDF}">`,
    `  <rdf:Description rdf:about=""${declared}>`,
    ...lines,
    '  </rdf:Description>',
    ' </rdf:RDF>',
    '</x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n');
}

function content(key: string, value: string | string[]): string {
  if (typeof value !== 'string') {
    const items = value.map((each) => `<rdf:li>${escaped(each)}</rdf:li>`).join('');
    return key === 'dc.creator' ? `<rdf:Seq>${items}</rdf:Seq>` : `<rdf:Bag>${items}</rdf:Bag>`;
  }
  if (!LANGUAGE_KEYS.has(key)) return escaped(value);
  return `<rdf:Alt><rdf:li xml:lang="x-default">${escaped(value)}</rdf:li></rdf:Alt>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** Text for XML 1.0, without the characters that it cannot contain. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll(/[&<>\r]/g, (char) => ENTITIES[char] ?? char);
