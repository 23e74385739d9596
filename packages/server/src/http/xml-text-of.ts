import { invalidRequestXml } from '../faults.js';

/**
 * Decodes an XML document with the charset of its content type, otherwise of its declaration, otherwise UTF-8.
 *
 * @param label - Name of the document in a fault.
 * @throws IpsFault 30003 if the bytes are not text in that charset.
 */
export function xmlTextOf(bytes: Buffer, contentType: string | undefined, label: string): string {
  const name = charsetOf(bytes, contentType);
  try {
    return new TextDecoder(name, { fatal: true }).decode(bytes);
  } catch {
    throw invalidRequestXml(`${label} is not text in ${name}`);
  }
}

/** The charset of a document: that of the content type, otherwise of its declaration, otherwise UTF-8. */
export function charsetOf(bytes: Uint8Array, contentType: string | undefined): string {
  const charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1];
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
  return charset ?? declared ?? 'utf-8';
}
