// Well-formed documents that are merely unusual, against the conformant parser: the values, the issues with path and raw text in their
// order, and the errors. Then documents that are made to be slow to read.
import { contract } from '@ips-sdk/types/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, operationNames } from '../../../scripts/testing/arbitrary.js';
import { casesOf } from '../../../scripts/testing/cases.js';
import { decodeDocument, decodeThoroughly } from '../src/decode/decode-document.js';
import { decodeFast } from '../src/decode/decode-fast.js';
import { withoutMarkup } from '../src/decode/without-markup.js';
import { codec, type DecodeIssue, type DecodeOptions, WireError } from '../src/index.js';
import { fullLimits } from '../src/limits.js';
import { Plans } from '../src/plan.js';

const plans = new Plans(contract);
const limits = fullLimits(undefined, false);
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** What may stand between two tags or in a text. */
const between = [
  '<!-- a comment -->',
  '<!---->',
  '<!-- <items><name>not an element</name></items> -->',
  '<!-- <![CDATA[ ]]> &nope; ]]> -->',
  '<?target <items/> ?>',
  '<?target?>',
  '<![CDATA[]]>',
  '<![CDATA[ \n]]>',
  '<![CDATA[text]]>',
  '<![CDATA[1]]>',
  '<![CDATA[<items>&amp;</items>]]>',
  '<![CDATA[]]]]><![CDATA[>]]>',
  '<![CDATA[a]]><!-- between --><![CDATA[b]]>',
  '<![CDATA[<![CDATA[]]>',
  '<![CDATA[<!-- x -->]]>',
  ']<!-- x -->]<?y?>&gt;',
  '\r<!-- x -->\n',
  ' \n\t ',
  '&#32;',
  '&#x41;&lt;',
  'text',
  '<unknown a="1">x<y/></unknown>',
  '<unknown/>',
  // Not well-formed: each error must be that of the parser.
  '<!-- a -- b -->',
  '<!--->',
  '<!--',
  '<?xml version="1.0"?>',
  '<? x?>',
  '<![CDATA[',
  ']]>',
  ']<!-- x -->]>',
  '&am<!-- x -->p;',
  '&#<![CDATA[65;]]>',
  '<<!-- x -->items>',
  '<!DOCTYPE a>',
  '\u0001',
  '<!-- \uffff -->',
];

/** What may stand in a start tag, before its end. */
const attributes = [
  ` ${XSI} xsi:nil="true"`,
  ` ${XSI} xsi:nil="false"`,
  ` ${XSI} xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="xsd:string"`,
  ' id="a>b"',
  " id='<!-- x -->'",
  ' id="]]>"',
  ' xmlns:q="urn:q"',
  ' ',
  '<!-- x -->',
];

interface Oddity {
  readonly kind: 'between' | 'attribute' | 'without' | 'text' | 'prefix';
  readonly at: number;
  readonly piece: number;
}

const oddity: fc.Arbitrary<Oddity> = fc.record({
  kind: fc.constantFrom('between', 'between', 'attribute', 'without', 'text', 'prefix'),
  at: fc.nat({ max: 10_000 }),
  piece: fc.nat({ max: 10_000 }),
});

/** Makes a document unusual in one place. */
function made(xml: string, { kind, at, piece }: Oddity): string {
  const pick = (pattern: RegExp): RegExpExecArray | undefined => {
    const all = [...xml.matchAll(pattern)];
    return all.length === 0 ? undefined : all[at % all.length];
  };
  const replace = (found: RegExpExecArray | undefined, text: string): string =>
    found === undefined ? xml : xml.slice(0, found.index) + text + xml.slice(found.index + found[0].length);
  switch (kind) {
    case 'between':
      return replace(pick(/(?=<)|$/g), between[piece % between.length] ?? '');
    case 'attribute':
      return replace(pick(/(?=\/?>)/g), attributes[piece % attributes.length] ?? '');
    case 'without':
      return replace(pick(/<([\w:]+)(?: [^>]*)?(?:(?<!\/)>[^<]*<\/\1>|(?<=\/)>)/g), '');
    case 'text': {
      // Part of a text, as CDATA or with markup in the middle.
      const found = pick(/(?<=>)[^<>&]+(?=<)/g);
      const [text = ''] = found ?? [];
      const half = Math.floor(text.length / 2);
      return replace(
        found,
        piece % 2 === 0
          ? `<![CDATA[${text}]]>`
          : `${text.slice(0, half)}${between[piece % between.length]}${text.slice(half)}`,
      );
    }
    case 'prefix': {
      // One element with a prefix of its own for the same namespace, or another.
      const found = pick(/<(\w+)>([^<]*)<\/\1>/g);
      const uri = piece % 2 === 0 ? contract.messageNamespace : 'urn:other';
      return replace(found, `<q:${found?.[1]} xmlns:q="${uri}">${found?.[2]}</q:${found?.[1]}>`);
    }
  }
}

