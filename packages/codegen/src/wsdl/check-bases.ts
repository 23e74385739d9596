import type { DiagnosticBag } from '../diagnostic.js';
import type { ComplexType, TypeDefinition } from '../model.js';

/**
 * Reports a type that extends itself, directly or through others, and a complex type that extends a simple one.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#ct-props-correct | XML Schema 1.0, 3.4.6, Complex Type Definition Properties Correct}
 */
export function checkBases(types: readonly TypeDefinition[], bag: DiagnosticBag): void {
  const byName = new Map(types.map((t) => [t.name, t]));
  for (const type of types) {
    const seen = new Set<string>();
    let current: ComplexType | undefined = type.kind === 'complex' ? type : undefined;
    while (current?.base !== undefined) {
      if (seen.has(current.name)) {
        bag.add('circular-type', `the type "${type.name}" extends itself`, type.position);
        break;
      }
      seen.add(current.name);
      const base = byName.get(current.base);
      if (base?.kind === 'simple') {
        bag.add(
          'unsupported-construct',
          `"${current.name}" extends the simple type "${base.name}"`,
          current.position,
        );
      }
      current = base?.kind === 'complex' ? base : undefined;
    }
  }
}
