import { SOAP11 } from '../encode/encode-envelope.js';
import { fullLimits } from '../limits.js';
import type { Plans } from '../plan.js';
import { Assembler } from './assembler.js';
import { DocumentParser } from './parse-saxes.js';

let kept: DocumentParser | undefined;

/**
 * Keeps a parser in the middle of a small document, with its open elements. The engine drops the code that it has optimized for a class with
 * the last instance of that class, so a collection of garbage between two documents would make it start again.
 */
export function keepParser(plans: Plans): void {
  if (kept !== undefined) return;
  kept = new DocumentParser(new Assembler(plans, {}), fullLimits(undefined, false));
  kept.write(`<e:Envelope xmlns:e="${SOAP11}"><e:Header/><e:Body>`);
}
