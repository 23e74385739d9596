// Decoding of documents that are unusual, next to the same document as the service writes it. All take turns, and each row is the
// fastest of the same number of runs.
import { codec } from '@ips-sdk/wire';
import { activeJobs } from '../../validator/bench/active-jobs.ts';
import { RUNS, row } from './report.ts';

const JOBS = 10_000;

const onIssue = (): void => {};

export function reportOddDocuments(): void {
  const plain = codec.encodeResponse('getActiveJobs', activeJobs(JOBS));
  const documents: Readonly<Record<string, string>> = {
    'as the service writes it': plain,
    'one comment': plain.replace('<jobArray>', '<!-- a comment --><jobArray>'),
    'CDATA in each job': plain.replace(
      /<description>[^<]*<\/description>/g,
      '<description><![CDATA[Red shoes & <blue> boots]]></description>',
    ),
    'one field missing in one job': plain.replace(/<state>[^<]*<\/state>/, ''),
    'one field missing in each job': plain.replace(/<state>[^<]*<\/state>/g, ''),
    'one unknown element, by the parser': plain.replace('</jobArray>', '</jobArray><unknown/>'),
  };
  console.log('\nUnusual documents, with their issues');
  const best = new Map(Object.keys(documents).map((name) => [name, Number.POSITIVE_INFINITY]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const [name, xml] of Object.entries(documents)) {
      const start = performance.now();
      codec.decodeResponse('getActiveJobs', xml, { onIssue });
      const seconds = (performance.now() - start) / 1000;
      best.set(name, Math.min(best.get(name) ?? seconds, seconds));
    }
  }
  const [first = 0] = best.values();
  for (const [name, seconds] of best) {
    const rate = `${((documents[name]?.length ?? 0) / 1e6 / seconds).toFixed(0)} MB/s`;
    row(name, rate, seconds === first ? '' : `takes ${(seconds / first).toFixed(2)} times as long`);
  }
}
