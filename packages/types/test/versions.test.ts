// Each version's tables against its own WSDL: they are written as a difference, and must come to the same.
import { fileURLToPath } from 'node:url';
import { annotate, arrayItem, type Field, readWsdl } from '@ips-sdk/codegen';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Contract, ContractField, TypedContract } from '../src/generated/contract.js';
import type { Operations } from '../src/index.js';
import { type Operations as Operations2013, contract as of2013 } from '../src/versions/2013-02-15.js';
import { type Operations as Operations2014, contract as of2014 } from '../src/versions/2014-04-03.js';
import { type Operations as Operations2016, contract as of2016 } from '../src/versions/2016-01-14-beta.js';
import { type Operations as Operations2019, contract as of2019 } from '../src/versions/2019-09-10-beta.js';

const rows = (fields: readonly Field[]): ContractField[] =>
  fields.map(({ name, type, min, max }) => [
    name,
    type.kind === 'primitive' ? `xsd:${type.name}` : type.name,
    min,
    max,
  ]);

const VERSIONS: readonly [string, Contract, number][] = [
  ['2013-02-15', of2013, 163],
  ['2014-04-03', of2014, 164],
  ['2016-01-14-beta', of2016, 174],
  ['2019-09-10-beta', of2019, 165],
];

describe.each(VERSIONS)('%s', (version, contract, operations) => {
  const wsdl = readWsdl(fileURLToPath(new URL(`../wsdl/IpsApi-${version}.wsdl`, import.meta.url)));
  const { messages } = annotate(wsdl);

  it('has the operations, messages and types of its WSDL, and no others', () => {
    expect(contract).toMatchObject({ version, messageNamespace: wsdl.messageNamespace });
    expect(Object.keys(contract.operations)).toHaveLength(operations);
    expect(new Set(Object.keys(contract.operations))).toEqual(new Set(wsdl.operations.map((o) => o.name)));
    expect(new Set(Object.keys(contract.types))).toEqual(new Set(wsdl.types.map((t) => t.name)));
    const sides = wsdl.operations.flatMap((o) => (o.output ? [o.input, o.output] : [o.input]));
    expect(Object.keys(contract.messages)).toHaveLength(new Set(sides).size + messages.length);
    for (const { name, input, output } of wsdl.operations) {
      const entry = contract.operations[name];
      expect(contract.messages[entry?.input ?? '']).toMatchObject({ fields: rows(input.fields) });
      expect(contract.messages[entry?.output ?? '']).toMatchObject({ fields: rows(output?.fields ?? []) });
    }
    for (const type of wsdl.types) {
      if (type.kind !== 'complex') continue;
      const array = arrayItem(type) === undefined ? {} : { array: true };
      expect({ [type.name]: contract.types[type.name] }).toMatchObject({
        [type.name]: { fields: rows(type.fields), ...array },
      });
    }
  });

  it('has the header of its WSDL', () => {
    const [header] = wsdl.operations[0]?.headers ?? [];
    const named = contract.messages[contract.headers[0] ?? ''];
    expect(named?.fields).toEqual(rows(header?.fields ?? []));
    expect(named?.namespace ?? contract.messageNamespace).toBe(header?.namespace);
  });
});

describe('the types of a version', () => {
  it('have what the version has, and lack what it lacks', () => {
    expectTypeOf<'deleteAssetMetadata' extends keyof Operations2013 ? true : false>().toEqualTypeOf<false>();
    expectTypeOf<
      'getImageServingCatalog' extends keyof Operations2013 ? true : false
    >().toEqualTypeOf<true>();
    type Job = Operations2013['getActiveJobs']['output']['jobArray'][number];
    expectTypeOf<'triggerTime' extends keyof Job ? true : false>().toEqualTypeOf<false>();
    expectTypeOf<Operations2013['addUser']['input']['defaultRole']>().toEqualTypeOf<string>();
    expectTypeOf<Operations2016['listCompanyMetadata']['input']['xtype']>().toEqualTypeOf<
      string | undefined
    >();
    type Updates = Operations2019['updateSmartCrops']['input']['updateArray'];
    expectTypeOf<Updates[number]['cropRect']['leftN']>().toEqualTypeOf<number>();
    expectTypeOf<Operations2014>().toEqualTypeOf<Operations>();
    expectTypeOf(of2013).toEqualTypeOf<TypedContract<Operations2013>>();
  });
});
