import { SaxesParser } from 'saxes';
import { SOAP11, SOAP12 } from './encode/encode-envelope.js';

/** The message of a document. */
export interface FoundMessage {
  /** Name of the element, such as `getActiveJobsParam`. */
  readonly element: string;
  readonly namespace: string;
}

/** The number of characters to parse at a time. */
const PIECE = 4096;

/**
 * Finds the message of a document, in an envelope or in plain form, for any contract. It reads the document only up to the first tag of
 * the message.
 *
 * @returns `undefined` if the document contains no message, or is not well-formed up to that tag.
 * @example
 * ```ts
 * import { findMessage } from '@ips-sdk/wire';
 *
 * const xml = '<updateSmartCropsParam xmlns="http://www.scene7.com/IpsApi/xsd/2019-09-10-beta">';
 * console.log(findMessage(xml)?.element); // updateSmartCropsParam
 * ```
 */
export function findMessage(xml: string): FoundMessage | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const around: string[] = [];
  let found: FoundMessage | undefined;
  let isOver = false;
  parser.on('doctype', () => {
    isOver = true;
  });
  parser.on('error', () => {
    isOver = true;
  });
  parser.on('opentag', ({ local, uri }) => {
    if (isOver) return;
    const path = around.join('/');
    around.push(local);
    const isEnvelope = path === '' && local === 'Envelope' && (uri === SOAP11 || uri === SOAP12);
    if (isEnvelope || (path === '' && local === 'Request')) return;
    const isHere = path === '' || path === 'Envelope/Body' || (path === 'Request' && local !== 'authHeader');
    if (!isHere) return;
    found = { element: local, namespace: uri };
    isOver = true;
  });
  parser.on('closetag', () => void around.pop());
  for (let at = 0; at < xml.length && !isOver; at += PIECE) parser.write(xml.slice(at, at + PIECE));
  return found;
}
