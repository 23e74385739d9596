import type { Fact } from './fact.js';

/** Facts about jobs that are active or scheduled. */
export const activeJobFacts: readonly Fact[] = [
  {
    id: 'dates-with-the-zone-of-the-server',
    fact: 'Dates have milliseconds and the offset of the server’s zone, such as `-05:00`.',
    evidence: { kind: 'recording', source: 'getActiveJobs, namespace 2010-01-31' },
    server: async ({ text, run, upload, companyHandle, expect }) => {
      await run({ jobName: 'Zone of dates', ...upload(['/red.png']) });
      const answers = [
        await text('getJobLogDetails', { companyHandle, originalName: 'Zone of dates' }),
        await text('searchAssets', { companyHandle, includeSubfolders: true }),
        await text('getFolderTree', { companyHandle, depth: -1 }),
      ];
      for (const answer of answers) {
        const dates = answer.match(/>\d{4}-\d\d-\d\dT[^<]*</g) ?? [];
        expect(dates.length).toBeGreaterThan(0);
        for (const date of dates) expect(date).toMatch(/T\d\d:\d\d:\d\d\.\d{3}-0[45]:00<$/);
      }
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({ getActiveJobs: `<jobArray><items>${RECORDED}</items></jobArray>` });
      const [job] = await ips.jobs.active();
      expect(job?.startDate).toBe('2011-03-22T14:16:13.129-05:00');
    },
  },
  {
    id: 'dates-in-utc',
    fact: 'A server whose zone is UTC writes `Z`.',
    evidence: { kind: 'page', source: 'r-get-active-jobs.md' },
    server: async ({ on, companyHandle, expect }) => {
      const { text } = await on({ timeZone: 'UTC', submittedJobHandles: 'documented' });
      expect(await text('getFolderTree', { companyHandle, depth: -1 })).toMatch(
        /<lastModified>[-\dT:]+\.\d{3}Z<\/lastModified>/,
      );
    },
    client: async ({ answered, expect }) => {
      const inUtc = RECORDED.replaceAll('14:16:13.129-05:00', '19:16:13.129Z');
      const { ips } = await answered({ getActiveJobs: `<jobArray><items>${inUtc}</items></jobArray>` });
      expect((await ips.jobs.active())[0]?.startDate).toBe('2011-03-22T19:16:13.129Z');
    },
  },
];

/** A job as the service was seen to answer it, in values of our own. */
const RECORDED =
  '<companyHandle>111</companyHandle><jobHandle>j|111||Shoes_2011-03-22-14:16:13.129|5</jobHandle>' +
  '<name>Shoes_2011-03-22-14:16:13.129</name><originalName>Shoes</originalName><type>UrlUpload</type>' +
  '<state>Running</state><submitUserEmail>ann@example.com</submitUserEmail><locale>en-US</locale>' +
  '<description>Upload</description><serverName>ips1</serverName>' +
  '<startDate>2011-03-22T14:16:13.129-05:00</startDate><totalSize>0</totalSize><progress>12</progress>' +
  '<progressMessage>Optimizing files</progressMessage>' +
  '<lastProgressUpdate>2011-03-22T14:16:13.129-05:00</lastProgressUpdate>';
