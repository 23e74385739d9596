import { wsdlOf } from './foreign-codec.js';

/** Numbers from a seed, the same on every run. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    this.#state = (Math.imul(this.#state ^ (this.#state >>> 15), 2246822519) + 374761393) | 0;
    return ((this.#state ^ (this.#state >>> 13)) >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

/** A value as the codec takes it, and as zeep does. */
export interface Both {
  readonly ours: unknown;
  readonly zeep: unknown;
}

const XSI_NIL: unknown = { $nil: true };

const SIMPLE: Readonly<Record<string, (random: Random) => Both>> = {
  string: (r) => same(r.pick(['', 'a', 'Ä & <b>', '"q" \'r\'', ' two  blanks ', '𝄞'])),
  token: (r) => same(r.pick(['t', 'u v'])),
  int: (r) => same(r.below(9_000_000) - 4_000_000),
  unsignedByte: (r) => same(r.below(256)),
  long: (r) => same(r.below(2 ** 31) * 1000),
  unsignedLong: (r) => same(r.below(2 ** 31) * 4000),
  nonNegativeInteger: (r) => same(r.below(99)),
  boolean: (r) => same(r.chance(50)),
  double: (r) => same(r.below(1000) + 0.5),
  dateTime: (r) => same(`2014-04-0${1 + r.below(9)}T09:30:00${r.pick(['Z', '-07:00', '.25+01:00'])}`),
  date: () => same('2014-04-03'),
  decimal: (r) => {
    const ours = `${r.below(1000)}.${1 + r.below(9)}`;
    return { ours, zeep: { $decimal: ours } };
  },
  base64Binary: (r) => {
    const ours = btoa(String.fromCharCode(r.below(256), r.below(256), r.below(256)));
    return { ours, zeep: { $base64: ours } };
  },
};

function same(value: unknown): Both {
  return { ours: value, zeep: value };
}

interface Element {
  readonly name: string;
  readonly type: string;
  readonly min: number;
  readonly max: number;
  readonly nillable: boolean;
  readonly choice: number | undefined;
  readonly unqualified: boolean;
}

interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
}

interface Type {
  readonly name: string;
  readonly other: boolean;
  readonly base: Type | undefined;
  readonly text: string | undefined;
  readonly elements: readonly Element[];
  readonly attributes: readonly Attribute[];
}

/** A contract made at random within what the generator supports, with values that it allows. */
export class RandomContract {
  readonly wsdl: string;
  readonly #types: Type[] = [];
  readonly #call: Type;
  readonly #random: Random;
  #names = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    const count = 2 + this.#random.below(5);
    for (let i = 0; i < count; i += 1) this.#types.push(this.#type(`T${i}`, true));
    this.#call = { ...this.#type('Call', false), name: 'Call', other: false };
    const components = (other: boolean) =>
      this.#types
        .filter((type) => type.other === other)
        .map((type) => schemaOf(type))
        .join('\n');
    const other = `<xs:schema targetNamespace="urn:o" elementFormDefault="qualified">${components(true)}</xs:schema>`;
    const content =
      /^<xs:complexType[^>]*>([\s\S]*)<\/xs:complexType>$/.exec(schemaOf(this.#call))?.[1] ?? '';
    this.wsdl = wsdlOf(content, `${components(false)}${ENUMERATION}`, other);
  }

  /** A value of the message. */
  value(): Both {
    return this.#complex(this.#call, 0, false);
  }

  #name(): string {
    this.#names += 1;
    return this.#random.pick(['e', 'E', 'a-b', 'x.y', 'class', '_u', 'Größe']) + String(this.#names);
  }

