import type { SoapVersion } from '../encode/encode-envelope.js';
import type { FaultKind } from '../errors.js';
import type { MessagePlan } from '../plan.js';
import type { GenericElement } from './generic-element.js';

/** The content of a document. */
export interface Decoded {
  soapVersion: SoapVersion | undefined;
  /** The document has the service's plain form, without an envelope. */
  plain: boolean;
  message: { readonly plan: MessagePlan; readonly value: unknown; readonly namespace: string } | undefined;
  /** The fields of `authHeader`. */
  authHeader: Record<string, unknown> | undefined;
  /** All other blocks of the header. */
  headerBlocks: GenericElement[];
  /** A SOAP fault in its original form. */
  fault: GenericElement | undefined;
  /** An element in place of a message that the contract lacks. */
  unknownMessage: string | undefined;
  /** The message, decoded without a plan. */
  rawMessage: GenericElement | undefined;
  /** A fault of the service without an envelope. */
  bareFault: { readonly kind: Exclude<FaultKind, 'soap'>; readonly element: GenericElement } | undefined;
}
