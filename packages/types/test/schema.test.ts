import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AnnotatedField, generate } from '@ips-sdk/codegen';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../src/generated/contract.js';
import { docs } from '../src/generated/docs.js';

type Schema = { [key: string]: unknown; properties?: Record<string, Schema> };

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = (name: string) => JSON.parse(readFileSync(path(name), 'utf8')) as Schema;
const definitions = read('schema/ips.json')['definitions'] as Record<string, Schema>;

/** Ajv as its users configure it: strict mode refuses a schema with unknown keywords or formats. */
function ajvWith(folder: string): Ajv {
  const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(read(`${folder}/ips.json`));
  return ajv;
}

describe('the JSON Schemas', () => {
  let closed: Ajv;
  beforeAll(() => {
    closed = ajvWith('dist/schema');
  });

  it('compile in the strict mode of Ajv, every type and message', () => {
    for (const name of Object.keys(definitions)) {
      expect(() => closed.compile({ $ref: `ips.json#/definitions/${name}` }), name).not.toThrow();
    }
  });

  it('stand in a file of their own for every type and message', () => {
    const validate = closed.compile(read('dist/schema/submitJobParam.json'));
    expect(
      validate({
        companyHandle: 'c|6',
        jobName: 'x',
        $schema: './submitJobParam.json',
        optimizeImagesJob: { emailSetting: 'None' },
      }),
    ).toBe(true);
    expect(read('dist/schema/ActiveJob.json')['$ref']).toBe('ips.json#/definitions/ActiveJob');
  });

  it('say which fields exclude each other', () => {
    const validate = closed.compile({ $ref: 'ips.json#/definitions/SubmitJobParam' });
    const job = { companyHandle: 'c|6', jobName: 'x' };
    const one = { optimizeImagesJob: { emailSetting: 'None' } };
    expect(validate(job)).toBe(false);
    expect(validate({ ...job, ...one })).toBe(true);
    expect(validate({ ...job, ...one, metadataPublishJob: {} })).toBe(false);
    expect(validate({ ...job, ...one, execTime: '2014-04-03T00:00:00Z', execSchedule: '0 0 0 * * ?' })).toBe(
      false,
    );
  });

  it('take unknown constants in the open form only', () => {
    const job = { companyHandle: 'c|6', jobName: 'x', optimizeImagesJob: { emailSetting: 'OnFullMoon' } };
    expect(closed.validate('ips.json#/definitions/SubmitJobParam', job)).toBe(false);
    expect(ajvWith('dist/schema/open').validate('ips.json#/definitions/SubmitJobParam', job)).toBe(true);
  });

  it('accept every example of the overlay', () => {
    const examples = Object.entries(docs.operations).flatMap(([name, { examples: list }]) =>
      (list ?? []).map((example) => ({ name, ...example })),
    );
    expect(examples.length).toBeGreaterThan(30);
    for (const { name, title, input, output } of examples) {
      const operation = contract.operations[name];
      for (const [message, value] of [
        [operation?.input, input],
        [operation?.output, output],
      ]) {
        if (value === undefined) continue;
        const valid = closed.validate(`ips.json#/definitions/${String(message)}`, value);
        expect(valid ? [] : closed.errors, `${name}: ${title}`).toEqual([]);
      }
    }
  });

  it('lose nothing that the overlay says of a field', () => {
    const { annotated } = generate({ wsdl: path('wsdl/IpsApi-2014-04-03.wsdl'), overlay: path('overlay') });
    const owners: { name: string; fields: readonly AnnotatedField[] }[] = [
      ...annotated.types.map((t) => ({ name: t.definition.name, fields: t.fields })),
      ...annotated.operations.flatMap((o) => [o.input, ...(o.output ? [o.output] : [])]),
      ...annotated.messages,
    ];
    let compared = 0;
    for (const { name, fields } of owners) {
      const owner = definitions[name];
      if (owner?.properties === undefined) continue;
      for (const { field, overlay, format, constants } of fields) {
        const schema = owner.properties[field.name];
        const value = schema?.['type'] === 'array' ? (schema['items'] as Schema) : schema;
        const expected = {
          pattern: overlay?.pattern ?? format?.pattern,
          minimum: overlay?.minimum,
          maximum: overlay?.maximum,
        };
        for (const [keyword, wanted] of Object.entries(expected)) {
          if (wanted === undefined || constants.length > 0) continue;
          expect({ [`${name}/${field.name}/${keyword}`]: value?.[keyword] }).toEqual({
            [`${name}/${field.name}/${keyword}`]: wanted,
          });
          compared += 1;
        }
        if (overlay?.minItems !== undefined)
          expect(schema?.['minItems'], `${name}/${field.name}`).toBe(overlay.minItems);
        if (overlay?.maxItems !== undefined)
          expect(schema?.['maxItems'], `${name}/${field.name}`).toBe(overlay.maxItems);
        expect(owner['required'] ?? []).toEqual(expect.arrayContaining(field.min > 0 ? [field.name] : []));
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});
