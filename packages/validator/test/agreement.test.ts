// The compiled validators against an independent reading of the published schema: the interpreter of Ajv.
import { readFileSync } from 'node:fs';
import { contract } from '@ips-sdk/types/contract';
import { docs } from '@ips-sdk/types/docs';
import * as guards from '@ips-sdk/validator';
import { validate } from '@ips-sdk/validator';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { activeJobs } from '../bench/active-jobs.js';

type Guard = (value: unknown) => boolean;
const guard = (name: string) => (guards as unknown as Record<string, Guard>)[`is${name}`] as Guard;

const examples: { name: string; value: unknown }[] = Object.entries(docs.operations).flatMap(
  ([name, { examples: list }]) =>
    (list ?? []).flatMap(({ input, output }) => [
      { name: contract.operations[name]?.input ?? '', value: input },
      ...(output === undefined ? [] : [{ name: contract.operations[name]?.output ?? '', value: output }]),
    ]),
);
examples.push({ name: 'GetActiveJobsReturn', value: activeJobs(2) });

let oracles: Map<string, ValidateFunction>;
beforeAll(() => {
  const file = new URL(import.meta.resolve('@ips-sdk/types/schema/ips.json'));
  const ajv = new Ajv({ strict: false, formats: { 'date-time': true, uri: true, email: true } });
  ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')));
  oracles = new Map(
    examples.map(({ name }) => [name, ajv.compile({ $ref: `ips.json#/definitions/${name}` })]),
  );
});

/** Changes one place of a document: drops it, renames it, or puts another value there. */
function mutate(value: unknown, steps: readonly number[], change: number): unknown {
  const [step = 0, ...rest] = steps;
  if (typeof value !== 'object' || value === null || steps.length === 0) {
    return [undefined, null, 5, -1, 1.5, 'x', true, [], {}, '2014-04-03T00:00:00Z'][change % 10];
  }
  if (Array.isArray(value)) {
    if (value.length === 0 || change % 7 === 0) return [...value, change];
    const at = step % value.length;
    return value.map((item, i) => (i === at ? mutate(item, rest, change) : item));
  }
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return { extra: change };
  const record = value as Record<string, unknown>;
  if (change % 11 === 0) return Object.fromEntries(Object.entries(record).filter(([k]) => k !== key));
  if (change % 13 === 0)
    return Object.fromEntries(Object.entries(record).map(([k, v]) => [k === key ? `${k}x` : k, v]));
  return { ...record, [key]: mutate(record[key], rest, change) };
}

describe('compiled validators', () => {
  it('accept the examples', () => {
    for (const { name, value } of examples) {
      expect(validate(name as never, value, { mode: 'strict' }).errors, name).toEqual([]);
      expect(guard(name)(value), name).toBe(true);
    }
  });

  it('agree with Ajv on changed examples', () => {
    let invalid = 0;
    fc.assert(
      fc.property(
        fc.nat({ max: examples.length - 1 }),
        fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
        fc.nat({ max: 1000 }),
        (index, steps, change) => {
          const { name, value } = examples[index] as (typeof examples)[number];
          const changed = mutate(value, steps, change);
          const result = validate(name as never, changed, { mode: 'strict' });
          // What Ajv does not look at here: the text of addresses and dates.
          const errors = result.errors.filter(
            ({ code, expected }) =>
              !(code === 'no-offset' || /^(a date and time|an absolute URL|an e-mail)/.test(expected)),
          );
          const typeErrors = result.errors.filter(
            ({ code, expected }) => code === 'type' && expected.startsWith('a date and time'),
          );
          expect({ name, valid: errors.length + typeErrors.length === 0 }).toEqual({
            name,
            valid: oracles.get(name)?.(changed),
          });
          if (!result.valid) invalid += 1;
          // A guard is what lenient validation of a request calls valid, but for exclusive fields and forbidden keys, which no type
          // says. What answers may lack in spite of their type, a guard may not: it promises the type.
          const lenient = validate(name as never, changed, { side: 'request' }).errors.filter(
            ({ code }) => code !== 'exclusive' && code !== 'forbidden-key',
          );
          expect({ name, guarded: guard(name)(changed) }).toEqual({ name, guarded: lenient.length === 0 });
        },
      ),
      { numRuns: 5000 },
    );
    expect(invalid).toBeGreaterThan(1000);
  });
});