  #type(name: string, named: boolean): Type {
    const random = this.#random;
    // A type of the other namespace can only refer to types of it, which were made before.
    const other = named && random.chance(35);
    const bases = this.#types.filter((type) => type.text === undefined && (!other || type.other));
    const base = bases.length > 0 && named && random.chance(25) ? random.pick(bases) : undefined;
    const attributes = Array.from({ length: random.chance(35) ? 1 + random.below(2) : 0 }, () => ({
      name: this.#name(),
      type: random.pick(['string', 'int', 'boolean', 'dateTime']),
      required: random.chance(40),
    }));
    const text =
      named && base === undefined && random.chance(15)
        ? random.pick(['string', 'int', 'decimal'])
        : undefined;
    const isChoice = random.chance(20);
    const elements = Array.from({ length: text === undefined ? 1 + random.below(4) : 0 }, (_, i) =>
      this.#element(other, isChoice ? i : undefined),
    );
    return { name, other, base, text, elements, attributes };
  }

  #element(other: boolean, choice: number | undefined): Element {
    const random = this.#random;
    const types = this.#types.filter((type) => !other || type.other);
    const isBranch = choice !== undefined;
    const refersTo = types.length > 0 && !isBranch && random.chance(45) ? random.pick(types) : undefined;
    // In a choice zeep leaves out what Python holds for false: 0, empty texts and empty objects.
    const names = isBranch ? ['date', 'dateTime', 'decimal', 'base64Binary'] : Object.keys(SIMPLE);
    const simple = !other && random.chance(10) ? 't:Enum' : `xs:${random.pick(names)}`;
    return {
      name: this.#name(),
      type: refersTo === undefined ? simple : `${refersTo.other ? 'o' : 't'}:${refersTo.name}`,
      min: random.chance(50) ? 0 : 1,
      max: choice === undefined && random.chance(30) ? 3 : 1,
      // zeep takes a nil complex element for one whose only field is nil.
      nillable: refersTo === undefined && random.chance(15),
      choice,
      unqualified: random.chance(15),
    };
  }

  #complex(type: Type, depth: number, optionalOnly: boolean): Both {
    const random = this.#random;
    const ours: Record<string, unknown> = {};
    const zeep: Record<string, unknown> = {};
    const put = (name: string, value: Both, zeepName = name): void => {
      ours[name] = value.ours;
      zeep[zeepName] = value.zeep;
    };
    for (const part of chainOf(type)) {
      const [first] = part.elements;
      const taken = first?.choice === undefined ? undefined : random.below(part.elements.length);
      for (const element of part.elements) {
        if (taken !== undefined && element.choice !== taken) continue;
        const isOptional = element.min === 0 && taken === undefined;
        if (isOptional && (optionalOnly || random.chance(40))) continue;
        const one = (): Both => this.#one(element, depth);
        if (element.max === 1) put(element.name, one());
        else {
          const items = Array.from({ length: 1 + random.below(element.max) }, one);
          put(element.name, { ours: items.map((item) => item.ours), zeep: items.map((item) => item.zeep) });
        }
      }
      for (const { name, type: simple, required } of part.attributes)
        if (required || random.chance(50)) put(name, SIMPLE[simple]?.(random) ?? same(''));
    }
    if (type.text !== undefined) put('$value', SIMPLE[type.text]?.(random) ?? same(''), '_value_1');
    const item = this.#arrayItem(type);
    // A type that is nothing but a repeated element is an array to the codec.
    return item === undefined ? { ours, zeep } : { ours: ours[item] ?? [], zeep };
  }

  #arrayItem(type: Type): string | undefined {
    const [only, ...others] = type.elements;
    const isExtended = type === this.#call || this.#types.some((other) => other.base === type);
    const isAlone = others.length === 0 && type.base === undefined && type.attributes.length === 0;
    return only !== undefined && isAlone && !isExtended && only.max > 1 ? only.name : undefined;
  }

  #one({ type, nillable }: Element, depth: number): Both {
    if (nillable && this.#random.chance(40)) return { ours: null, zeep: XSI_NIL };
    const name = type.slice(type.indexOf(':') + 1);
    if (type === 't:Enum') return same(this.#random.pick(['red', 'two words']));
    const simple = type.startsWith('xs:') ? SIMPLE[name] : undefined;
    if (simple !== undefined) return simple(this.#random);
    return this.#complex(this.#types.find((t) => t.name === name) as Type, depth + 1, depth > 2);
  }
}

const ENUMERATION =
  '<xs:simpleType name="Enum"><xs:restriction base="xs:string"><xs:enumeration value="red"/><xs:enumeration value="two words"/></xs:restriction></xs:simpleType>';

/** A type and those that it extends, the farthest first. */
function chainOf(type: Type): Type[] {
  return type.base === undefined ? [type] : [...chainOf(type.base), type];
}

function schemaOf({ name, base, text, elements, attributes }: Type): string {
  const particles = elements.map((element) => {
    const form = element.unqualified ? ' form="unqualified"' : '';
    const nillable = element.nillable ? ' nillable="true"' : '';
    return `<xs:element name="${element.name}" type="${element.type}" minOccurs="${element.min}" maxOccurs="${element.max}"${nillable}${form}/>`;
  });
  const group = elements[0]?.choice === undefined ? 'sequence' : 'choice';
  const declared = attributes.map(
    (attribute) =>
      `<xs:attribute name="${attribute.name}" type="xs:${attribute.type}"${attribute.required ? ' use="required"' : ''}/>`,
  );
  const content =
    (text === undefined ? `<xs:${group}>${particles.join('')}</xs:${group}>` : '') + declared.join('');
  const derived = (kind: string, of: string) =>
    `<xs:${kind}Content><xs:extension base="${of}">${content}</xs:extension></xs:${kind}Content>`;
  const body =
    text !== undefined
      ? derived('simple', `xs:${text}`)
      : base === undefined
        ? content
        : derived('complex', `${base.other ? 'o' : 't'}:${base.name}`);
  return `<xs:complexType name="${name}">${body}</xs:complexType>`;
}
