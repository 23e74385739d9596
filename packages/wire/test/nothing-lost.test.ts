// No text of a document vanishes: it is in the value, or an issue has it.
import { contract } from '@ips-sdk/types/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, operationNames } from '../../../scripts/testing/arbitrary.js';
import { decodeDocument, decodeThoroughly } from '../src/decode/decode-document.js';
import { codec, type DecodeIssue, type DecodeOptions } from '../src/index.js';
import { Plans } from '../src/plan.js';

const NS = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const plans = new Plans(contract);

function names(items: string, options: DecodeOptions = {}) {
  const issues: DecodeIssue[] = [];
  const { value } = codec.decodeResponse(
    'checkAssetNames',
    `<checkAssetNamesReturn xmlns="${NS}"><inUseNameArray>${items}</inUseNameArray></checkAssetNamesReturn>`,
    { onIssue: (issue) => issues.push(issue), ...options },
  );
  return { value: value.inUseNameArray, issues: issues.map(({ code, path, raw }) => ({ code, path, raw })) };
}

const ARRAY = 'checkAssetNamesReturn.inUseNameArray';

describe('text in an array wrapper', () => {
  it.each([
    ['before an item', 'lost<items>a</items>', `${ARRAY}[0]`],
    ['behind an item', '<items>a</items>lost', `${ARRAY}[1]`],
    ['behind a comment', '<items>a</items><!-- c -->lost', `${ARRAY}[1]`],
  ])('%s is reported', (_where, items, path) => {
    expect(names(items)).toEqual({ value: ['a'], issues: [{ code: 'unexpected-text', path, raw: 'lost' }] });
    expect(() => names(items, { strict: true })).toThrow(`${path}: found text "lost" between elements`);
  });

  it('is reported each time, and moves no path', () => {
    expect(names('one<items>a</items>two<hue>3</hue><items>b</items>four')).toEqual({
      value: ['a', 'b'],
      issues: [
        { code: 'unexpected-text', path: `${ARRAY}[0]`, raw: 'one' },
        { code: 'unexpected-text', path: `${ARRAY}[1]`, raw: 'two' },
        { code: 'unknown-element', path: `${ARRAY}[1]`, raw: '3' },
        { code: 'unexpected-text', path: `${ARRAY}[2]`, raw: 'four' },
      ],
    });
  });
});

describe('what an issue carries', () => {
  const job = (fields: string): DecodeIssue[] => {
    const issues: DecodeIssue[] = [];
    codec.decodeResponse(
      'getActiveJobs',
      `<getActiveJobsReturn xmlns="${NS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><jobArray><items>${fields}</items></jobArray></getActiveJobsReturn>`,
      { onIssue: (issue) => void (issue.code === 'missing-field' || issues.push(issue)) },
    );
    return issues;
  };

  it('is the text of a value that is not of its type', () => {
    expect(job('<totalSize> many </totalSize>')).toMatchObject([{ code: 'bad-value', raw: ' many ' }]);
  });

  it('is the content of an unknown element, elements in it as XML', () => {
    expect(job('<priority>a<level>1 &lt; 2</level><b><c/></b></priority>')).toMatchObject([
      { code: 'unknown-element', raw: 'a<level>1 &lt; 2</level><b><c></c></b>' },
    ]);
  });

  it('is what an element that is nil holds all the same', () => {
    expect(job('<locale xsi:nil="true">de<b>AT</b></locale><serverName xsi:nil="1"> </serverName>')).toEqual([
      {
        code: 'unexpected-text',
        path: 'getActiveJobsReturn.jobArray[0].locale',
        raw: 'de<b>AT</b>',
        message: 'found text "de<b>AT</b>" in a nil element',
      },
    ]);
  });

  it('is the value that gave way to another', () => {
    expect(job('<name>one</name><name>two</name>')).toMatchObject([
      { code: 'repeated-element', replaced: 'one' },
    ]);
  });

  it('is never a secret', () => {
    const issues: DecodeIssue[] = [];
    const header = (password: string) =>
      `<authHeader><user>a@b</user><password>${password}</password><password>${password}2</password><samlResponse>${password}3</samlResponse><x><password>${password}4</password></x></authHeader>`;
    const { header: read } = codec.decodeRequest(
      `<Request xmlns="${NS}">${header('hush')}${header('hush')}<stopJobParam><companyHandle>c</companyHandle><jobHandle>j</jobHandle></stopJobParam></Request>`,
      { onIssue: (issue) => issues.push(issue) },
    );
    expect(read).toEqual({ user: 'a@b', password: 'hush2' });
    expect(JSON.stringify(issues)).not.toContain('hush');
    expect(issues.map((issue) => issue.code)).toContain('repeated-element');
  });

  it('is bounded like any other text', () => {
    const read = (inside: string) =>
      codec.decodeResponse('stopJob', `<stopJobReturn xmlns="${NS}"><hue>${inside}</hue></stopJobReturn>`, {
        limits: { maxText: 1000 },
        onIssue: () => undefined,
      });
    expect(read('<a>12345678</a>'.repeat(10)).value).toEqual({});
    expect(() => read('<a>12345678</a>'.repeat(20))).toThrow('an unknown element is longer than 1000');
  });
});

/** Puts numbered texts and unknown elements anywhere between tags, and into simple elements. */
function withMarks(xml: string, places: readonly number[]): { xml: string; marks: string[] } {
  const marks: string[] = [];
  let marked = xml;
  for (const place of places) {
    const mark = `MARK${marks.length}X`;
    const tags = [...marked.matchAll(/<[^?][^>]*>/g)];
    const tag = tags[place % tags.length];
    // Outside of the root there is no text in XML.
    const at = tag === undefined || tag === tags[0] ? -1 : tag.index;
    if (at < 0) continue;
    const form = [mark, `<hue>${mark}</hue>`, `<hue><a>${mark}</a></hue>`, `<![CDATA[${mark}]]>`][place % 4];
    marked = marked.slice(0, at) + form + marked.slice(at);
    marks.push(mark);
  }
  return { xml: marked, marks };
}

const anyMessage = fc.nat({ max: operationNames.length - 1 }).chain((index) => {
  const name = operationNames[index] ?? '';
  return arbitraryOf(contract.operations[name]?.output ?? '', 3).map((output) =>
    codec.encodeResponse(name as never, output as never, index % 2 === 0 ? {} : { dialect: 'plain' }),
  );
});

describe('every text of a document', () => {
  it('is in the value or in an issue, and both ways of reading agree on it', () => {
    let marksSeen = 0;
    fc.assert(
      fc.property(anyMessage, fc.array(fc.nat({ max: 10_000 }), { maxLength: 6 }), (valid, places) => {
        const { xml, marks } = withMarks(valid, places);
        const issues: DecodeIssue[] = [];
        const decoded = decodeDocument(xml, plans, { onIssue: (issue) => issues.push(issue) });
        const slowly: DecodeIssue[] = [];
        const slow = decodeThoroughly(xml, plans, { onIssue: (issue) => slowly.push(issue) });
        expect([slow, slowly]).toEqual([decoded, issues]);
        const found = JSON.stringify([decoded.message?.value, decoded.headerBlocks, issues]);
        expect(marks.filter((mark) => !found.includes(mark))).toEqual([]);
        marksSeen += marks.length;
      }),
      { numRuns: 2_000 },
    );
    expect(marksSeen).toBeGreaterThan(2_000);
  });
});
