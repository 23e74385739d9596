import { deflateSync } from 'node:zlib';
import { invalidParameter } from '../faults.js';
import { readUntrustedXml } from '../untrusted-xml.js';
import { inflatedText } from './inflated-text.js';

/** Maximum length of a namespace, in characters. */
const MAX_NAMESPACE = 1000;

/**
 * The namespace that a schema in a request describes: the `namespace` of the `xmp_schema` in definitions of XMP, as Adobe's programs use
 * them, or the `targetNamespace` of an XML schema.
 *
 * @throws IpsFault 30001 unless it is zlib data of limited size that contains well-formed XML without a DOCTYPE, with one such namespace.
 */
export function namespaceOfSchema(compressed: string | Uint8Array, path: string): string {
  const text = inflatedText(compressed, path);
  const found = new Set<string>();
  const problem = readUntrustedXml(text, {
    begin: ({ local, attributes }) => {
      const name = local === 'xmp_schema' ? 'namespace' : local === 'schema' ? 'targetNamespace' : '';
      const namespace = attributes[name]?.value.trim() ?? '';
      if (namespace !== '' && found.size <= 1) found.add(namespace);
    },
  });
  const [namespace, ...others] = found;
  if (
    problem !== undefined ||
    namespace === undefined ||
    others.length > 0 ||
    namespace.length > MAX_NAMESPACE
  ) {
    const reason = problem ?? (others.length > 0 ? 'it describes several' : 'it describes none');
    throw invalidParameter(
      path,
      text.slice(0, 80),
      `an XML document that describes one namespace of at most ${MAX_NAMESPACE} characters, by xmp_schema with namespace or by schema with targetNamespace (${reason})`,
    );
  }
  return namespace;
}

/** A list of namespaces, one on each line, in the API's encoding of texts: compressed with zlib, in Base64. */
export function packedNamespaces(namespaces: readonly string[]): string {
  return deflateSync(namespaces.join('\n')).toString('base64');
}
