import type { DiagnosticBag } from '../diagnostic.js';
import { arrayItem, type ComplexType, type Contract, type Field, type TypeDefinition } from '../model.js';

/**
 * Checks inheritance: reports types that extend themselves, directly or through others, complex types that
 * extend a simple type, and elements that the base also has. Marks array types that another type extends.
 *
 * @see {@link https://www.w3.org/TR/2004/REC-xmlschema-1-20041028/#ct-props-correct | XML Schema 1.0, 3.4.6, Complex Type Definition Properties Correct}
 */
export function checkBases(contract: Contract, bag: DiagnosticBag): Contract {
  const byName = new Map(contract.types.map((t) => [t.name, t]));
  const messages = messagesOf(contract);
  for (const type of contract.types) {
    if (type.kind === 'complex') checkChain(type, byName, bag);
  }
  for (const { xmlName, base, fields } of messages) {
    if (base !== undefined) checkElements(xmlName, fields, byName.get(base), byName, bag);
  }
  const bases = new Set([
    ...contract.types.map((t) => (t.kind === 'complex' ? t.base : undefined)),
    ...messages.map((m) => m.base),
  ]);
  const types = contract.types.map((type) =>
    bases.has(type.name) && arrayItem(type) ? ({ ...type, extended: true } as TypeDefinition) : type,
  );
  return { ...contract, types };
}

function messagesOf({ operations, otherElements }: Contract): Contract['otherElements'] {
  const used = operations.flatMap((o) => [
    o.input,
    ...(o.output ? [o.output] : []),
    ...o.headers,
    ...o.faults,
  ]);
  return [...new Set([...used, ...otherElements])];
}

function checkChain(
  type: ComplexType,
  byName: ReadonlyMap<string, TypeDefinition>,
  bag: DiagnosticBag,
): void {
  const seen = new Set<string>();
  let current: ComplexType | undefined = type;
  while (current?.base !== undefined) {
    if (seen.has(current.name)) {
      bag.add('circular-type', `the type "${type.name}" extends itself`, type.position);
      return;
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
  const base = type.base === undefined ? undefined : byName.get(type.base);
  checkElements(type.name, type.fields, base, byName, bag);
}

/**
 * On the wire, an inherited element and an own one with the same name are separate, but one property cannot
 * hold both.
 */
function checkElements(
  owner: string,
  fields: readonly Field[],
  base: TypeDefinition | undefined,
  byName: ReadonlyMap<string, TypeDefinition>,
  bag: DiagnosticBag,
): void {
  const own = new Map(fields.filter((f) => !f.attribute && !f.text).map((f) => [f.name, f]));
  const seen = new Set<TypeDefinition>();
  let current = base;
  while (current?.kind === 'complex' && !seen.has(current)) {
    seen.add(current);
    const whole = current.fields.find((f) => f.text && f.type.name === 'anyType');
    if (whole !== undefined && own.size > 0) {
      const message = `"${owner}" adds elements to the mixed content of "${current.name}", which is kept as a single XML string`;
      bag.add('unsupported-construct', `${message}; this is not supported`, whole.position);
    }
    for (const inherited of current.fields) {
      const field = inherited.attribute || inherited.text ? undefined : own.get(inherited.name);
      if (field === undefined) continue;
      const what = field.wildcard ? 'an <any>' : `the element "${field.name}"`;
      bag.add(
        'duplicate',
        `"${owner}" has ${what} and inherits another from "${current.name}"; one property cannot hold both, so move one of them to a separate type`,
        field.position,
      );
    }
    current = current.base === undefined ? undefined : byName.get(current.base);
  }
}
