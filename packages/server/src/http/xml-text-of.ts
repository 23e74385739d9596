import { invalidRequestXml } from '../faults.js';

/**
 * Decodes an XML document with the charset of its content type, otherwise of its declaration, otherwise UTF-8.
 *
 * @param label - Name of the document in a fault.
 * @throws IpsFault 30003 if the bytes are not text in that charset.
 */
export function xmlTextOf(bytes: Buffer, contentType: string | undefined, label: string): string {
  const charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1];
  const start = bytes.subarray(0, 200).toString('latin1');
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1];
  const name = charset ?? declared ?? 'utf-8';
  try {
    return new TextDecoder(name, { fatal: true }).decode(bytes);
  } catch {
    throw invalidRequestXml(`${label} is not text in ${name}`);
  }
}
