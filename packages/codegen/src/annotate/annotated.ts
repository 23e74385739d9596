import type { Diagnostic } from '../diagnostic.js';
import type { Contract, Field, MessageElement, Operation, TypeDefinition } from '../model.js';
import type {
  Area,
  ConstantList,
  ConstantValue,
  Deprecation,
  Discrepancy,
  Documented,
  DocumentedOnly,
  FaultCode,
  FieldOverlay,
  Format,
  Idempotency,
  Limit,
  OperationExample,
  Rule,
  Sourced,
  SourceSection,
} from '../overlay/overlay.js';
import type { Evidence } from './evidence.js';

/** A field with its description from the overlay or the schema's own documentation. */
export interface AnnotatedField {
  readonly field: Field;
  readonly description: string | undefined;
  readonly overlay: FieldOverlay | undefined;
  /** The lists of the field's known values. Empty for free text. */
  readonly constants: readonly ConstantList[];
  readonly format: Format | undefined;
  readonly evidence: Evidence;
}

export interface AnnotatedType {
  readonly definition: TypeDefinition;
  readonly area: string;
  /** Page of the service's documentation. */
  readonly page: string | undefined;
  readonly evidence: Evidence;
  readonly description: string | undefined;
  readonly note: string | undefined;
  readonly deprecated: Deprecation | undefined;
  readonly documented: Documented | undefined;
  readonly documentedOnly: readonly DocumentedOnly[];
  readonly rules: readonly Rule[];
  /** The type's own fields, without those of its base. */
  readonly fields: readonly AnnotatedField[];
}

export interface AnnotatedMessage {
  readonly element: MessageElement;
  /** The TypeScript name. */
  readonly name: string;
  readonly area: string;
  readonly page: string | undefined;
  readonly evidence: Evidence;
  readonly description: string | undefined;
  readonly rules: readonly Rule[];
  readonly fields: readonly AnnotatedField[];
}

export interface AnnotatedOperation {
  readonly operation: Operation;
  readonly area: string;
  readonly page: string | undefined;
  readonly evidence: Evidence;
  readonly description: string | undefined;
  readonly roles: readonly string[] | undefined;
  readonly idempotency: Idempotency;
  readonly limits: readonly Limit[];
  readonly deprecated: Deprecation | undefined;
  readonly documented: Documented | undefined;
  readonly documentedOnly: readonly DocumentedOnly[];
  readonly examples: readonly OperationExample[];
  readonly input: AnnotatedMessage;
  readonly output: AnnotatedMessage | undefined;
}

/** A contract with its descriptions, for the emitters. */
export interface AnnotatedContract {
  readonly contract: Contract;
  /** Mismatches of an overlay for another version; `undefined` for an overlay of this version. */
  readonly gaps?: readonly Diagnostic[] | undefined;
  readonly sources: readonly SourceSection[];
  /** Evidence for rules, limits, constant lists and their values, formats, fault codes and roles. */
  readonly evidence: ReadonlyMap<Sourced, Evidence>;
  /** Whether an overlay was given. */
  readonly hasOverlay: boolean;
  /** The areas in order of first use. */
  readonly areas: readonly Area[];
  readonly types: readonly AnnotatedType[];
  readonly operations: readonly AnnotatedOperation[];
  /** Headers, faults and other global elements. */
  readonly messages: readonly AnnotatedMessage[];
  readonly constants: readonly ConstantList[];
  readonly formats: readonly Format[];
  readonly roles: ReadonlyMap<string, ConstantValue>;
  readonly faultCodes: readonly FaultCode[];
  readonly discrepancies: readonly Discrepancy[];
}
