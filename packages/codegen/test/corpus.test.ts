// WSDLs of the kinds that other tools write, each the smallest that shows one construct. All of them are read, and what is generated
// from each compiles.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Field, generate, readWsdl, writeOutput } from '../src/index.js';
import { typecheck } from './support/typecheck.js';
import { folderWith } from './support/wsdl.js';

const CORPUS = fileURLToPath(new URL('corpus/', import.meta.url));
const files = readdirSync(CORPUS).map((name) =>
  name.endsWith('.wsdl') ? join(CORPUS, name) : join(CORPUS, name, 'service.wsdl'),
);
const contractOf = (name: string) => readWsdl(join(CORPUS, name));
const fieldsOf = (name: string, type: string): readonly Field[] => {
  const found = contractOf(name).types.find((t) => t.name === type);
  return found?.kind === 'complex' ? found.fields : [];
};
const textOf = (name: string, path: string) =>
  generate({ wsdl: join(CORPUS, name) }).files.find((file) => file.path === path)?.text ?? '';

describe('the corpus of foreign WSDLs', () => {
  it('has at least 40 of them', () => {
    expect(files.length).toBeGreaterThanOrEqual(40);
  });

  it('compiles, all that is generated from it', () => {
    const folder = folderWith({});
    for (const file of files)
      writeOutput(join(folder, basename(file, '.wsdl')), generate({ wsdl: file }).files);
    expect(typecheck(folder)).toBe('');
  });
});

it('what is generated as the difference from another version compiles as well, whatever the names are', () => {
  const folder = folderWith({});
  for (const file of files) {
    const name = basename(file, '.wsdl');
    const base = file.includes('wrapped') ? join(CORPUS, 'one-way.wsdl') : join(CORPUS, 'wrapped.wsdl');
    // Against something else altogether, and against itself.
    for (const [kind, wsdl] of [
      ['other', base],
      ['same', file],
    ] as const) {
      writeOutput(join(folder, name, kind, 'generated'), generate({ wsdl }).files);
      const version = { wsdl, module: '../generated' };
      writeOutput(join(folder, name, kind, 'version'), generate({ wsdl: file, base: version }).files);
    }
  }
  expect(typecheck(folder)).toBe('');
});

describe('identity by qualified name', () => {
  it('declares a message once that operations share, or that is both input and output', () => {
    const text = textOf('shared-messages.wsdl', 'service.ts');
    expect(text.match(/export interface \w+/g)).toEqual([
      'export interface Document',
      'export interface DocumentInput',
    ]);
    expect(text).toContain('changed: DateTimeInput;');
    const operations = textOf('shared-messages.wsdl', 'operations.ts');
    expect(operations.match(/(?:input|output): .*/g)).toEqual(
      Array(2).fill(['input: DocumentInput;', 'output: Document;']).flat(),
    );
    expect(textOf('shared-messages.wsdl', 'contract.ts').match(/element: 'document'/g)).toHaveLength(1);
  });

  it('names an anonymous type once, however many elements refer to it, itself among them', () => {
    const behind = contractOf('anonymous-behind-references.wsdl');
    expect(behind.types.map((t) => t.name)).toEqual(['Person', 'AddressElement', 'AddressElementKind']);
    expect(fieldsOf('recursive-reference.wsdl', 'NodeElement').map((f) => [f.name, f.type.name])).toEqual([
      ['at', 'dateTime'],
      ['node', 'NodeElement'],
    ]);
  });

  it('tells types and elements of one name in two namespaces apart', () => {
    const { types, otherElements, operations } = contractOf('one-name-in-two-namespaces.wsdl');
    expect(types.map((t) => [t.name, t.namespace])).toContainEqual(['A2', 'urn:t']);
    expect(types.map((t) => [t.name, t.namespace])).toContainEqual(['A', 'urn:o']);
    expect(otherElements.map((e) => [e.xmlName, e.namespace])).toEqual([['call', 'urn:o']]);
    expect(operations[0]?.input.namespace).toBe('urn:t');
  });
});

describe('what is emitted', () => {
  it('gives each property a name of its own where attributes and elements share one, inherited or not', () => {
    const contract = textOf('attributes-and-inheritance.wsdl', 'contract.ts');
    expect(contract).toContain("['kind', 'xsd:int', 1, 1, { property: '$kind' }]");
    expect(contract).toContain("['id', 'xsd:string', 0, 1, { property: '$id', attribute: true }]");
  });

  it('keeps an array type an object where another type extends it', () => {
    expect(textOf('array-extended.wsdl', 'service.ts')).toContain('export interface Page {');
    expect(textOf('arrays-of-arrays.wsdl', 'service.ts')).toContain(
      'export type TableInput = readonly (readonly (DateTimeInput | null)[])[];',
    );
  });

  it('has literals of the base type for an enumeration', () => {
    const text = textOf('enumerations.wsdl', 'service.ts');
    expect(text).toContain('export type Level =\n  | 1\n  | -2;');
    expect(text.match(/export type Same =[^;]*/)?.[0].split('|')).toHaveLength(8);
  });
});

