import { DiagnosticBag, type SourcePosition } from '../diagnostic.js';
import { GENERATED_NAMES, isSafeIdentifier } from '../identifier.js';
import { arrayItem, type Contract, type Field, type MessageElement, type TypeDefinition } from '../model.js';
import type { Area, FieldOverlay, MessageOverlay, Overlay } from '../overlay/overlay.js';
import type {
  AnnotatedContract,
  AnnotatedField,
  AnnotatedMessage,
  AnnotatedOperation,
  AnnotatedType,
} from './annotated.js';
import { checkField, checkRules, checkUnused } from './check-overlay.js';
import { withoutMissingFields } from './without-missing-fields.js';

const NO_FIELDS: ReadonlyMap<string, FieldOverlay> = new Map();

/**
 * Joins a contract with its overlay and checks both ways: every name in the overlay is in the contract,
 * and every type, operation and field of the contract is described. Where the overlay names another version of the contract
 * than this one, what does not fit is a gap instead of a mistake.
 *
 * @throws CodegenError with every unknown and every uncovered name, by file and line.
 */
export function annotate(contract: Contract, overlay?: Overlay): AnnotatedContract {
  const bag = new DiagnosticBag();
  const annotated = new Annotator(contract, overlay, bag).annotate();
  if (overlay?.contract === undefined || overlay.contract === contract.version) {
    bag.throwIfAny();
    return annotated;
  }
  // Two types of one name would not compile, whatever the version.
  const gaps = bag.take(({ code }) => code !== 'duplicate');
  bag.throwIfAny();
  return { ...withoutMissingFields(annotated), gaps };
}

class Annotator {
  readonly #contract: Contract;
  readonly #overlay: Overlay | undefined;
  readonly #bag: DiagnosticBag;
  readonly #types: ReadonlyMap<string, TypeDefinition>;
  readonly #used = new Set<unknown>();

  constructor(contract: Contract, overlay: Overlay | undefined, bag: DiagnosticBag) {
    this.#contract = contract;
    this.#overlay = overlay;
    this.#bag = bag;
    this.#types = new Map(contract.types.map((t) => [t.name, t]));
  }

