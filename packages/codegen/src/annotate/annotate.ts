import { DiagnosticBag } from '../diagnostic.js';
import { arrayItem, type Contract, type Field, type MessageElement, type TypeDefinition } from '../model.js';
import type { Area, FieldOverlay, MessageOverlay, Overlay, Sourced } from '../overlay/overlay.js';
import type {
  AnnotatedContract,
  AnnotatedField,
  AnnotatedMessage,
  AnnotatedOperation,
  AnnotatedType,
} from './annotated.js';
import { checkField, checkNameClashes, checkRules, checkUnused } from './check-overlay.js';
import { collectEvidence } from './collect-evidence.js';
import { type Evidence, EvidenceResolver, NO_EVIDENCE } from './evidence.js';
import { mergeField, statementsOf } from './merge-field.js';
import { withoutMissingFields } from './without-missing-fields.js';

const NO_FIELDS: ReadonlyMap<string, FieldOverlay> = new Map();

/**
 * Joins a contract with its overlay and checks both directions: every name in the overlay must be in the contract, and every type,
 * operation and field of the contract must be described. If the overlay describes another version of the contract, mismatches are gaps
 * instead of mistakes.
 *
 * @throws CodegenError with all unknown and undescribed names, by file and line.
 */
export function annotate(contract: Contract, overlay?: Overlay): AnnotatedContract {
  const bag = new DiagnosticBag();
  const annotated = new Annotator(contract, overlay, bag).annotate();
  if (overlay?.contract === undefined || overlay.contract === contract.version) {
    bag.throwIfAny();
    return annotated;
  }
  // Two types with the same name would not compile, in any version.
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
  readonly #resolver: EvidenceResolver;
  readonly #evidence: ReadonlyMap<Sourced, Evidence>;

  constructor(contract: Contract, overlay: Overlay | undefined, bag: DiagnosticBag) {
    this.#contract = contract;
    this.#overlay = overlay;
    this.#bag = bag;
    this.#types = new Map(contract.types.map((t) => [t.name, t]));
    this.#resolver = new EvidenceResolver(overlay?.sources ?? new Map(), bag, this.#used);
    this.#evidence = overlay ? collectEvidence(overlay, this.#resolver) : new Map();
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
      const names = [
        ...types.map((t) => t.definition.name),
        ...operations.flatMap((o) => (o.output ? [o.input.name, o.output.name] : [o.input.name])),
        ...messages.map((m) => m.name),
      ];
      const rules = [...types, ...operations.map((o) => o.input)].flatMap((t) => t.rules);
      checkNameClashes(names, overlay.constants.values(), rules, this.#bag);
    }
    const areaNames = new Set([...types, ...operations, ...messages].map((x) => x.area));
    const known = [...(overlay?.areas.values() ?? [])];
    // An operation that the overlay does not describe is in none of its areas.
    const fallback = defaultArea(this.#contract);
    const areas = known.some((area) => area.name === fallback.name) ? known : [...known, fallback];
    return {
      contract: this.#contract,
      sources: [...(overlay?.sources.values() ?? [])],
      evidence: this.#evidence,
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
      page: entry?.page,
      evidence: this.#evidenceOf(entry),
      description,
      note: entry?.note,
      deprecated: entry?.deprecated,
      documented: entry?.documented,
      documentedOnly: entry?.documentedOnly ?? [],
      rules: entry?.rules ?? [],
      fields: fields.map((f) =>
        this.#annotateField(f, own, this.#overlay?.common.types, {
          name: definition.name,
          page: entry?.page,
        }),
      ),
    };
  }

  /** An array without its own entry belongs to the area of its items. */
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
        page: entry?.page,
        evidence: NO_EVIDENCE,
        description: undefined,
        rules,
        fields: element.fields.map((f) =>
          this.#annotateField(f, own, common, { name: element.xmlName, page: entry?.page }),
        ),
      };
    };
    return {
      operation,
      area,
      page: entry?.page,
      evidence: this.#evidenceOf(entry),
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
        page: entry?.page,
        evidence: this.#evidenceOf(entry),
        description: entry?.description,
        rules: [],
        fields: element.fields.map((f) =>
          this.#annotateField(f, own, undefined, { name: element.name, page: entry?.page }),
        ),
      };
    });
  }

  #annotateField(
    field: Field,
    own: ReadonlyMap<string, FieldOverlay>,
    common: ReadonlyMap<string, FieldOverlay> | undefined,
    owner: { readonly name: string; readonly page: string | undefined },
  ): AnnotatedField {
    const ofName = common?.get(field.name);
    const applies = ofName !== undefined && (ofName.type === undefined || ofName.type === typeName(field));
    if (applies) this.#used.add(ofName);
    const shared = applies ? ofName : undefined;
    const special = own.get(field.name);
    const overlay = mergeField(special, shared);
    const description = overlay?.description || field.documentation;
    const overlays = this.#overlay;
    if (overlays && !description) this.#uncovered('field', `${owner.name}/${field.name}`, field.position);
    if (overlays === undefined || overlay === undefined) {
      return { field, description, overlay, constants: [], format: undefined, evidence: NO_EVIDENCE };
    }
    const constants = overlay.constants.flatMap((name) => overlays.constants.get(name) ?? []);
    const format = overlay.format === undefined ? undefined : overlays.formats.get(overlay.format);
    for (const used of [...constants, format]) if (used) this.#used.add(used);
    checkField(overlay, field, this.#types, { constants, format }, this.#bag);
    const evidence = this.#resolver.resolve(
      statementsOf(special, shared),
      overlay.contradictions,
      owner.page,
      special?.documented?.missing ? undefined : owner.page,
    );
    return { field, description, overlay, constants, format, evidence };
  }

  #evidenceOf(entry: Sourced | undefined): Evidence {
    return (entry && this.#evidence.get(entry)) ?? NO_EVIDENCE;
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

  #uncovered(kind: string, name: string, position: FieldOverlay['position']): void {
    this.#bag.add('uncovered', `the overlay does not describe the ${kind} "${name}"`, position);
  }
}

/** The name of the field's type in the overlay: `xsd:string`, `HandleArray`. */
export function typeName(field: Field): string {
  return field.type.kind === 'primitive' ? `xsd:${field.type.name}` : field.type.name;
}

function defaultArea(contract: Contract): Area {
  return {
    name: 'service',
    title: contract.service || 'Service',
    description: contract.documentation ?? '',
    citations: undefined,
    contradictions: [],
    position: { file: '', line: 1, column: 1 },
  };
}
