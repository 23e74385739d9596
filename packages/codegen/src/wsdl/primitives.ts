/** The representation of a built-in XSD type in TypeScript. */
export interface PrimitiveInfo {
  /**
   * `long` covers every integer type whose range exceeds JavaScript's safe integers; `text` is a string that
   * the codec does not interpret.
   */
  readonly family: 'text' | 'boolean' | 'int' | 'long' | 'double' | 'dateTime' | 'binary' | 'any';
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * The built-in XSD types that the generator supports.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-2-20041028/#built-in-datatypes | XML Schema 1.0 Part 2, 3 Built-in datatypes}
 */
export type XsdPrimitive =
  | 'string'
  | 'normalizedString'
  | 'token'
  | 'language'
  | 'Name'
  | 'NCName'
  | 'NMTOKEN'
  | 'NMTOKENS'
  | 'ID'
  | 'IDREF'
  | 'IDREFS'
  | 'ENTITY'
  | 'ENTITIES'
  | 'NOTATION'
  | 'QName'
  | 'anyURI'
  | 'anySimpleType'
  | 'date'
  | 'time'
  | 'duration'
  | 'gYear'
  | 'gYearMonth'
  | 'gMonth'
  | 'gMonthDay'
  | 'gDay'
  | 'decimal'
  | 'boolean'
  | 'byte'
  | 'unsignedByte'
  | 'short'
  | 'unsignedShort'
  | 'int'
  | 'unsignedInt'
  | 'long'
  | 'unsignedLong'
  | 'integer'
  | 'nonNegativeInteger'
  | 'positiveInteger'
  | 'nonPositiveInteger'
  | 'negativeInteger'
  | 'float'
  | 'double'
  | 'dateTime'
  | 'base64Binary'
  | 'hexBinary'
  | 'anyType';

const SAFE = Number.MAX_SAFE_INTEGER;
const text: PrimitiveInfo = { family: 'text' };
const long = (minimum: number, maximum: number): PrimitiveInfo => ({ family: 'long', minimum, maximum });
const int = (minimum: number, maximum: number): PrimitiveInfo => ({ family: 'int', minimum, maximum });

const TABLE: Readonly<Record<XsdPrimitive, PrimitiveInfo>> = {
  string: text,
  normalizedString: text,
  token: text,
  language: text,
  Name: text,
  NCName: text,
  NMTOKEN: text,
  // Lists stay text, with items separated by white space.
  NMTOKENS: text,
  ID: text,
  IDREF: text,
  IDREFS: text,
  ENTITY: text,
  ENTITIES: text,
  NOTATION: text,
  QName: text,
  anyURI: text,
  anySimpleType: text,
  date: text,
  time: text,
  duration: text,
  gYear: text,
  gYearMonth: text,
  gMonth: text,
  gMonthDay: text,
  gDay: text,
  // A decimal has unlimited digits, and stays text to avoid rounding.
  decimal: text,
  boolean: { family: 'boolean' },
  byte: int(-128, 127),
  unsignedByte: int(0, 255),
  short: int(-32768, 32767),
  unsignedShort: int(0, 65535),
  int: int(-2147483648, 2147483647),
  unsignedInt: int(0, 4294967295),
  long: long(-SAFE, SAFE),
  unsignedLong: long(0, SAFE),
  integer: long(-SAFE, SAFE),
  nonNegativeInteger: long(0, SAFE),
  positiveInteger: long(1, SAFE),
  nonPositiveInteger: long(-SAFE, 0),
  negativeInteger: long(-SAFE, -1),
  float: { family: 'double' },
  double: { family: 'double' },
  dateTime: { family: 'dateTime' },
  base64Binary: { family: 'binary' },
  hexBinary: text,
  anyType: { family: 'any' },
};

export function isXsdPrimitive(name: string): name is XsdPrimitive {
  return Object.hasOwn(TABLE, name);
}

export function primitiveInfo(name: XsdPrimitive): PrimitiveInfo {
  return TABLE[name];
}
