import type { SourcePosition } from '../diagnostic.js';
import type { Sourced, SourceSection } from './source.js';

export type { Citations, Contradiction, Sourced, SourceKind, SourceSection } from './source.js';

/** A value that the overlay can contain as default or example. */
export type OverlayValue =
  | string
  | number
  | boolean
  | null
  | readonly OverlayValue[]
  | { readonly [key: string]: OverlayValue };

/** The version that deprecated something, and its replacement. */
export interface Deprecation {
  readonly since: string | undefined;
  readonly use: string | undefined;
  readonly note: string | undefined;
}

/** Differences between the service's documentation and the wire. */
export interface Documented {
  /** The name in the documentation. */
  readonly name: string | undefined;
  /** The type in the documentation. */
  readonly type: string | undefined;
  /** Whether the documentation calls the field required. */
  readonly required: boolean | undefined;
  /** Whether the documentation omits it. */
  readonly missing: boolean;
  /** Whether the documentation lists the fields in a different order than the wire. */
  readonly order: boolean;
  /** The names of the message elements in the documentation. */
  readonly inputElement: string | undefined;
  readonly outputElement: string | undefined;
  /** A note for readers of the documentation. */
  readonly note: string | undefined;
}

/** A named format of text: a handle, an address, a locale. */
export interface Format extends Sourced {
  readonly name: string;
  readonly description: string;
  /** A regular expression that values in this format match. */
  readonly pattern: string | undefined;
  /** The equivalent JSON Schema format, such as `uri`. */
  readonly jsonSchema: string | undefined;
  readonly example: string | undefined;
  readonly position: SourcePosition;
}

/** One value of a list. Its sources support its meaning; the sources of the list support its existence. */
export interface ConstantValue extends Sourced {
  readonly description: string;
}

/** A list of known values of a string field. The service can add values at any time. */
export interface ConstantList extends Sourced {
  readonly name: string;
  /** The list's name in the service's documentation. */
  readonly title: string;
  readonly description: string;
  /** Additional remarks, which have their own source or none. */
  readonly note: string | undefined;
  /** The page of the documentation that contains the list. */
  readonly page: string | undefined;
  readonly values: ReadonlyMap<string, ConstantValue>;
  /** Alternative accepted spellings, each with the value it represents. */
  readonly spellings: ReadonlyMap<string, string>;
  readonly area: string;
  readonly position: SourcePosition;
}

/** The description of a field beyond its structure. */
export interface FieldOverlay extends Sourced {
  readonly description: string;
  /** Additional remarks, which have their own source or none. */
  readonly note: string | undefined;
  /** Names of the constant lists that contain the field's values. */
  readonly constants: readonly string[];
  readonly format: string | undefined;
  readonly pattern: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly minItems: number | undefined;
  readonly maxItems: number | undefined;
  readonly default: OverlayValue | undefined;
  readonly example: OverlayValue | undefined;
  readonly unit: string | undefined;
  /** The value must not appear in logs and messages. */
  readonly secret: boolean;
  readonly deprecated: Deprecation | undefined;
  readonly documented: Documented | undefined;
  /** For a common entry of several fields: the type of the fields it applies to. */
  readonly type: string | undefined;
  readonly position: SourcePosition;
}

/** The number of fields that can be present at the same time. */
export interface Rule extends Sourced {
  readonly kind: 'exactlyOne' | 'atMostOne' | 'atLeastOne';
  readonly fields: readonly string[];
  readonly reason: string;
  /** The name of a union type to generate. Checking for one member narrows it. */
  readonly view: string | undefined;
  readonly position: SourcePosition;
}

/** A field that exists only in the documentation. */
export interface DocumentedOnly {
  readonly name: string;
  readonly type: string | undefined;
  readonly note: string;
}

