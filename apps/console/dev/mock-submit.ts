import { readFileSync } from 'node:fs';
import type {
  FireTime,
  JobKindsAnswer,
  SchedulesPage,
  SubmitCheck,
  SubmitRequest,
} from '../src/api/contract.ts';
import { mockRows, rowOf } from './mock-jobs.ts';

export function mockKinds(): JobKindsAnswer {
  const file = new URL('../../../packages/types/schema/ips.json', import.meta.url);
  // The file is generated, and has this form.
  const { definitions } = JSON.parse(readFileSync(file, 'utf8').replaceAll('#/definitions/', '#/$defs/')) as {
    definitions: JobKindsAnswer['$defs'];
  };
  const kind = (
    name: JobKindsAnswer['kinds'][number]['kind'],
    label: string,
    schema: string,
    example: object,
    isAllowed = true,
  ) => ({
    kind: name,
    label,
    description: 'uploads files that the service fetches',
    type: label,
    schema,
    example: { ...example },
    isAllowed,
  });
  return {
    $defs: definitions,
    kinds: [
      kind('uploadUrlsJob', 'URL upload', 'UploadUrlsJob', {
        urlArray: [
          {
            sourceUrl: 'https://images.example.com/red-runner.tif',
            destPath: 'MyCompany/Shoes/red-runner.tif',
          },
        ],
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
      }),
      kind('imageServingPublishJob', 'Image publish', 'ImageServingPublishJob', {
        publishType: 'Incremental',
        emailSetting: 'None',
      }),
      kind('exportJob', 'Export', 'ExportJob', {
        assetHandleArray: ['a|1'],
        fmt: 'orig',
        emailSetting: 'None',
      }),
      kind('videoPublishJob', 'Video publish', 'VideoPublishJob', {}, false),
    ],
  };
}

export function mockCheck(request: SubmitRequest): SubmitCheck {
  const urls = (request.details as { urlArray?: { sourceUrl?: string }[] }).urlArray ?? [];
  const issues = urls.flatMap(({ sourceUrl = '' }, index) =>
    sourceUrl.startsWith('http')
      ? []
      : [
          {
            path: `uploadUrlsJob.urlArray[${index}].sourceUrl`,
            message: `expected a URL, found ${sourceUrl}`,
            severity: 'error' as const,
          },
        ],
  );
  return {
    issues,
    xml:
      issues.length > 0
        ? undefined
        : `<submitJobParam>\n  <jobName>${request.jobName ?? 'Job'}</jobName>\n  <${request.kind}/>\n</submitJobParam>`,
    shell: `ips job submit - <<'END'\n${JSON.stringify(request.details, undefined, 2)}\nEND`,
    typescript: `await client.jobs.submit({\n  ${request.kind}: ${JSON.stringify(request.details)},\n});`,
  };
}

export function fireTimes(): FireTime[] {
  return [
    {
      at: '2026-10-31T09:00:00Z',
      inServiceZone: '2026-10-31T02:00:00-07:00',
      inViewerZone: '2026-10-31T10:00:00+01:00',
    },
    {
      at: '2026-11-01T10:00:00Z',
      inServiceZone: '2026-11-01T02:00:00-08:00',
      inViewerZone: '2026-11-01T11:00:00+01:00',
      dst: 'fallBack',
      dstNote: 'clocks went back 1 h',
    },
    {
      at: '2026-11-02T10:00:00Z',
      inServiceZone: '2026-11-02T02:00:00-08:00',
      inViewerZone: '2026-11-02T11:00:00+01:00',
    },
  ];
}

export function mockSchedules(isEmpty: boolean): SchedulesPage {
  const [lastRun] = mockRows(9).filter(({ stage }) => stage === 'completed');
  const schedule = (originalName: string, isPaused: boolean): SchedulesPage['schedules'][number] => ({
    job: rowOf(3, {
      handle: `t|${originalName}`,
      originalName,
      stage: 'scheduled',
      ...(isPaused ? { state: 'paused', label: 'Paused', tone: 'warn' } : {}),
      actions: [isPaused ? 'resume' : 'pause', 'runNow', 'delete'],
    }),
    execSchedule: '0 0 2 * * ?',
    description: 'every day at 02:00',
    timeZone: 'America/Los_Angeles',
    triggerState: isPaused ? 'Paused' : 'Normal',
    next: fireTimes(),
    lastRun,
    details: { kind: 'imageServingPublishJob', details: {} },
  });
  return {
    schedules: isEmpty ? [] : [schedule('Nightly publish', false), schedule('Weekly export', true)],
    serviceZone: 'America/Los_Angeles',
    shell: 'ips job list --only scheduled',
  };
}
