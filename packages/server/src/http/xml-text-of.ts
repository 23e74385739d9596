import { invalidRequestXml } from '../faults.js';

/**
 * The text of an XML document, in the charset that its content type or else its declaration names, or else UTF-8.
 *
 * @param label - How a fault calls the document.
 * @throws IpsFault 30003 for bytes that are not text in that charset.
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
