// Items that share values with the items before them, and the engine's view of what reads them.
import { contract } from '@ips-sdk/types/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeThoroughly } from '../src/decode/decode-document.js';
import { decodeFast } from '../src/decode/decode-fast.js';
import type { FastPlan } from '../src/decode/fast-plan.js';
import { KnownType } from '../src/decode/known-type.js';
import { codec } from '../src/index.js';
import { fullLimits } from '../src/limits.js';
import { Plans } from '../src/plan.js';

const plans = new Plans(contract);
const limits = fullLimits(undefined, false);

const someTask = fc.record({
  taskType: fc.constantFrom('Upload', 'Optimize'),
  taskState: fc.constantFrom('Waiting', 'Processing'),
  numProcessed: fc.constantFrom(0, 1),
  numProcessing: fc.constantFrom(0, 1),
  numPending: fc.constantFrom(0, 50),
  progress: fc.constantFrom(0, 0.25),
  progressMessage: fc.constantFrom('', 'Half'),
  lastProgressUpdate: fc.constantFrom('2014-04-03T09:30:30Z', '2014-04-03T09:30:31Z'),
  taskItemProgressArray: fc.constant([]),
});

/** A few values of each kind, so that neighbors often have the same one. Some differ only by their references. */
const someJob = fc.record({
  companyHandle: fc.constantFrom('c|6', 'c|7'),
  jobHandle: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 3 }),
  name: fc.constantFrom('a', 'a&amp;b', 'a&b', 'a<b', ''),
  originalName: fc.constantFrom('a', 'b'),
  type: fc.constantFrom('UrlUpload', 'Export'),
  state: fc.constantFrom('Running', 'New', 'Done'),
  submitUserEmail: fc.constant('ann@example.com'),
  locale: fc.option(fc.constantFrom('en-US', 'de-DE'), { nil: undefined }),
  description: fc.option(fc.constantFrom('x & y', 'z'), { nil: undefined }),
  serverName: fc.constantFrom('one', 'two', 'three'),
  startDate: fc.constantFrom('2014-04-03T09:30:30.125-07:00', '2014-04-03T09:30:31.125-07:00'),
  triggerTime: fc.constant('2014-04-03T09:30:30.125-07:00'),
  totalSize: fc.constantFrom(0, 1, 2 ** 30),
  progress: fc.constantFrom(0, 1, 50, 100),
  progressMessage: fc.constantFrom('', 'Optimizing'),
  lastProgressUpdate: fc.constantFrom('2014-04-03T09:30:30Z', '2014-04-03T09:30:31Z'),
  taskProgressArray: fc.array(someTask, { maxLength: 3 }),
});

describe('items with the values of items before them', () => {
  it('are read as the conformant parser reads them, and as they were written', () => {
    fc.assert(
      fc.property(fc.array(someJob, { minLength: 2, maxLength: 60 }), (jobArray) => {
        const written = JSON.parse(JSON.stringify({ jobArray })) as { jobArray: typeof jobArray };
        // Types and states are any texts here, and JSON has no `undefined`.
        const xml = codec.encodeResponse('getActiveJobs', written as never);
        const fast = decodeFast(xml, plans, {}, limits)?.message?.value;
        expect(fast).toEqual(decodeThoroughly(xml, plans).message?.value);
        expect(fast).toEqual(written);
      }),
      { numRuns: 200 },
    );
  });

  it('keep their own values after more of them than are compared', () => {
    const states = [...Array(40).keys()].map((each) => `server-${each}`);
    const servers = [...states, 'same', 'same', 'other', 'same', 'other'];
    const [first] = fc.sample(someJob, { numRuns: 1, seed: 1 });
    const jobArray = servers.map((serverName) => ({ ...first, serverName }));
    // A sample of fast-check may be missing, for the compiler.
    const xml = codec.encodeResponse('getActiveJobs', { jobArray } as never);
    const { value } = codec.decodeResponse('getActiveJobs', xml);
    expect(value.jobArray?.map(({ serverName }) => serverName)).toEqual(servers);
  });
});

describe('the values of a type in one document', () => {
  const known = () => new KnownType({ parts: [], templates: new Map() } satisfies FastPlan, 2);

  it('are found by the two latest texts of their own field', () => {
    const type = known();
    type.keep(0, 'a', 'A');
    type.keep(0, 'b', 'B');
    type.keep(1, 'c', 'C');
    expect(['a', 'b', 'a', 'b', 'c'].map((text) => type.find(0, text))).toEqual([
      'A',
      'B',
      'A',
      'B',
      undefined,
    ]);
    type.keep(0, 'd', 'D');
    expect(['a', 'b', 'd'].map((text) => type.find(0, text))).toEqual([undefined, 'B', 'D']);
    expect([type.find(1, 'c'), type.find(1, 'a')]).toEqual(['C', undefined]);
  });

  it('are no longer compared where nearly all are new, until then again after each that was not', () => {
    const type = known();
    for (let each = 0; each < 15; each += 1) type.keep(0, `${each}`, each);
    expect(type.compares(0)).toBe(true);
    expect(type.find(0, '14')).toBe(14);
    for (let each = 15; each < 30; each += 1) type.keep(0, `${each}`, each);
    expect(type.find(0, '28')).toBe(28);
    expect(type.compares(0)).toBe(true);
    for (let each = 30; each < 46; each += 1) type.keep(0, `${each}`, each);
    expect([type.compares(0), type.compares(1)]).toEqual([false, true]);
  });
});
