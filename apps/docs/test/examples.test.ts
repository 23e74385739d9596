import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { contract } from '@ips-sdk/types/contract';
import { type SchemaName, validate } from '@ips-sdk/validator';
import { codec } from '@ips-sdk/wire';
import { afterAll, describe, expect, it } from 'vitest';
import { describeOperation, operationNames, typeNames } from '../src/reference/contract-model.ts';
import { type OperationExample, operationExamples, typeExample } from '../src/reference/examples.ts';

const operations = operationNames.flatMap((name) =>
  operationExamples(name).map((example) => ({ name, title: example.title, example })),
);
const types = typeNames.map((name) => ({ name, ...typeExample(name) }));

function expectValid(name: string, value: unknown): void {
  expect(validate(name as SchemaName, value, { mode: 'strict' })).toMatchObject({ valid: true, errors: [] });
}

describe('examples of operations', () => {
  it.each(operations)('$name, $title: hold against the validators', ({ name, example }) => {
    const { request, response } = describeOperation(name);
    expectValid(request.name, example.input);
    if (response !== undefined) expectValid(response.name, example.output);
  });

  it.each(operations)('$name, $title: are read back from the XML that is shown', ({ name, example }) => {
    const request = codec.decodeRequest(example.requestXml, { strict: true });
    expect(request).toMatchObject({ operation: name, input: example.input });
    const response = codec.decodeResponse(name as 'submitJob', example.responseXml, { strict: true });
    expect(response.value).toEqual(example.output);
  });
});

describe('examples of types', () => {
  it.each(types)('$name: holds against the validator', ({ name, value }) => {
    expectValid(name, value);
  });
});

const xmllint = spawnSync('xmllint', ['--version']).status === 0;

describe.skipIf(!xmllint)('examples in XML, by xmllint (skipped where it is not installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ips-docs-xml-'));
  const schema = fileURLToPath(import.meta.resolve('@ips-sdk/types/xsd/ips.xsd'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The element in the body of an envelope, as a document. */
  const body = (xml: string): string => /<soapenv:Body>\s*(.*?)\s*<\/soapenv:Body>/s.exec(xml)?.[1] ?? '';

  function expectSchemaValid(
    documents: readonly { readonly name: string; readonly xml: string }[],
    against: string = schema,
  ): void {
    const files = documents.map(({ name, xml }, index) => {
      const file = join(folder, `${name}-${index}.xml`);
      writeFileSync(file, xml);
      return file;
    });
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', against, ...files], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }

  it('requests and responses hold against the XML Schema', () => {
    const side = (name: string, example: OperationExample) => [
      { name: `${name}-request`, xml: body(example.requestXml) },
      { name: `${name}-response`, xml: body(example.responseXml) },
    ];
    const documents = operations.flatMap(({ name, example }) => side(name, example));
    expect(documents.length).toBeGreaterThanOrEqual(2 * operationNames.length);
    expectSchemaValid(documents);
  });

  it('types hold against the XML Schema', () => {
    const elements = types.map(
      ({ name }) => `<element name="${name.charAt(0).toLowerCase()}${name.slice(1)}" type="ips:${name}"/>`,
    );
    // The schema has elements for messages only.
    const extended = join(folder, 'types.xsd');
    writeFileSync(
      extended,
      `<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:ips="${contract.messageNamespace}"
        targetNamespace="${contract.messageNamespace}" elementFormDefault="qualified">
        <include schemaLocation="${pathToFileURL(schema).href}"/>${elements.join('')}</schema>`,
    );
    expectSchemaValid(types, extended);
  });

  it('a wrong document is found wrong', () => {
    const xml = `<stopJobParam xmlns="${contract.messageNamespace}"><jobHandle>j|6|Nightly|</jobHandle></stopJobParam>`;
    expect(() => expectSchemaValid([{ name: 'wrong', xml }])).toThrow(/companyHandle/);
  });
});