/** What a reader makes of a document: the value or the error, and all issues. */
function outcome(
  read: typeof decodeDocument,
  xml: string,
  options: DecodeOptions,
): { readonly value?: unknown; readonly error?: unknown; readonly issues: readonly DecodeIssue[] } {
  const issues: DecodeIssue[] = [];
  try {
    return { value: read(xml, plans, { ...options, onIssue: (issue) => issues.push(issue) }), issues };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const { code, path, message, line, column } = error;
    return { error: { code, path, message, line, column }, issues };
  }
}

const documents = fc
  .tuple(fc.constantFrom(...operationNames), fc.boolean(), fc.constantFrom('soap', 'plain'))
  .chain(([name, isAnswer, dialect]) => {
    const { input = '', output = '' } = contract.operations[name] ?? {};
    const options = { dialect } as const;
    return arbitraryOf(isAnswer ? output : input, 3).map((value) =>
      isAnswer
        ? codec.encodeResponse(name as never, value as never, options)
        : codec.encodeRequest(name as never, value as never, options),
    );
  });

it.each<[string, unknown, string]>([
  ['bytes', new TextEncoder().encode('<a/>'), 'bytes: decode them first'],
  ['nothing', null, 'null'],
  ['a number', 5, 'a value of type number'],
])('%s are no document', (_, xml, found) => {
  // As programs in JavaScript pass them.
  const document = xml as string;
  const words = `expected the document as a string, found ${found}`;
  for (const decode of [
    () => codec.decodeResponse('stopJob', document),
    () => codec.decodeRequest(document),
    () => codec.decodeMessage('StopJobParam', document),
  ])
    expect(decode).toThrow(new WireError('malformed-xml', words));
});

