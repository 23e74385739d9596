import { SaxesParser } from 'saxes';
import { SOAP11, SOAP12 } from './encode/encode-envelope.js';

/** Where a message stands. */
export interface FoundMessage {
  /** The name of its element, such as `getActiveJobsParam`. */
  readonly element: string;
  readonly namespace: string;
}

/** How much of a document is looked at, at a time. */
const PIECE = 4096;

/**
 * Finds the message of a document, in an envelope or bare, without reading it: whichever contract it may be of, and no further than
 * its first tag.
 *
 * @returns `undefined` for a document that holds none, or is not well-formed up to there.
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
