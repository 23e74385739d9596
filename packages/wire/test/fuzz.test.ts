// The fast path against the conformant parser, and both against anything: valid messages, broken in every way.
import { contract } from '@ips-sdk/types/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, operationNames } from '../../../scripts/testing/arbitrary.js';
import { casesOf } from '../../../scripts/testing/cases.js';
import { decodeThoroughly } from '../src/decode/decode-document.js';
import { decodeFast } from '../src/decode/decode-fast.js';
import { codec, type DecodeIssue, IpsFault, WireError } from '../src/index.js';
import { fullLimits } from '../src/limits.js';
import { Plans } from '../src/plan.js';

const plans = new Plans(contract);
const limits = fullLimits({ maxLength: 1_000_000 }, false);

/** Documents to break: every operation's answer and request, in every form. */
const documents: string[] = operationNames.flatMap((name, i) => {
  const operation = contract.operations[name];
  const options = [{}, { soapVersion: '1.2' as const }, { dialect: 'plain' as const }][i % 3] ?? {};
  const [output] = fc.sample(arbitraryOf(operation?.output ?? '', 3), { numRuns: 1, seed: i });
  const [input] = fc.sample(arbitraryOf(operation?.input ?? '', 3), { numRuns: 1, seed: i });
  const header = { user: 'ann@example.com', password: 'x', appName: 'a', appVersion: '1' };
  return [
    codec.encodeResponse(name as never, output as never, options),
    codec.encodeRequest(name as never, input as never, i % 2 === 0 ? options : { ...options, header }),
  ];
});
documents.push(
  codec.encodeFault({ kind: 'api', code: 30001, reason: 'x' }),
  codec.encodeFault({ kind: 'soap', reason: 'x' }, { soapVersion: '1.2' }),
);

const PIECES = [
  '<',
  '>',
  '/',
  '</',
  '/>',
  '&',
  ';',
  '&amp;',
  '&lt;',
  '&#10;',
  '&#8;',
  '&#13;',
  '&#xFFFE;',
  '&#1114112;',
  '&#x0;',
  '&#xD800;',
  '&nope;',
  '"',
  "'",
  '=',
  ' ',
  '\n',
  '\r',
  '\r\n',
  '\t',
  ']]>',
  '<!--',
  '-->',
  '<!-- c -->',
  '<![CDATA[',
  '<![CDATA[x]]>',
  '<?x y?>',
  '<!DOCTYPE a>',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  'xmlns="urn:x"',
  ' xmlns:p="urn:p"',
  'xmlns=""',
  'p:',
  ':',
  ' xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"',
  ' xmlns:soapenv="x"',
  ' xmlns:q=""',
  ' xmlns:xml="x"',
  ' a="1" a="2"',
  ' a="<"',
  '\u0000',
  '\u0008',
  '\ud800',
  '\udc00',
  '\ufffe',
  '\ufeff',
  '😀',
  'x',
  '<items>',
  '</items>',
  '<items/>',
  '<a>',
  '</a>',
  '<b/>',
  'true',
  '99999999999999999999',
  '-1',
  '1e5',
  ' xsi:nil="true"',
  'soapenv',
  'items',
  '<soapenv:Fault>',
  '0',
  'Z',
];

interface Change {
  readonly kind: number;
  readonly at: number;
  readonly length: number;
  readonly piece: number;
  readonly from: number;
}

/** Breaks a document: puts a piece somewhere, takes a part out, doubles it, moves it, or cuts the document off. */
function broken(xml: string, changes: readonly Change[]): string {
  return changes.reduce((text, { kind, at, length, piece, from }) => {
    const position = at % (text.length + 1);
    const end = Math.min(text.length, position + length);
    const source = from % (text.length + 1);
    switch (kind) {
      case 0:
        return text.slice(0, position) + PIECES[piece % PIECES.length] + text.slice(position);
      case 1:
        return text.slice(0, position) + text.slice(end);
      case 2:
        return text.slice(0, end) + text.slice(position);
      case 3:
        return text.slice(0, position) + PIECES[piece % PIECES.length] + text.slice(end);
      case 4:
        return text.slice(0, position) + text.slice(source, source + length) + text.slice(position);
      case 5:
        return text.slice(0, position);
      case 7: {
        // Inside of a tag, where attributes stand.
        const end = text.indexOf('>', position);
        return end < 0 ? text : text.slice(0, end) + PIECES[piece % PIECES.length] + text.slice(end);
      }
      case 9:
      case 10: {
        // A whole element, taken out or doubled.
        const element = /<([\w:]+)(?:>[\s\S]*?<\/\1>|\/>)/.exec(text.slice(position));
        if (element === null) return text;
        const start = position + element.index;
        const rest = text.slice(start + element[0].length);
        return text.slice(0, start) + (kind === 9 ? rest : element[0] + element[0] + rest);
      }
      default: {
        // At a tag: there a change reaches the structure, not only text.
        const tag = text.indexOf('<', position);
        return tag < 0 ? text : text.slice(0, tag) + PIECES[piece % PIECES.length] + text.slice(tag);
      }
    }
  }, xml);
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.nat({ max: 11 }),
  at: fc.nat({ max: 1_000_000 }),
  length: fc.nat({ max: 40 }),
  piece: fc.nat({ max: PIECES.length - 1 }),
  from: fc.nat({ max: 1_000_000 }),
});

