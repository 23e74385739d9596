import type { ContractField } from '@ips-sdk/types/contract';
import type { SimplePlan, ValueKind } from './simple-plan.js';

/** A field as the contract declares it. */
interface DeclaredField {
  readonly row: ContractField;
  /** The namespace of the elements of its type or message. */
  readonly namespace: string;
  /** Position in wire order. */
  readonly index: number;
  /** Whether it is the item of an array type. */
  readonly inArray: boolean;
  readonly simple: SimplePlan | undefined;
  /** The plan of a complex value; `undefined` for a simple one. */
  readonly compile: () => ComplexPlan | undefined;
}

/**
 * A field, ready to encode and decode.
 *
 * A class, because the engine gives each object with a getter of its own another layout, and looks up the properties of such objects one by one.
 */
export class FieldPlan implements SimplePlan {
  readonly kind: ValueKind | undefined;
  readonly minimum: number;
  readonly maximum: number;
  readonly bounds: SimplePlan['bounds'];
  readonly values: readonly string[] | undefined;
  /** The name on the wire. */
  readonly name: string;
  /** The key in values. */
  readonly property: string;
  readonly namespace: string;
  readonly required: boolean;
  /** Whether the value is an array, written as repeated elements without a wrapper. */
  readonly repeated: boolean;
  /** Minimum and maximum occurrences of a repeated element. */
  readonly minItems: number;
  readonly maxItems: number;
  /** Whether the value may be `null`, for a nil element. */
  readonly nillable: boolean;
  /** Whether each value is a complete element as XML. */
  readonly wildcard: boolean;
  /** Group and branch of a choice. Fields of the same group but different branches are mutually exclusive. */
  readonly choice: readonly [group: number, branch: number] | undefined;
  /** Fields with the same number may come in any order. */
  readonly repeats: number | undefined;
  /** Position in wire order. */
  readonly index: number;
  /** The value must not appear in messages. */
  readonly secret: boolean;
  /** `<name>` and the related tags, for the common case of an element without prefix. */
  readonly open: string;
  readonly close: string;
  readonly empty: string;
  readonly #compile: () => ComplexPlan | undefined;
  #complex: ComplexPlan | undefined;

  constructor({ row, namespace, index, inArray, simple, compile }: DeclaredField) {
    const [name, , min, max, options] = row;
    this.kind = simple?.kind;
    this.minimum = simple?.minimum ?? 0;
    this.maximum = simple?.maximum ?? 0;
    this.bounds = simple?.bounds;
    this.values = simple?.values;
    this.name = name;
    this.property = options?.property ?? name;
    this.namespace = options?.namespace ?? (options?.attribute ? '' : namespace);
    this.required = min > 0;
    this.repeated = max > 1 && !inArray;
    this.minItems = min;
    this.maxItems = max;
    this.nillable = options?.nillable === true;
    this.wildcard = options?.any === true;
    this.choice = options?.choice;
    this.repeats = options?.repeats?.[1];
    this.index = index;
    this.secret = isSecretName(name);
    this.open = `<${name}>`;
    this.close = `</${name}>`;
    this.empty = `<${name}/>`;
    this.#compile = compile;
  }

  /** The plan of a complex value. It is compiled on first use, so that one operation does not compile the whole contract. */
  get complex(): ComplexPlan | undefined {
    this.#complex ??= this.#compile();
    return this.#complex;
  }
}

/** A complex type or message. */
export interface ComplexPlan {
  readonly name: string;
  /** Name of the type's contract in messages. */
  readonly contract: string;
  /** The elements, in wire order. */
  readonly fields: readonly FieldPlan[];
  /** The elements by their name. */
  readonly byName: ReadonlyMap<string, FieldPlan>;
  readonly attributes: readonly FieldPlan[];
  /** Whether `$attributes` contains attributes that are not in the contract. */
  readonly anyAttribute: boolean;
  /** The text of the element. */
  readonly text: FieldPlan | undefined;
  /** The field for elements that are not in the contract. */
  readonly wildcard: FieldPlan | undefined;
  /** The allowed keys of a value. */
  readonly properties: ReadonlySet<string>;
  readonly hasChoices: boolean;
  readonly requiredCount: number;
  /** The repeated element of an array type. */
  readonly item: FieldPlan | undefined;
  /** Minimum and maximum occurrences of the repeated element. */
  readonly minItems: number;
  readonly maxItems: number;
  /** The elements may come in any order. */
  readonly anyOrder: boolean;
}

const SECRETS: ReadonlySet<string> = new Set(['password', 'accessToken', 'samlResponse', 'AuthPassword']);

/** The key for attributes that are not in the contract. */
export const OPEN_ATTRIBUTES = '$attributes';

/** Whether the value of an element of this name must not appear in messages. */
export function isSecretName(name: string): boolean {
  return SECRETS.has(name);
}
