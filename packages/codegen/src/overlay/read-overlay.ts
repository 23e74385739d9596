import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodegenError, DiagnosticBag, type SourcePosition } from '../diagnostic.js';
import { displayPath } from '../display-path.js';
import { isSafeIdentifier } from '../identifier.js';
import { checkPattern } from './check-pattern.js';
import type {
  Area,
  ConstantList,
  ConstantValue,
  Discrepancy,
  FaultCode,
  FieldOverlay,
  Format,
  MessageOverlay,
  OperationOverlay,
  Overlay,
  TypeOverlay,
} from './overlay.js';
import { readMessage, readOperation, readType } from './read-definition.js';
import { readFields } from './read-field.js';
import { readSourced, readSourceSection, SOURCE_KEYS } from './read-source.js';
import type { SourceSection } from './source.js';
import { type YamlCursor, YamlFile } from './yaml-cursor.js';

/** The keys at the top of an overlay file. */
const FILE_KEYS = [
  'contract',
  'area',
  'title',
  'description',
  'sources',
  'roles',
  'formats',
  'faultCodes',
  'constants',
  'common',
  'messages',
  'types',
  'operations',
  'discrepancies',
  ...SOURCE_KEYS,
] as const;

/** Names of generated files that are not areas. */
const RESERVED_AREAS = new Set([
  'index',
  'primitives',
  'constants',
  'constant-values',
  'operations',
  'named-types',
  'contract',
  'roles',
  'docs',
]);

/**
 * Reads every `.yaml` file of a folder, in alphabetical order, as one overlay.
 *
 * @param more - Folders whose files belong to it as well.
 *
 * @throws CodegenError with all findings: malformed YAML, unknown keys, values of the wrong kind, names
 * described in two files.
 */
export function readOverlay(folder: string, ...more: readonly string[]): Overlay {
  const bag = new DiagnosticBag();
  const reader = new OverlayReader(bag);
  for (const each of [folder, ...more]) addFolder(reader, each, bag);
  bag.throwIfAny();
  return reader.overlay;
}

function addFolder(reader: OverlayReader, folder: string, bag: DiagnosticBag): void {
  let names: string[];
  try {
    names = readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort();
  } catch {
    names = [];
  }
  if (names.length === 0) {
    const position = { file: displayPath(folder), line: 1, column: 1 };
    throw new CodegenError([{ code: 'no-overlay', message: 'the folder contains no .yaml file', position }]);
  }
  for (const name of names) {
    const path = join(folder, name);
    reader.add(new YamlFile(readFileSync(path, 'utf8'), displayPath(path), bag));
  }
}

