// What strict validation accepts, the codec writes: nobody who validated a request sees it refused on its way out.
import { contract } from '@ips-sdk/types/contract';
import { type SchemaName, validate } from '@ips-sdk/validator';
import { codec, unknownElements, WireError } from '@ips-sdk/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operationNames } from '../../../scripts/testing/arbitrary.js';
import { casesOf } from '../../../scripts/testing/cases.js';
import { schemaValues } from './support/schema-values.js';

/** Values that are wrong in most places, or nearly. */
const values: readonly unknown[] = [
  undefined,
  null,
  '',
  'text',
  0,
  -0,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 31,
  2 ** 53,
  10n,
  true,
  [],
  {},
  [undefined],
  new Array(2),
  new Uint8Array([1, 2]),
  Object.create(new Uint8Array(1)),
  Object.create(new Date(0)),
  new Date('2014-04-03T00:00:00Z'),
  new Date('+010000-01-01T00:00:00Z'),
  new Date('9999-12-31T23:59:59.999Z'),
  new Date('0000-12-31T00:00:00Z'),
  new Date('-000001-01-01T00:00:00Z'),
  new Date(Number.NaN),
  '10000-01-01T00:00:00Z',
  '9999-12-31T24:00:00Z',
  '0000-01-01T00:00:00Z',
  '2014-04-03T00:00:00',
  'aGVsbG8=\n',
  'aGVsbG8=\u00a0',
];

/** Characters that XML carries or not. */
const characters = [
  '\u0000',
  '\u0001',
  '\u000b',
  '\u001f',
  '\u007f',
  '\u0085',
  '\r',
  '\ud800',
  '\udc00',
  '\ud83d\ude00',
  '\ufffd',
  '\ufffe',
  '\uffff',
  '<&>]]>',
];

/** Other ways in which an object can hold its fields. */
const shapes: readonly ((value: object) => unknown)[] = [
  (value) => Object.create(value),
  (value) => Object.assign(Object.create(null), value),
  (value) => Object.assign(Object.create({ inherited: 1 }), value),
  (value) => Object.freeze({ ...value }),
  // The first half of the fields as accessors of a class.
  (value) => {
    const entries = Object.entries(value);
    const half = Math.ceil(entries.length / 2);
    const prototype = Object.defineProperties(
      {},
      Object.fromEntries(
        entries.slice(0, half).map(([key, one]) => [key, { get: () => one, enumerable: true }]),
      ),
    );
    return Object.assign(Object.create(prototype), Object.fromEntries(entries.slice(half)));
  },
  (value) =>
    Object.defineProperties(
      {},
      Object.fromEntries(Object.entries(value).map(([key, one]) => [key, { get: () => one }])),
    ),
  (value) => ({ ...value, [unknownElements]: [{ name: 'newer', text: '1' }] }),
  (value) => ({ ...value, [Symbol('other')]: 1 }),
  (value) => ({ ...value, $schema: './schema.json' }),
  (value) => ({ ...value, newer: 1 }),
  (value) => ({ ...value, newer: undefined }),
  (value) => Object.assign(JSON.parse('{"__proto__":{"a":1}}'), value),
  (value) => new Map(Object.entries(value)),
];

interface Change {
  readonly kind: 'value' | 'character' | 'shape' | 'list' | 'drop';
  readonly steps: readonly number[];
  readonly which: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('value', 'character', 'character', 'shape', 'shape', 'list', 'drop'),
  steps: fc.array(fc.nat({ max: 20 }), { maxLength: 5 }),
  which: fc.nat({ max: 1000 }),
});

/** Changes one place of a value. */
function changed(value: unknown, { kind, steps, which }: Change): unknown {
  const [step, ...rest] = steps;
  const isObject = typeof value === 'object' && value !== null;
  if (step !== undefined && isObject && Object.getPrototypeOf(value) !== Date.prototype) {
    const keys = Object.keys(value);
    const key = keys[step % Math.max(keys.length, 1)];
    if (key !== undefined && !ArrayBuffer.isView(value)) {
      const inner = changed((value as Record<string, unknown>)[key], { kind, steps: rest, which });
      const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
      return Object.assign(copy, { [key]: inner });
    }
  }
  const pick = <T>(list: readonly T[]): T => list[which % list.length] as T;
  if (kind === 'character' && typeof value === 'string') {
    const at = which % (value.length + 1);
    return value.slice(0, at) + pick(characters) + value.slice(at);
  }
  if (kind === 'shape' && isObject && !Array.isArray(value)) return pick(shapes)(value);
  if (kind === 'list' && Array.isArray(value)) {
    const list: unknown[] = [...value];
    return pick([
      Object.assign(list, { [unknownElements]: [{ name: 'newer' }] }),
      Object.assign(Object.create(Array.prototype), { ...list, length: list.length }),
      [...list, undefined],
      Array.from({ length: 2000 }, () => list[0]),
    ]);
  }
  return kind === 'drop' || kind === 'value' ? pick(values) : value;
}

describe('what strict validation accepts', () => {
  it('the codec writes, however deeply it is nested', () => {
    const depths = { accepted: 0, refused: 0 };
    for (const depth of [100, 500, 999, 1500, 3000, 5000]) {
      const fields = {
        folderHandle: 'f|x/',
        path: 'x/',
        lastModified: '2014-04-03T00:00:00Z',
        hasSubfolders: true,
      };
      let folders: object = fields;
      for (let i = 0; i < depth; i += 1) folders = { ...fields, subfolderArray: [folders] };
      const { errors } = validate('getFolderTreeReturn', { folders }, { mode: 'strict' });
      depths[errors.length === 0 ? 'accepted' : 'refused'] += 1;
      if (errors.length > 0) expect(errors.map(({ code }) => code)).toEqual(['too-deep']);
      else expect(codec.encodeResponse('getFolderTree', { folders } as never)).toContain('<folders>');
    }
    expect(depths).toEqual({ accepted: 3, refused: 3 });
  });

  it.each(['request', 'answer'] as const)(
    'the codec writes: any %s of any operation, however it is held',
    (direction) => {
      const numRuns = casesOf(100_000);
      const counts = { accepted: 0, changed: 0, refused: 0 };
      fc.assert(
        fc.property(
          fc.constantFrom(...operationNames).chain((name) => {
            const { input = '', output = '' } = contract.operations[name] ?? {};
            const message = direction === 'request' ? input : output;
            return fc.tuple(fc.constant(name), fc.constant(message), schemaValues(message));
          }),
          fc.array(change, { maxLength: 2 }),
          ([name, message, value], changes) => {
            const subject = changes.reduce(changed, value);
            const { valid } = validate(message as SchemaName, subject, { mode: 'strict' });
            counts[!valid ? 'refused' : changes.length === 0 ? 'accepted' : 'changed'] += 1;
            if (!valid) return;
            let error: unknown;
            try {
              if (direction === 'request') codec.encodeRequest(name as never, subject as never);
              else codec.encodeResponse(name as never, subject as never);
            } catch (thrown) {
              error = thrown instanceof WireError ? `${thrown.path}: ${thrown.message}` : thrown;
            }
            expect(error).toBeUndefined();
          },
        ),
        { numRuns },
      );
      // Values that are all refused, or none, would show nothing.
      for (const [kind, count] of Object.entries(counts))
        expect({ kind, often: count > numRuns / 10 }).toEqual({ kind, often: true });
    },
    300_000,
  );
});