export interface TypeOverlay extends Sourced {
  readonly area: string;
  /** The page of the documentation that describes it. */
  readonly page: string | undefined;
  readonly description: string;
  /** Additional remarks, which have their own source or none. */
  readonly note: string | undefined;
  readonly deprecated: Deprecation | undefined;
  readonly documented: Documented | undefined;
  readonly documentedOnly: readonly DocumentedOnly[];
  readonly rules: readonly Rule[];
  readonly fields: ReadonlyMap<string, FieldOverlay>;
  readonly position: SourcePosition;
}

/**
 * Whether an operation may be repeated after a lost response: `safe` changes nothing, `idempotent` leads to
 * the same state and the same response, `unsafe` has a further effect or returns a fault.
 */
export type Idempotency = 'safe' | 'idempotent' | 'unsafe';

export interface OperationExample {
  readonly title: string;
  readonly input: OverlayValue;
  readonly output: OverlayValue | undefined;
  readonly position: SourcePosition;
}

/** A sentence on page sizes, limits or permissions. */
export interface Limit extends Sourced {
  readonly text: string;
  readonly position: SourcePosition;
}

export interface OperationOverlay extends Sourced {
  readonly area: string;
  /** The page of the documentation that describes it. */
  readonly page: string | undefined;
  readonly description: string;
  /** The roles that may call the operation, or `undefined` if the documentation lists none. */
  readonly roles: readonly string[] | undefined;
  readonly idempotency: Idempotency;
  readonly limits: readonly Limit[];
  readonly deprecated: Deprecation | undefined;
  readonly documented: Documented | undefined;
  readonly documentedOnly: readonly DocumentedOnly[];
  readonly rules: readonly Rule[];
  readonly input: ReadonlyMap<string, FieldOverlay>;
  readonly output: ReadonlyMap<string, FieldOverlay>;
  readonly examples: readonly OperationExample[];
  readonly position: SourcePosition;
}

/** A header block or a fault. */
export interface MessageOverlay extends Sourced {
  readonly area: string;
  /** The page of the documentation that describes it. */
  readonly page: string | undefined;
  readonly description: string;
  /** The TypeScript name to use instead of the generated one. */
  readonly as: string | undefined;
  readonly fields: ReadonlyMap<string, FieldOverlay>;
  readonly position: SourcePosition;
}

/** A general difference between documentation and service, not about one name. */
export interface Discrepancy extends Sourced {
  readonly where: string;
  readonly documented: string;
  readonly actual: string;
  readonly handling: string;
}

export interface Area extends Sourced {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly position: SourcePosition;
}

/** One code of a fault list. */
export interface FaultCode extends Sourced {
  readonly code: number;
  readonly name: string;
  readonly fault: string;
  readonly description: string;
  readonly position: SourcePosition;
}

/** All overlay files together. */
export interface Overlay {
  /** The version of the contract that the overlay describes. Only this version must match completely. */
  readonly contract: string | undefined;
  /** The sources that `source` may cite, by the part before the first `/`. */
  readonly sources: ReadonlyMap<string, SourceSection>;
  readonly areas: ReadonlyMap<string, Area>;
  readonly formats: ReadonlyMap<string, Format>;
  readonly constants: ReadonlyMap<string, ConstantList>;
  readonly roles: ReadonlyMap<string, ConstantValue>;
  readonly faultCodes: readonly FaultCode[];
  readonly types: ReadonlyMap<string, TypeOverlay>;
  readonly operations: ReadonlyMap<string, OperationOverlay>;
  readonly messages: ReadonlyMap<string, MessageOverlay>;
  /** Fields with the same meaning in many definitions, by scope. */
  readonly common: {
    readonly types: ReadonlyMap<string, FieldOverlay>;
    readonly inputs: ReadonlyMap<string, FieldOverlay>;
    readonly outputs: ReadonlyMap<string, FieldOverlay>;
  };
  /** The description of array wrapper types, with `{item}` as the placeholder for the item's type. */
  readonly arrayDescription: string | undefined;
  readonly discrepancies: readonly Discrepancy[];
  readonly files: readonly string[];
}
