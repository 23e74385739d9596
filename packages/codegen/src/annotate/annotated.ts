import type { Diagnostic } from '../diagnostic.js';
import type { Contract, Field, MessageElement, Operation, TypeDefinition } from '../model.js';
import type {
  Area,
  ConstantList,
  Deprecation,
  Discrepancy,
  Documented,
  DocumentedOnly,
  FaultCode,
  FieldOverlay,
  Format,
  Idempotency,
  OperationExample,
  Rule,
} from '../overlay/overlay.js';

/** A field with what the overlay, or else the schema's own documentation, says of it. */
export interface AnnotatedField {
  readonly field: Field;
  readonly description: string | undefined;
  readonly overlay: FieldOverlay | undefined;
  /** The lists of values that the field is known to hold; empty for free text. */
  readonly constants: readonly ConstantList[];
  readonly format: Format | undefined;
}

export interface AnnotatedType {
  readonly definition: TypeDefinition;
  readonly area: string;
  readonly description: string | undefined;
  readonly deprecated: Deprecation | undefined;
  readonly documented: Documented | undefined;
  readonly documentedOnly: readonly DocumentedOnly[];
  readonly rules: readonly Rule[];
  /** The type's own fields, those of its base left out. */
  readonly fields: readonly AnnotatedField[];
}

export interface AnnotatedMessage {
  readonly element: MessageElement;
  /** The TypeScript name. */
  readonly name: string;
  readonly area: string;
  readonly description: string | undefined;
  readonly rules: readonly Rule[];
  readonly fields: readonly AnnotatedField[];
}

export interface AnnotatedOperation {
  readonly operation: Operation;
  readonly area: string;
  readonly description: string | undefined;
  readonly roles: readonly string[] | undefined;
  readonly idempotency: Idempotency;
  readonly limits: readonly string[];
  readonly deprecated: Deprecation | undefined;
  readonly documented: Documented | undefined;
  readonly documentedOnly: readonly DocumentedOnly[];
  readonly examples: readonly OperationExample[];
  readonly input: AnnotatedMessage;
  readonly output: AnnotatedMessage | undefined;
}

/** A contract and all that is known of it: what the emitters work from. */
export interface AnnotatedContract {
  readonly contract: Contract;
  /** Where an overlay of another version does not fit; `undefined` for an overlay of this version. */
  readonly gaps?: readonly Diagnostic[] | undefined;
  /** Whether an overlay was given. */
  readonly hasOverlay: boolean;
  /** The areas in the order in which they are first used. */
  readonly areas: readonly Area[];
  readonly types: readonly AnnotatedType[];
  readonly operations: readonly AnnotatedOperation[];
  /** Headers, faults and other global elements. */
  readonly messages: readonly AnnotatedMessage[];
  readonly constants: readonly ConstantList[];
  readonly formats: readonly Format[];
  readonly roles: ReadonlyMap<string, string>;
  readonly faultCodes: readonly FaultCode[];
  readonly discrepancies: readonly Discrepancy[];
}