type Outcome = { readonly value: unknown } | { readonly error: string };

function thoroughly(xml: string): { outcome: Outcome; issues: DecodeIssue[] } {
  const issues: DecodeIssue[] = [];
  try {
    const decoded = decodeThoroughly(xml, plans, {
      limits: { maxLength: 1_000_000 },
      onIssue: (issue) => issues.push(issue),
    });
    return { outcome: { value: decoded }, issues };
  } catch (error) {
    if (error instanceof WireError) return { outcome: { error: error.code }, issues };
    throw error;
  }
}

describe('broken documents', () => {
  it('end in a value or a typed error, the same on the fast path as through the conformant parser', () => {
    const numRuns = casesOf(100_000);
    const counts = { fast: 0, values: 0, errors: 0 };
    fc.assert(
      fc.property(
        fc.nat({ max: documents.length - 1 }),
        fc.array(change, { maxLength: 4 }),
        (index, changes) => {
          const xml = broken(documents[index] ?? '', changes);
          const { outcome, issues } = thoroughly(xml);
          counts['value' in outcome ? 'values' : 'errors'] += 1;
          const reported: DecodeIssue[] = [];
          const fast = decodeFast(xml, plans, { onIssue: (issue) => reported.push(issue) }, limits);
          if (fast !== undefined) {
            counts.fast += 1;
            // What the fast path vouches for is well-formed, and reads and reports the same.
            expect({ xml, outcome, issues }).toEqual({ xml, outcome: { value: fast }, issues: reported });
          }
        },
      ),
      { numRuns },
    );
    // The test is worth its time only when all three ways are taken often.
    expect(counts.fast).toBeGreaterThan(numRuns / 20);
    expect(counts.values).toBeGreaterThan(numRuns / 5);
    expect(counts.errors).toBeGreaterThan(numRuns / 5);
  }, 300_000);

  it('end in a value, a fault or a typed error for the whole codec, in strict mode too', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: documents.length - 1 }),
        fc.array(change, { maxLength: 3 }),
        fc.boolean(),
        (index, changes, strict) => {
          const xml = broken(documents[index] ?? '', changes);
          for (const run of [
            () => codec.decodeRequest(xml, { strict }),
            () => codec.decodeResponse('getActiveJobs', xml, { strict }),
          ]) {
            try {
              run();
            } catch (error) {
              if (!(error instanceof WireError || error instanceof IpsFault)) throw error;
            }
          }
        },
      ),
      { numRuns: casesOf(10_000) },
    );
  }, 120_000);

  it('end in items, a fault or a typed error when they are streamed, wherever the pieces are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('searchAssets', 'getActiveJobs', 'getJobLogDetails', 'getAssets'),
        fc.array(change, { maxLength: 2 }),
        fc.integer({ min: 1, max: 300 }),
        async (operation, changes, size) => {
          const answer = documents[operationNames.indexOf(operation) * 2] ?? '';
          const bytes = Buffer.from(broken(answer, changes));
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          try {
            for await (const item of codec.decodeItems(operation as 'getAssets', pieces))
              expect(item).toBeDefined();
          } catch (error) {
            if (!(error instanceof WireError || error instanceof IpsFault)) throw error;
          }
        },
      ),
      { numRuns: casesOf(5_000) },
    );
  }, 120_000);

  it('and so do documents that are no XML at all', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((p) => p.join('')),
        ),
        (xml) => {
          try {
            codec.decodeRequest(xml);
          } catch (error) {
            if (!(error instanceof WireError)) throw error;
          }
        },
      ),
      { numRuns: casesOf(10_000) },
    );
  }, 120_000);
});

/** A value with something else somewhere inside of it. */
function spoiled(value: unknown, steps: readonly number[], with_: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== 'object' || value === null) return with_;
  const keys = Object.keys(value);
  const key = keys[step % (keys.length + 1)] ?? `k${step}`;
  const inner = spoiled((value as Record<string, unknown>)[key], rest, with_);
  return Array.isArray(value)
    ? value.map((entry: unknown, i) => (String(i) === key ? inner : entry))
    : { ...value, [key]: inner };
}

describe('what callers hand over', () => {
  const junk = fc.oneof(
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(Symbol('x'), () => 1, new Date(Number.NaN), 2n ** 70n, Number.NaN, -0),
  );

  it('is written so that a strict reader takes it, or refused with a typed error that has its path', () => {
    const numRuns = casesOf(20_000);
    const counts = { written: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc
          .constantFrom(...operationNames)
          .chain((name) =>
            fc.tuple(fc.constant(name), arbitraryOf(contract.operations[name]?.input ?? '', 2)),
          ),
        fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 }),
        junk,
        ([name, input], steps, with_) => {
          let xml: string;
          try {
            xml = codec.encodeRequest(name as never, spoiled(input, steps, with_) as never);
          } catch (error) {
            if (!(error instanceof WireError)) throw error;
            expect(error.path).toMatch(
              new RegExp(`^${contract.messages[contract.operations[name]?.input ?? '']?.element}`),
            );
            counts.refused += 1;
            return;
          }
          expect(codec.decodeRequest(xml, { strict: true, longs: 'bigint' }).operation).toBe(name);
          counts.written += 1;
        },
      ),
      { numRuns },
    );
    expect(counts.written).toBeGreaterThan(numRuns / 40);
    expect(counts.refused).toBeGreaterThan(numRuns / 4);
  }, 120_000);
});