  annotate(): AnnotatedContract {
    const overlay = this.#overlay;
    const types = this.#contract.types.map((type) => this.#annotateType(type));
    const operations = this.#contract.operations.map((o) => this.#annotateOperation(o));
    const messages = this.#annotateMessages();
    if (overlay) {
      this.#refuseUnknown(overlay.types.keys(), (name) => this.#types.has(name), 'type', overlay.types);
      const operationNames = new Set(this.#contract.operations.map((o) => o.name));
      this.#refuseUnknown(
        overlay.operations.keys(),
        (n) => operationNames.has(n),
        'operation',
        overlay.operations,
      );
      const messageNames = new Set(messages.map((m) => m.element.name));
      this.#refuseUnknown(overlay.messages.keys(), (n) => messageNames.has(n), 'message', overlay.messages);
      checkUnused(overlay, this.#used, this.#bag);
      this.#refuseNameClashes(types, operations, messages);
    }
    const areaNames = new Set([...types, ...operations, ...messages].map((x) => x.area));
    const known = [...(overlay?.areas.values() ?? [])];
    // An operation that no file of the overlay describes is in none of its areas.
    const fallback = defaultArea(this.#contract);
    const areas = known.some((area) => area.name === fallback.name) ? known : [...known, fallback];
    return {
      contract: this.#contract,
      hasOverlay: overlay !== undefined,
      areas: areas.filter((area) => areaNames.has(area.name)),
      types,
      operations,
      messages,
      constants: [...(overlay?.constants.values() ?? [])],
      formats: [...(overlay?.formats.values() ?? [])],
      roles: overlay?.roles ?? new Map(),
      faultCodes: overlay?.faultCodes ?? [],
      discrepancies: overlay?.discrepancies ?? [],
    };
  }

  #annotateType(definition: TypeDefinition): AnnotatedType {
    const entry = this.#overlay?.types.get(definition.name);
    const item = arrayItem(definition);
    let description = entry?.description || definition.documentation;
    if (!description && item && this.#overlay?.arrayDescription !== undefined) {
      description = this.#overlay.arrayDescription.replaceAll('{item}', item.type.name);
    }
    if (this.#overlay && !description) this.#uncovered('type', definition.name, definition.position);
    const fields = definition.kind === 'complex' ? definition.fields : [];
    const own = entry?.fields ?? NO_FIELDS;
    this.#refuseUnknownFields(own, fields, definition.name);
    checkRules(entry?.rules ?? [], fields, definition.name, this.#bag);
    return {
      definition,
      area: entry?.area ?? this.#areaByUse(definition),
      description,
      deprecated: entry?.deprecated,
      documented: entry?.documented,
      documentedOnly: entry?.documentedOnly ?? [],
      rules: entry?.rules ?? [],
      fields: fields.map((f) => this.#annotateField(f, own, this.#overlay?.common.types, definition.name)),
    };
  }

  /** An array without an entry of its own belongs where its items do. */
  #areaByUse(definition: TypeDefinition): string {
    const item = arrayItem(definition);
    const area = item && this.#overlay?.types.get(item.type.name)?.area;
    return area ?? [...(this.#overlay?.areas.keys() ?? [])][0] ?? defaultArea(this.#contract).name;
  }

  #annotateOperation(operation: Contract['operations'][number]): AnnotatedOperation {
    const entry = this.#overlay?.operations.get(operation.name);
    const description = entry?.description || operation.documentation;
    if (this.#overlay && !description) this.#uncovered('operation', operation.name, operation.position);
    for (const role of entry?.roles ?? []) {
      if (!this.#overlay?.roles.has(role)) {
        this.#bag.add(
          'unknown-overlay-name',
          `"${role}" is not a role`,
          entry?.position ?? operation.position,
        );
      }
    }
    const area = entry?.area ?? defaultArea(this.#contract).name;
    const side = (
      element: MessageElement,
      own: ReadonlyMap<string, FieldOverlay>,
      common: ReadonlyMap<string, FieldOverlay> | undefined,
      rules: AnnotatedMessage['rules'],
    ): AnnotatedMessage => {
      this.#refuseUnknownFields(own, element.fields, element.xmlName);
      checkRules(rules, element.fields, element.xmlName, this.#bag);
      return {
        element,
        name: element.name,
        area,
        description: undefined,
        rules,
        fields: element.fields.map((f) => this.#annotateField(f, own, common, element.xmlName)),
      };
    };
    return {
      operation,
      area,
      description,
      roles: entry?.roles,
      idempotency: entry?.idempotency ?? 'unsafe',
      limits: entry?.limits ?? [],
      deprecated: entry?.deprecated,
      documented: entry?.documented,
      documentedOnly: entry?.documentedOnly ?? [],
      examples: entry?.examples ?? [],
      input: side(
        operation.input,
        entry?.input ?? NO_FIELDS,
        this.#overlay?.common.inputs,
        entry?.rules ?? [],
      ),
      output:
        operation.output &&
        side(operation.output, entry?.output ?? NO_FIELDS, this.#overlay?.common.outputs, []),
    };
  }

  #annotateMessages(): AnnotatedMessage[] {
    const elements = new Set<MessageElement>();
    for (const operation of this.#contract.operations) {
      for (const element of [...operation.headers, ...operation.faults]) elements.add(element);
    }
    for (const element of this.#contract.otherElements) elements.add(element);
    return [...elements].map((element) => {
      const entry: MessageOverlay | undefined = this.#overlay?.messages.get(element.name);
      if (this.#overlay && !entry?.description) this.#uncovered('message', element.name, element.position);
      const own = entry?.fields ?? NO_FIELDS;
      this.#refuseUnknownFields(own, element.fields, element.name);
      return {
        element,
        name: entry?.as ?? element.name,
        area: entry?.area ?? defaultArea(this.#contract).name,
        description: entry?.description,
        rules: [],
        fields: element.fields.map((f) => this.#annotateField(f, own, undefined, element.name)),
      };
    });
  }

  #annotateField(
    field: Field,
    own: ReadonlyMap<string, FieldOverlay>,
    common: ReadonlyMap<string, FieldOverlay> | undefined,
    owner: string,
  ): AnnotatedField {
    const shared = common?.get(field.name);
    const applies = shared !== undefined && (shared.type === undefined || shared.type === typeName(field));
    if (applies) this.#used.add(shared);
    const overlay = merge(own.get(field.name), applies ? shared : undefined);
    const description = overlay?.description || field.documentation;
    const overlays = this.#overlay;
    if (overlays === undefined) {
      return { field, description, overlay: undefined, constants: [], format: undefined };
    }
    if (!description) this.#uncovered('field', `${owner}/${field.name}`, field.position);
    if (overlay === undefined) {
      return { field, description, overlay, constants: [], format: undefined };
    }
    const constants = overlay.constants.flatMap((name) => overlays.constants.get(name) ?? []);
    const format = overlay.format === undefined ? undefined : overlays.formats.get(overlay.format);
    for (const used of [...constants, format]) if (used) this.#used.add(used);
    checkField(overlay, field, this.#types, { constants, format }, this.#bag);
    return { field, description, overlay, constants, format };
  }

  #refuseUnknownFields(
    own: ReadonlyMap<string, FieldOverlay>,
    fields: readonly Field[],
    owner: string,
  ): void {
    const known = new Set(fields.map((f) => f.name));
    for (const [name, { position }] of own) {
      if (!known.has(name)) {
        this.#bag.add('unknown-overlay-name', `"${owner}" has no field "${name}"`, position);
      }
    }
  }

  #refuseUnknown(
    names: Iterable<string>,
    known: (name: string) => boolean,
    kind: string,
    entries: ReadonlyMap<string, { readonly position: FieldOverlay['position'] }>,
  ): void {
    for (const name of names) {
      const position = entries.get(name)?.position;
      if (!known(name) && position) {
        this.#bag.add('unknown-overlay-name', `the contract has no ${kind} "${name}"`, position);
      }
    }
  }

  /** Constant lists and views become types beside those of the contract. */
  #refuseNameClashes(
    types: readonly AnnotatedType[],
    operations: readonly AnnotatedOperation[],
    messages: readonly AnnotatedMessage[],
  ): void {
    const taken = new Set<string>(GENERATED_NAMES);
    for (const { definition } of types) taken.add(definition.name);
    for (const { input, output } of operations)
      for (const side of [input, output]) if (side) taken.add(side.name);
    for (const { name } of messages) taken.add(name);
    const claim = (name: string, position: SourcePosition): void => {
      if (!isSafeIdentifier(name))
        this.#bag.add('bad-overlay-value', `"${name}" cannot name a type`, position);
      else if (taken.has(name))
        this.#bag.add('duplicate', `the contract already has a type "${name}"`, position);
      taken.add(name);
    };
    for (const list of this.#overlay?.constants.values() ?? []) claim(list.name, list.position);
    const rules = [...types, ...operations.map((o) => o.input)].flatMap((t) => t.rules);
    for (const { view, position } of rules) if (view !== undefined) claim(view, position);
  }

  #uncovered(kind: string, name: string, position: FieldOverlay['position']): void {
    this.#bag.add('uncovered', `the overlay does not describe the ${kind} "${name}"`, position);
  }
}

/** The field's type as the overlay names it: `xsd:string`, `HandleArray`. */
export function typeName(field: Field): string {
  return field.type.kind === 'primitive' ? `xsd:${field.type.name}` : field.type.name;
}

/** What a field says of itself, completed by what is said of fields of its name. */
function merge(own: FieldOverlay | undefined, shared: FieldOverlay | undefined): FieldOverlay | undefined {
  if (own === undefined || shared === undefined) return own ?? shared;
  const merged: Record<string, unknown> = { ...shared };
  for (const [key, value] of Object.entries(own)) {
    const said = value !== undefined && value !== '' && value !== false;
    if (said && !(Array.isArray(value) && value.length === 0)) merged[key] = value;
  }
  // Every key is one of FieldOverlay's, with a value of `own` or `shared`.
  return merged as unknown as FieldOverlay;
}

function defaultArea(contract: Contract): Area {
  return {
    name: 'service',
    title: contract.service || 'Service',
    description: contract.documentation ?? '',
    position: { file: '', line: 1, column: 1 },
  };
}