class OverlayReader {
  readonly #bag: DiagnosticBag;
  readonly #sources = new Map<string, SourceSection>();
  readonly #areas = new Map<string, Area>();
  readonly #formats = new Map<string, Format>();
  readonly #constants = new Map<string, ConstantList>();
  readonly #roles = new Map<string, ConstantValue>();
  readonly #faultCodes: FaultCode[] = [];
  readonly #types = new Map<string, TypeOverlay>();
  readonly #operations = new Map<string, OperationOverlay>();
  readonly #messages = new Map<string, MessageOverlay>();
  readonly #discrepancies: Discrepancy[] = [];
  readonly #files: string[] = [];
  readonly #common = {
    types: new Map<string, FieldOverlay>(),
    inputs: new Map<string, FieldOverlay>(),
    outputs: new Map<string, FieldOverlay>(),
  };
  readonly #seen = new Map<string, SourcePosition>();
  #contract: string | undefined;
  #arrayDescription: string | undefined;

  constructor(bag: DiagnosticBag) {
    this.#bag = bag;
  }

  get overlay(): Overlay {
    return {
      contract: this.#contract,
      sources: this.#sources,
      areas: this.#areas,
      formats: this.#formats,
      constants: this.#constants,
      roles: this.#roles,
      faultCodes: this.#faultCodes,
      types: this.#types,
      operations: this.#operations,
      messages: this.#messages,
      common: this.#common,
      arrayDescription: this.#arrayDescription,
      discrepancies: this.#discrepancies,
      files: this.#files,
    };
  }

  add(file: YamlFile): void {
    this.#files.push(file.file);
    const root = file.root();
    const top = root.record(FILE_KEYS);
    const area = top.area?.string();
    const title = top.title?.string();
    const description = top.description?.string();
    if (area === undefined || title === undefined || description === undefined) {
      this.#bag.add('bad-overlay-value', 'an overlay file needs area, title and description', root.position);
      return;
    }
    if (!/^[a-z][a-z0-9-]*$/.test(area) || RESERVED_AREAS.has(area)) {
      this.#bag.add(
        'bad-overlay-value',
        `"${area}" is not a valid area: it becomes a file name`,
        root.position,
      );
    }
    this.#once('area', area, root.position);
    if (top.contract !== undefined) this.#once('contract of the overlay', '', top.contract.position);
    this.#contract ??= top.contract?.string();
    this.#areas.set(area, {
      name: area,
      title,
      description,
      ...readSourced(top),
      position: root.position,
    });
    for (const [name, cursor] of top.sources?.entries() ?? []) {
      this.#once('section of sources', name, cursor.position);
      this.#sources.set(name, readSourceSection(name, cursor, this.#bag));
    }
    for (const [name, cursor] of top.roles?.entries() ?? []) {
      this.#once('role', name, cursor.position);
      this.#roles.set(name, readConstantValue(cursor));
    }
    for (const [name, cursor] of top.formats?.entries() ?? []) this.#addFormat(name, cursor);
    for (const [code, cursor] of top.faultCodes?.entries() ?? []) this.#addFaultCode(code, cursor);
    for (const [name, cursor] of top.constants?.entries() ?? []) this.#addConstants(name, cursor, area);
    if (top.common) this.#addCommon(top.common);
    for (const [name, cursor] of top.messages?.entries() ?? []) {
      this.#once('message', name, cursor.position);
      this.#messages.set(name, readMessage(cursor, area, this.#bag));
    }
    for (const [name, cursor] of top.types?.entries() ?? []) {
      this.#once('type', name, cursor.position);
      this.#types.set(name, readType(cursor, area, this.#bag));
    }
    for (const [name, cursor] of top.operations?.entries() ?? []) {
      this.#once('operation', name, cursor.position);
      this.#operations.set(name, readOperation(cursor, area, this.#bag));
    }
    for (const cursor of top.discrepancies?.list() ?? []) this.#addDiscrepancy(cursor);
  }

  #addFormat(name: string, cursor: YamlCursor): void {
    this.#once('format', name, cursor.position);
    const keys = cursor.record(['description', 'pattern', 'jsonSchema', 'example', ...SOURCE_KEYS]);
    const pattern = keys.pattern?.string();
    if (pattern !== undefined) checkPattern(pattern, cursor, this.#bag);
    this.#formats.set(name, {
      name,
      description: keys.description?.string() ?? '',
      pattern,
      jsonSchema: keys.jsonSchema?.string(),
      example: keys.example?.string(),
      ...readSourced(keys),
      position: cursor.position,
    });
  }

  #addFaultCode(code: string, cursor: YamlCursor): void {
    this.#once('fault code', code, cursor.position);
    const keys = cursor.record(['name', 'fault', 'description', ...SOURCE_KEYS]);
    if (!/^\d+$/.test(code))
      this.#bag.add('bad-overlay-value', `"${code}" is not a fault code`, cursor.position);
    this.#faultCodes.push({
      code: Number(code),
      name: keys.name?.string() ?? '',
      fault: keys.fault?.string() ?? '',
      description: keys.description?.string() ?? '',
      ...readSourced(keys),
      position: cursor.position,
    });
  }

  #addConstants(name: string, cursor: YamlCursor, area: string): void {
    this.#once('constant list', name, cursor.position);
    if (!isSafeIdentifier(name)) {
      this.#bag.add('bad-overlay-value', `"${name}" is not a valid name for a type`, cursor.position);
    }
    const keys = cursor.record([
      'page',
      'title',
      'description',
      'note',
      'values',
      'spellings',
      ...SOURCE_KEYS,
    ]);
    const values = new Map<string, ConstantValue>();
    for (const [value, meaning] of keys.values?.entries() ?? []) {
      values.set(value, readConstantValue(meaning));
    }
    const spellings = new Map<string, string>();
    for (const [spelling, meant] of keys.spellings?.entries() ?? []) {
      const value = meant.string();
      if (value === undefined) continue;
      if (!values.has(value)) {
        this.#bag.add('unknown-overlay-name', `"${value}" is not a value of ${name}`, meant.position);
      }
      spellings.set(spelling, value);
    }
    if (values.size === 0) this.#bag.add('bad-overlay-value', `the list ${name} is empty`, cursor.position);
    this.#constants.set(name, {
      name,
      title: keys.title?.string() ?? name,
      page: keys.page?.string(),
      description: keys.description?.string() ?? '',
      note: keys.note?.string(),
      ...readSourced(keys),
      values,
      spellings,
      area,
      position: cursor.position,
    });
  }

  #addCommon(cursor: YamlCursor): void {
    const keys = cursor.record(['types', 'inputs', 'outputs', 'arrayDescription']);
    this.#arrayDescription = keys.arrayDescription?.string() ?? this.#arrayDescription;
    for (const scope of ['types', 'inputs', 'outputs'] as const) {
      for (const [name, field] of readFields(keys[scope], this.#bag)) {
        this.#once(`common ${scope} field`, name, field.position);
        this.#common[scope].set(name, field);
      }
    }
  }

  #addDiscrepancy(cursor: YamlCursor): void {
    const keys = cursor.record(['where', 'documented', 'actual', 'handling', ...SOURCE_KEYS]);
    this.#discrepancies.push({
      where: keys.where?.string() ?? '',
      documented: keys.documented?.string() ?? '',
      actual: keys.actual?.string() ?? '',
      handling: keys.handling?.string() ?? '',
      ...readSourced(keys),
    });
  }

  #once(kind: string, name: string, position: SourcePosition): void {
    const key = `${kind} ${name}`;
    const first = this.#seen.get(key);
    if (first) {
      this.#bag.add(
        'duplicate',
        `${kind} "${name}" is already described at ${first.file}:${first.line}`,
        position,
      );
    } else {
      this.#seen.set(key, position);
    }
  }
}

/** A meaning, or a map of a meaning and its source. */
function readConstantValue(cursor: YamlCursor): ConstantValue {
  const keys: Partial<Record<'description' | (typeof SOURCE_KEYS)[number], YamlCursor>> = cursor.isMap
    ? cursor.record(['description', ...SOURCE_KEYS])
    : { description: cursor };
  return { description: keys.description?.string() ?? '', ...readSourced(keys) };
}
