import type { Fact } from './fact.js';

/** Facts about handles. */
export const handleFacts: readonly Fact[] = [
  {
    id: 'submitted-job-documented-form',
    fact: 'submitJob answers `j|<company>|<name>|`.',
    evidence: { kind: 'page', source: 'r-submit-job.md' },
    server: async ({ on, companyHandle }) => {
      const { connection, upload, expect } = await on({ timeZone: 'UTC', submittedJobHandles: 'documented' });
      const { jobHandle } = await connection.call('submitJob', {
        companyHandle,
        jobName: 'Documented form',
        ...upload(['/red.png']),
      });
      expect(jobHandle).toBe('j|6|Documented form|');
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({ submitJob: '<jobHandle>j|6|Shoes|</jobHandle>' });
      const job = await ips.jobs.submit('exportJob', EXPORT, { name: 'Shoes' });
      expect(job).toMatchObject({ handle: 'j|6|Shoes|', name: 'Shoes' });
    },
  },
  {
    id: 'submitted-job-recorded-form',
    fact: 'submitJob answers `j|<company>|<name>||`, with an empty name of the run behind the name.',
    evidence: { kind: 'recording', source: 'namespace 2010-01-31' },
    server: async ({ connection, companyHandle, upload, expect }) => {
      const { jobHandle } = await connection.call('submitJob', {
        companyHandle,
        jobName: 'Recorded form',
        ...upload(['/red.png']),
      });
      expect(jobHandle).toBe('j|6|Recorded form||');
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({
        submitJob: '<jobHandle>j|6|Shoes||</jobHandle>',
        getActiveJobs: '<jobArray/>',
        getScheduledJobs: '<jobArray/>',
        getJobLogDetails: `<jobLogArray><items>${LOG}</items></jobLogArray>`,
      });
      const job = await ips.jobs.submit('exportJob', EXPORT, { name: 'Shoes' });
      expect(job).toMatchObject({ handle: 'j|6|Shoes||', name: 'Shoes' });
      expect(await ips.jobs.get('j|6|Shoes||').wait(FAST)).toMatchObject({ status: 'succeeded' });
      expect(requests.map(({ operation }) => operation)).toContain('getJobLogDetails');
    },
  },
  {
    id: 'job-handles-by-segments',
    fact: 'Both forms of the handle of a submitted job name the same job, in every operation that takes one.',
    evidence: { kind: 'page', source: 'r-stop-job.md, r-get-scheduled-jobs.md, r-get-job-log-details.md' },
    server: async ({ connection, companyHandle, upload, expect }) => {
      await connection.call('submitJob', {
        companyHandle,
        jobName: 'By segments',
        execSchedule: '0 0 3 1 1 ? 2090',
        ...upload(['/red.png']),
      });
      for (const jobHandle of [
        'j|6|By segments|',
        'j|6|By segments||',
        '6|By segments|',
        '6|By segments||',
      ]) {
        await connection.call('pauseJob', { companyHandle, jobHandle });
        await connection.call('resumeJob', { companyHandle, jobHandle });
        const { jobArray } = await connection.call('getScheduledJobs', { companyHandle, jobHandle });
        expect(jobArray).toMatchObject([{ originalName: 'By segments', triggerState: 'Normal' }]);
        expect((await connection.call('getActiveJobs', { companyHandle, jobHandle })).jobArray).toEqual([]);
        expect((await connection.call('getJobLogDetails', { companyHandle, jobHandle })).jobLogArray).toEqual(
          [],
        );
      }
      await connection.call('deleteJob', { companyHandle, jobHandle: '6|By segments||' });
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getActiveJobs: '<jobArray/>',
        getScheduledJobs: '<jobArray/>',
        getJobLogDetails: `<jobLogArray><items>${LOG}</items></jobLogArray>`,
      });
      // Without the type's prefix and with a bar less than the log has.
      const run = ips.jobs.get('6||Shoes_2014-04-03-09:30:00.000');
      expect(await run.wait(FAST)).toMatchObject({ status: 'succeeded' });
    },
  },
  {
    id: 'run-handle',
    fact: 'A run has the handle `j|<company>||<name>_YYYY-MM-DD-HH:MM:SS.mmm|<number>`, with the time of the server’s zone.',
    evidence: { kind: 'recording', source: 'namespace 2010-01-31' },
    server: async ({ run, upload, expect }) => {
      const log = await run({ jobName: 'Run handle', ...upload(['/red.png']) });
      expect(log.jobHandle).toMatch(/^j\|6\|\|Run handle_\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d\.\d{3}\|\d+$/);
      const hour = new Intl.DateTimeFormat('en-GB', {
        timeZone: 'America/New_York',
        hour: '2-digit',
        hourCycle: 'h23',
      }).format(new Date(log.startDate ?? ''));
      expect(log.jobName).toContain(`-${hour}:`);
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getActiveJobs: ['<jobArray/>'],
        getScheduledJobs: '<jobArray/>',
        getJobLogDetails: `<jobLogArray><items>${LOG}</items></jobLogArray>`,
      });
      const run = ips.jobs.get('j|6||Shoes_2014-04-03-09:30:00.000|54091');
      expect((await run.wait(FAST)).log.originalJobName).toBe('Shoes');
      expect(run.name).toBe('Shoes');
    },
  },
  {
    id: 'company-handle-in-jobs',
    fact: 'In old namespaces the `companyHandle` inside of a job is the bare number.',
    evidence: { kind: 'recording', source: 'namespace 2010-01-31' },
    server: async ({ connection, upload, expect }) => {
      const { jobHandle } = await connection.call('submitJob', {
        companyHandle: '6',
        jobName: 'Bare number',
        ...upload(['/red.png']),
      });
      expect(jobHandle).toContain('Bare number');
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getActiveJobs:
          '<jobArray><items><companyHandle>111</companyHandle><jobHandle>j|111||Shoes_2011-03-22-14:16:13.129|1</jobHandle>' +
          '<name>Shoes_2011-03-22-14:16:13.129</name><originalName>Shoes</originalName></items></jobArray>',
      });
      expect(await ips.jobs.active()).toMatchObject([{ companyHandle: '111', originalName: 'Shoes' }]);
    },
  },
  {
    id: 'handles-of-regions',
    fact: 'A zoom target has the handle `a|<asset>|9|<number>`, an image map `a|<asset>|8|<number>`; those of older namespaces have no letter.',
    evidence: { kind: 'page', source: 'r-set-zoom-targets.md, r-save-image-map.md, r-delete-zoom-target.md' },
    server: async ({ connection, companyHandle, asset, expect }) => {
      const assetHandle = await asset('Regions');
      const target = { name: 'Sole', xPosition: 1, yPosition: 2, width: 3, height: 4 };
      const map = { name: 'Lace', shapeType: 'Rectangle', region: '0,0,5,5', action: '', enabled: true };
      const saveTarget = (more: object = {}) =>
        connection.call('saveZoomTarget', { companyHandle, assetHandle, ...target, ...more });
      const saveMap = (more: object = {}) =>
        connection.call('saveImageMap', { companyHandle, assetHandle, position: 1, ...map, ...more });
      const { zoomTargetHandle } = await saveTarget();
      expect(zoomTargetHandle).toMatch(new RegExp(`^a\\|${assetHandle.slice(2)}\\|9\\|\\d+$`));
      const { imageMapHandle } = await saveMap();
      expect(imageMapHandle).toMatch(new RegExp(`^a\\|${assetHandle.slice(2)}\\|8\\|\\d+$`));
      // The older form names the same.
      expect(await saveTarget({ zoomTargetHandle: zoomTargetHandle.slice(2) })).toEqual({ zoomTargetHandle });
      expect(await saveMap({ imageMapHandle: imageMapHandle.slice(2) })).toEqual({ imageMapHandle });
      await connection.call('deleteZoomTarget', {
        companyHandle,
        zoomTargetHandle: zoomTargetHandle.slice(2),
      });
      await connection.call('deleteImageMap', { companyHandle, imageMapHandle });
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered(
        {
          setZoomTargets:
            '<zoomTargetHandleArray><items>a|947|9|41</items><items>a|948|9|42</items></zoomTargetHandleArray>',
          saveImageMap: '<imageMapHandle>34191|8|554</imageMapHandle>',
          deleteZoomTarget: '',
          deleteImageMap: '',
        },
        { validation: 'strict' },
      );
      const target = { name: 'Sole', xPosition: 1, yPosition: 2, width: 3, height: 4 };
      const { zoomTargetHandleArray } = await ips.setZoomTargets({
        assetHandle: 'a|739|1|537',
        zoomTargetArray: [target, target],
      });
      expect(zoomTargetHandleArray).toEqual(['a|947|9|41', 'a|948|9|42']);
      const { imageMapHandle } = await ips.saveImageMap({
        assetHandle: 'a|739',
        name: 'Lace',
        shapeType: 'Rectangle',
        region: '0,0,5,5',
        action: '',
        position: 1,
        enabled: true,
      });
      // Both go back as they came, in a request that is checked.
      await ips.deleteZoomTarget({ zoomTargetHandle: zoomTargetHandleArray?.[0] ?? '' });
      await ips.deleteImageMap({ imageMapHandle });
      expect(requests[2]?.xml).toContain('<zoomTargetHandle>a|947|9|41</zoomTargetHandle>');
      expect(requests[3]?.xml).toContain('<imageMapHandle>34191|8|554</imageMapHandle>');
    },
  },
];

const EXPORT = { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' };
const FAST = { minDelay: 1, maxDelay: 5, lostAfter: 50 };
/** The head of a log, as the documented sample has it, with its end. */
const LOG =
  '<companyHandle>c|6</companyHandle><jobHandle>j|6||Shoes_2014-04-03-09:30:00.000|54091</jobHandle>' +
  '<jobName>Shoes_2014-04-03-09:30:00.000</jobName><originalJobName>Shoes</originalJobName>' +
  '<submitUserEmail>ann@example.com</submitUserEmail><logType>BeginExport</logType><jobSubType></jobSubType>' +
  '<startDate>2014-04-03T09:30:00.000-05:00</startDate><endDate>2014-04-03T09:31:00.000-05:00</endDate>' +
  '<description></description><fileSuccessCount>1</fileSuccessCount><fileErrorCount>0</fileErrorCount>' +
  '<fileWarningCount>0</fileWarningCount><fatalError>false</fatalError><fileDuplicateCount>0</fileDuplicateCount>' +
  '<fileUpdateCount>0</fileUpdateCount><totalFileCount>1</totalFileCount><detailTotalRows>0</detailTotalRows><detailArray/>';
