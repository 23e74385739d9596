// Decoding of documents that are unusual, next to the same document as the service writes it.
import { codec } from '@ips-sdk/wire';
import { compare, measured } from '../../../scripts/bench/compare.ts';
import { activeJobs } from '../../validator/bench/active-jobs.ts';

const JOBS = 10_000;
const PLAIN = 'as the service writes it';

const onIssue = (): void => {};

export async function compareOddDocuments(): Promise<void> {
  const plain = codec.encodeResponse('getActiveJobs', activeJobs(JOBS));
  const documents: Readonly<Record<string, string>> = {
    [PLAIN]: plain,
    'one comment': plain.replace('<jobArray>', '<!-- a comment --><jobArray>'),
    'CDATA in each job': plain.replace(
      /<description>[^<]*<\/description>/g,
      '<description><![CDATA[Red shoes & <blue> boots]]></description>',
    ),
    'one field missing in one job': plain.replace(/<state>[^<]*<\/state>/, ''),
    'one field missing in each job': plain.replace(/<state>[^<]*<\/state>/g, ''),
    'one unknown element, by the parser': plain.replace('</jobArray>', '</jobArray><unknown/>'),
  };
  await compare({
    id: 'wire-odd-documents',
    title: 'Decoding of unusual documents',
    method: `getActiveJobs with ${JOBS.toLocaleString('en-US')} jobs, with a callback for its issues.`,
    unit: 'a document',
    base: PLAIN,
    peers: false,
    rounds: 5,
    contenders: Object.entries(documents).map(([name, xml]) => ({
      name,
      take: () => measured(() => codec.decodeResponse('getActiveJobs', xml, { onIssue })),
    })),
  });
}
