import type { DiagnosticBag, SourcePosition } from '../diagnostic.js';
import { GENERATED_NAMES, isSafeIdentifier } from '../identifier.js';
import { arrayItem, type Field, type TypeDefinition } from '../model.js';
import type { ConstantList, FieldOverlay, Format, Overlay, Rule } from '../overlay/overlay.js';
import { primitiveInfo } from '../wsdl/primitives.js';

/** Whether a field is of text or numbers, as a single value or an array. */
function familyOf(field: Field, types: ReadonlyMap<string, TypeDefinition>): string {
  if (field.type.kind === 'primitive') return primitiveInfo(field.type.name).family;
  const type = types.get(field.type.name);
  if (type?.kind === 'simple') return primitiveInfo(type.primitive).family;
  const item = type && arrayItem(type);
  return item ? familyOf(item, types) : 'complex';
}

/** Checks a field's description against its type. */
export function checkField(
  overlay: FieldOverlay,
  field: Field,
  types: ReadonlyMap<string, TypeDefinition>,
  found: { readonly constants: readonly ConstantList[]; readonly format: Format | undefined },
  bag: DiagnosticBag,
): void {
  const { position } = overlay;
  const family = familyOf(field, types);
  const report = (message: string): void =>
    bag.add('bad-overlay-value', `field "${field.name}": ${message}`, position);
  for (const name of overlay.constants) {
    if (!found.constants.some((list) => list.name === name)) {
      bag.add('unknown-overlay-name', `unknown constant list "${name}"`, position);
    }
  }
  if (overlay.format !== undefined && found.format === undefined) {
    bag.add('unknown-overlay-name', `unknown format "${overlay.format}"`, position);
  }
  const isText = family === 'text';
  const isNumber = family === 'int' || family === 'long' || family === 'double';
  if (overlay.constants.length > 0 && !isText) report('"constants" needs a string field');
  for (const key of ['format', 'pattern', 'minLength', 'maxLength'] as const) {
    if (overlay[key] !== undefined && !isText) report(`"${key}" needs a string field`);
  }
  for (const key of ['minimum', 'maximum'] as const) {
    if (overlay[key] !== undefined && !isNumber) report(`"${key}" needs a numeric field`);
  }
  for (const key of ['minItems', 'maxItems'] as const) {
    const type = field.type.kind === 'type' ? types.get(field.type.name) : undefined;
    if (overlay[key] !== undefined && field.max <= 1 && !(type && arrayItem(type))) {
      report(`"${key}" needs an array`);
    }
  }
}

/** Checks that the fields of a rule exist and are optional. A rule about a required field would have no effect. */
export function checkRules(
  rules: readonly Rule[],
  fields: readonly Field[],
  owner: string,
  bag: DiagnosticBag,
): void {
  for (const rule of rules) {
    for (const name of rule.fields) {
      const field = fields.find((f) => f.name === name);
      if (field === undefined) {
        bag.add('unknown-overlay-name', `"${owner}" has no field "${name}"`, rule.position);
      } else if (field.min > 0) {
        bag.add(
          'bad-overlay-value',
          `"${owner}/${name}" is required, so it cannot be part of a rule`,
          rule.position,
        );
      }
    }
  }
}

/** Reports unused entries, which are misspelled names or leftovers. */
export function checkUnused(overlay: Overlay, used: ReadonlySet<unknown>, bag: DiagnosticBag): void {
  for (const list of overlay.constants.values()) {
    if (!used.has(list)) bag.add('unused', `no field uses the constant list "${list.name}"`, list.position);
  }
  for (const format of overlay.formats.values()) {
    if (!used.has(format)) bag.add('unused', `no field uses the format "${format.name}"`, format.position);
  }
  for (const [scope, fields] of Object.entries(overlay.common)) {
    for (const [name, field] of fields) {
      if (!used.has(field))
        bag.add('unused', `no field uses the common ${scope} entry "${name}"`, field.position);
    }
  }
  for (const section of overlay.sources.values()) {
    // Pages are a catalog. Sources listed individually must be cited.
    if (section.kind === 'page') continue;
    for (const name of section.names.keys()) {
      const source = `${section.name}/${name}`;
      if (!used.has(source)) bag.add('unused', `nothing cites the source "${source}"`, section.position);
    }
  }
}

/** Checks the names of constant lists and views, which become types beside those of the contract. */
export function checkNameClashes(
  contractNames: Iterable<string>,
  lists: Iterable<ConstantList>,
  rules: readonly Rule[],
  bag: DiagnosticBag,
): void {
  const taken = new Set<string>([...GENERATED_NAMES, ...contractNames]);
  const claim = (name: string, position: SourcePosition): void => {
    if (!isSafeIdentifier(name))
      bag.add('bad-overlay-value', `"${name}" is not a valid name for a type`, position);
    else if (taken.has(name)) bag.add('duplicate', `the contract already has a type "${name}"`, position);
    taken.add(name);
  };
  for (const list of lists) claim(list.name, list.position);
  for (const { view, position } of rules) if (view !== undefined) claim(view, position);
}