describe('unusual documents', () => {
  it('read, report and fail the same as through the conformant parser', () => {
    const numRuns = casesOf(50_000);
    const counts = { markup: 0, missing: 0, issues: 0, errors: 0 };
    fc.assert(
      fc.property(
        documents,
        fc.array(oddity, { minLength: 1, maxLength: 4 }),
        fc.record({
          strict: fc.constantFrom(false, false, false, true),
          longs: fc.constantFrom('number', 'bigint'),
          unknownElements: fc.constantFrom('keep', 'drop'),
          limits: fc.constantFrom({}, {}, {}, { maxDepth: 5 }, { maxAttributes: 1 }, { maxText: 60 }),
        }),
        (document, oddities, options) => {
          const xml = oddities.reduce(made, document);
          const expected = outcome(decodeThoroughly, xml, options);
          expect({ xml, ...outcome(decodeDocument, xml, options) }).toEqual({ xml, ...expected });
          if (expected.error !== undefined) counts.errors += 1;
          else if (decodeFast(xml, plans, options, fullLimits(options.limits, false)) === undefined)
            counts.issues += 1;
          else if (expected.issues.length > 0) counts.missing += 1;
          else if (/<!|<\?[^x]/.test(xml)) counts.markup += 1;
        },
      ),
      { numRuns },
    );
    // The test is worth its time only when every way is taken often.
    for (const [way, count] of Object.entries(counts))
      expect({ way, count, often: count > numRuns / 50 }).toEqual({ way, count, often: true });
  }, 300_000);

  it('take the fast path with comments, CDATA and instructions, and without a required field', () => {
    const item = (text: string) =>
      `<items><companyHandle>c|6</companyHandle><jobHandle>j|6|</jobHandle>${text}</items>`;
    const answer = (...texts: string[]) =>
      `<?xml version="1.0"?><!-- a --><getActiveJobsReturn xmlns="${contract.messageNamespace}"><?b c?><jobArray>` +
      `${texts.map(item).join('<!-- d -->')}</jobArray></getActiveJobsReturn><!-- e -->`;
    const issues: DecodeIssue[] = [];
    const onIssue = (issue: DecodeIssue) => issues.push(issue);
    const xml = answer(
      '<name><![CDATA[a & ]]><!-- b --><![CDATA[<b>]]]></name>',
      '<name>&#99;<!-- <name> --></name>',
    );
    expect(decodeFast(xml, plans, { onIssue }, limits)?.message?.value).toEqual({
      jobArray: [
        { companyHandle: 'c|6', jobHandle: 'j|6|', name: 'a & <b>]' },
        { companyHandle: 'c|6', jobHandle: 'j|6|', name: 'c' },
      ],
    });
    expect(issues.slice(0, 2).map(({ code, path }) => [code, path])).toEqual([
      ['missing-field', 'getActiveJobsReturn.jobArray[0].originalName'],
      ['missing-field', 'getActiveJobsReturn.jobArray[0].type'],
    ]);
    expect(issues.at(-1)?.path).toBe('getActiveJobsReturn.jobArray[1].taskProgressArray');
    expect(decodeFast(xml, plans, { strict: true }, limits)).toBeUndefined();
  });

  it('throw what onIssue throws', () => {
    const xml = `<getActiveJobsReturn xmlns="${contract.messageNamespace}"><jobArray><items/></jobArray></getActiveJobsReturn>`;
    for (const document of [xml, xml.replace('<items/>', '<items/><unknown/>')]) {
      const run = () =>
        codec.decodeResponse('getActiveJobs', document, {
          onIssue: ({ code }) => {
            throw new TypeError(code);
          },
        });
      expect(run).toThrow(new TypeError('missing-field'));
    }
  });
});

describe('documents made to be slow', () => {
  const open = `<getActiveJobsReturn xmlns="${contract.messageNamespace}"><jobArray>`;
  const close = '</jobArray></getActiveJobsReturn>';
  const many = 1_000_000;

  // Reading them again for every piece would take hours, and the test would run out of time.
  it.each([
    ['comments that do not end', '<!--'],
    ['comments', '<!-- -->'],
    ['CDATA that does not end', '<![CDATA['],
    ['CDATA', '<![CDATA[]]>'],
    ['CDATA in CDATA', '<![CDATA[<![CDATA[]]>'],
    ['CDATA that ends in the middle of an end', '<![CDATA[]]]]>'],
    ['instructions that do not end', '<?a '],
    ['instructions', '<?a?>'],
    ['comments behind instructions', '<?a?><!---->'],
    ['references that do not end', '&a<!-- -->'],
    ['references', '&lt;<!-- -->'],
    ['tags that do not end', '<a <!-- -->'],
    ['attributes that do not end', '<a b="<!-- -->'],
    ['quotes in comments', '<!-- " -->\''],
    ['the end of a comment', '-->'],
    ['brackets', ']]'],
  ])('are read in a time that grows with them: %s', (_, piece) => {
    for (const text of [piece.repeat(many), `${piece.repeat(many)} <a b="${'x'.repeat(many)}<!-- -->`]) {
      const plain = withoutMarkup(open + text + close, 0);
      expect(plain === undefined || plain.startsWith(open)).toBe(true);
    }
  });

  it('and so are items without required fields, too many to keep their reports', () => {
    const count = 20_000;
    let issues = 0;
    const { value } = codec.decodeResponse('getActiveJobs', `${open}${'<items/>'.repeat(count)}${close}`, {
      onIssue: () => void (issues += 1),
    });
    expect(value.jobArray).toHaveLength(count);
    expect(issues).toBe(
      count * plans.message('GetActiveJobsReturn').body.fields[0]!.complex!.item!.complex!.requiredCount,
    );
  });
});
