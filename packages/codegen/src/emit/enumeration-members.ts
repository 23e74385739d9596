import type { SimpleType } from '../model.js';
import { primitiveInfo } from '../wsdl/primitives.js';
import { quote } from './source-text.js';

/** The values of an enumeration as literals of its type. Empty if literals cannot express the type. */
export function enumerationMembers({ primitive, enumeration }: SimpleType): readonly string[] {
  const { family } = primitiveInfo(primitive);
  if (family === 'text') return enumeration.map(quote);
  if (family === 'int' || family === 'long') {
    const numbers = enumeration.map((value) => Number(value.trim()));
    return numbers.every((n) => Number.isSafeInteger(n)) ? [...new Set(numbers.map((n) => String(n)))] : [];
  }
  return [];
}
