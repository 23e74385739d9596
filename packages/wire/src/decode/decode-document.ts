import { WireError } from '../errors.js';
import { fullLimits } from '../limits.js';
import type { Plans } from '../plan.js';
import { Assembler } from './assembler.js';
import { decodeFast } from './decode-fast.js';
import type { Decoded } from './decoded.js';
import type { DecodeOptions } from './issue.js';
import { keepParser } from './kept-parser.js';
import { DocumentParser } from './parse-saxes.js';

/**
 * Reads a whole document: with the fast path if it is plain, otherwise with the conformant parser.
 *
 * @throws WireError when the document is malformed, exceeds a limit or is in an unknown namespace. In strict mode also for any
 * deviation from the contract.
 */
export function decodeDocument(xml: string, plans: Plans, options: DecodeOptions = {}): Decoded {
  const limits = fullLimits(options.limits, false);
  // Callers without a compiler pass the bytes of a file.
  const given: unknown = xml;
  if (typeof given !== 'string')
    throw new WireError(
      'malformed-xml',
      `expected the document as a string, found ${given instanceof Uint8Array ? 'bytes: decode them first' : given === null ? 'null' : `a value of type ${typeof given}`}`,
    );
  if (xml.length > limits.maxLength) {
    throw new WireError('limit', `the document is longer than ${limits.maxLength} characters`);
  }
  return decodeFast(xml, plans, options, limits) ?? decodeThoroughly(xml, plans, options);
}

/** Reads a whole document with the conformant parser. */
export function decodeThoroughly(
  xml: string,
  plans: Plans,
  options: DecodeOptions & { readonly raw?: boolean; readonly expectsFault?: boolean } = {},
): Decoded {
  keepParser(plans);
  const assembler = new Assembler(plans, options);
  const parser = new DocumentParser(assembler, fullLimits(options.limits, false));
  parser.write(xml);
  parser.end();
  return assembler.result;
}