describe('what used to be half read', () => {
  it.each(['utf-8-bom', 'utf-16-le', 'utf-16-be', 'windows-1252', 'iso-8859-1'])(
    'the encoding %s',
    (name) => {
      const [type] = contractOf(`encoding-${name}.wsdl`).types;
      expect(type?.xmlName).toBe('Größe');
      expect(type?.documentation).toMatch(/^Ä [–-] [“"]Größe[”"]$/);
    },
  );

  it('a substitution group is a choice between its members, also where it repeats', () => {
    const { operations } = contractOf('substitution-groups.wsdl');
    const fields = (side: readonly Field[]) =>
      side.map((f) => [f.name, f.type.name, f.choice?.branch, f.repeats?.kind]);
    expect(fields(operations[0]?.input.fields ?? [])).toEqual([
      ['circle', 'Circle', 1, undefined],
      ['square', 'Shape', 2, undefined],
      ['dot', 'Circle', 3, undefined],
    ]);
    expect(fields(operations[0]?.output?.fields ?? [])).toEqual([
      ['circle', 'Circle', undefined, 'choice'],
      ['square', 'Shape', undefined, 'choice'],
      ['dot', 'Circle', undefined, 'choice'],
    ]);
  });

  it('a substitute that the type lists as well is there once', () => {
    const { operations } = contractOf('substitution-members-listed.wsdl');
    expect(operations[0]?.input.fields.map((f) => f.name)).toEqual(['dated', 'transition']);
  });

  it('choices in branches of a choice exclude what the whole excludes', () => {
    const fields = fieldsOf('choices-in-branches.wsdl', 'Contact');
    const [mail, phone, name, street, city] = fields.map((f) => f.choice);
    expect(new Set(fields.map((f) => f.choice?.group)).size).toBe(1);
    expect(mail?.branch).not.toBe(phone?.branch);
    expect([street?.branch, city?.branch]).toEqual([name?.branch, name?.branch]);
    expect(fields.map((f) => f.repeats?.kind)).toEqual([undefined, undefined, undefined, 'choice', 'choice']);
  });

  it('a wildcard is a field of XML, and a data set of .NET one of all that it brings', () => {
    expect(fieldsOf('wildcards.wsdl', 'Open').map((f) => [f.name, f.min, f.wildcard])).toEqual([
      ['id', 1, undefined],
      ['$any', 0, true],
    ]);
    expect(fieldsOf('data-set.wsdl', 'CallData').map((f) => [f.name, f.min, f.max])).toEqual([
      ['$any', 2, 2],
    ]);
    const text = textOf('wildcards.wsdl', 'service.ts');
    expect(text).toContain('$any?: string[] | undefined;');
    expect(text).toContain('$attributes?: Readonly<Record<string, string>> | undefined;');
  });

  it('groups, restrictions, lists and unions are what they stand for', () => {
    expect(fieldsOf('groups.wsdl', 'Person').map((f) => f.name)).toEqual([
      'first',
      'last',
      'mail',
      'phone',
      'a',
      'b',
    ]);
    expect(fieldsOf('complex-restriction.wsdl', 'Narrow').map((f) => [f.name, f.min])).toEqual([
      ['a', 1],
      ['id', 0],
    ]);
    expect(fieldsOf('simple-content.wsdl', 'SmallPrice').map((f) => [f.name, f.type.name])).toEqual([
      ['_', 'decimal'],
      ['currency', 'string'],
    ]);
    const { types } = contractOf('lists-and-unions.wsdl');
    const simple = types.flatMap((t) => (t.kind === 'simple' ? [[t.name, t.primitive, t.enumeration]] : []));
    expect(simple).toContainEqual(['Paint', 'string', ['red', 'none']]);
    expect(simple).toContainEqual(['Few', 'string', []]);
  });
});

describe('what blocked most of them', () => {
  it('follows wsdl:import, both ways, and schemas that these import, into the namespace of those that include them', () => {
    const { operations, types, service } = contractOf('imported/service.wsdl');
    expect(service).toBe('Service');
    expect(operations.map((o) => o.input.xmlName)).toEqual(['call']);
    expect(types.map((t) => [t.xmlName, t.namespace])).toEqual([
      ['Item', 'urn:t'],
      ['Code', 'urn:t'],
    ]);
  });

  it('reads the value of a simple message element as its text', () => {
    const { operations } = contractOf('simple-messages.wsdl');
    expect(operations[0]?.input.fields.map((f) => [f.name, f.text, f.type.name])).toEqual([
      ['_', true, 'dateTime'],
    ]);
    expect(textOf('simple-messages.wsdl', 'service.ts')).toContain('$value: DateTimeInput;');
  });

  it('takes of a message with two parts the one that is no header', () => {
    for (const name of ['header-of-same-message.wsdl', 'header-without-parts.wsdl']) {
      const [operation] = contractOf(name).operations;
      expect(operation?.input.xmlName).toBe('call');
      expect(operation?.headers.map((h) => h.xmlName)).toEqual(['session']);
    }
  });

  it('extends the base of an anonymous type in a message', () => {
    const [operation] = contractOf('anonymous-extension.wsdl').operations;
    expect([operation?.input.base, operation?.output?.base]).toEqual(['Request', 'Request']);
    expect(textOf('anonymous-extension.wsdl', 'service.ts')).toContain(
      'export interface Call extends RequestInput {',
    );
  });
});
