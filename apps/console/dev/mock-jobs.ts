import type { JobRow, JobStage, JobsPage, JobsQuery, JobVerdictState } from '../src/api/contract.ts';

/** The time of everything in the mock. Screenshots are taken at it. */
export const MOCK_NOW = Date.parse('2026-11-25T23:50:00Z');

const MINUTE = 60_000;
const ago = (minutes: number): string => new Date(MOCK_NOW - minutes * MINUTE).toISOString();

type Sketch = Partial<JobRow> &
  Pick<JobRow, 'originalName' | 'state' | 'label' | 'tone' | 'typeLabel' | 'detail'>;

const SKETCHES: readonly Sketch[] = [
  {
    originalName: 'Spring shoes',
    state: 'running',
    label: 'Running',
    tone: 'accent',
    detail: 'Optimizing files · red-runner.tif',
    typeLabel: 'URL upload',
    type: 'UrlUpload',
    destination: 'MyCompany/Shoes/',
    startDate: ago(2),
    progress: 64,
    progressMessage: 'Optimizing',
    serverName: 'ips-worker-2',
    counts: { total: 1000, done: 640, warnings: 3, errors: 0 },
  },
  {
    originalName: 'Nightly publish',
    state: 'waiting',
    label: 'Waiting',
    tone: 'wait',
    detail: 'waits for Full publish',
    typeLabel: 'Image publish',
    startDate: ago(1),
    counts: { warnings: 0, errors: 0 },
  },
  {
    originalName: 'Full publish',
    state: 'running',
    label: 'Running',
    tone: 'accent',
    detail: 'Publishing · 12,400 of 18,022',
    typeLabel: 'Image publish',
    destination: 'Image serving',
    startDate: ago(6),
    progress: 69,
    serverName: 'ips-worker-1',
    counts: { total: 18022, done: 12400, warnings: 0, errors: 0 },
  },
  {
    originalName: 'Nightly publish',
    stage: 'scheduled',
    state: 'scheduled',
    label: 'Scheduled',
    tone: 'wait',
    detail: 'every day at 02:00, next Thu 26 Nov 02:00',
    typeLabel: 'Image publish',
    nextFireTime: ago(-128),
    execSchedule: '0 0 2 * * ?',
    counts: { warnings: 0, errors: 0 },
  },
  {
    originalName: 'Autumn catalogue PDF',
    state: 'warnings',
    label: '3 warnings',
    tone: 'warn',
    detail: '3 pages could not be rendered',
    typeLabel: 'Upload',
    destination: 'MyCompany/Print/',
    startDate: ago(130),
    duration: 41_000,
    counts: { total: 97, done: 97, warnings: 3, errors: 0 },
  },
  {
    originalName: 'Supplier drop 11-25',
    state: 'failed',
    label: '14 failed',
    tone: 'bad',
    detail: '14 files failed: unsupported file type .heif',
    typeLabel: 'Directory upload',
    destination: 'MyCompany/Suppliers/',
    startDate: ago(350),
    duration: 187_000,
    counts: { total: 412, done: 412, warnings: 0, errors: 14 },
  },
  {
    originalName: 'Export for print',
    state: 'completed',
    label: 'Completed',
    tone: 'ok',
    detail: '1 archive, 212.0 MB, ends in 6 days',
    typeLabel: 'Export',
    startDate: ago(448),
    duration: 70_000,
    counts: { total: 380, done: 380, warnings: 0, errors: 0 },
  },
  {
    originalName: 'Endless import',
    state: 'stopped',
    label: 'Stopped',
    tone: 'wait',
    detail: 'stopped by ann@example.com',
    typeLabel: 'URL upload',
    destination: 'MyCompany/Tmp/',
    startDate: ago(530),
    duration: 12_000,
    counts: { total: 31, done: 31, warnings: 0, errors: 0 },
  },
];

/** Rows as in the sketches, and as many more completed ones as are wanted. */
export function mockRows(count: number): JobRow[] {
  return Array.from({ length: count }, (_, index) => rowOf(index));
}

export function rowOf(index: number, changes: Partial<JobRow> = {}): JobRow {
  const sketch = SKETCHES[index] ?? {
    originalName: `Reprocess sneakers ${index}`,
    state: 'completed' as const,
    label: 'Completed',
    tone: 'ok' as const,
    detail: 'crop and unsharp mask',
    typeLabel: 'Reprocess',
    startDate: ago(530 + index),
    duration: 33_000,
    counts: { total: 86, done: 86, warnings: 0, errors: 0 },
  };
  const stage = sketch.stage ?? stageOf(sketch.state);
  return {
    handle: `j|6||${sketch.originalName}_2026-11-25-23:48:02.114|${1042 + index}`,
    stage,
    name: `${sketch.originalName}_2026-11-25-23:48:02.114`,
    type: sketch.typeLabel.replaceAll(' ', ''),
    submitUserEmail: index % 3 === 2 ? 'bob@example.com' : 'ann@example.com',
    actions: actionsOf(stage),
    revision: '1',
    counts: { warnings: 0, errors: 0 },
    ...sketch,
    ...changes,
  };
}

function stageOf(state: JobVerdictState): JobStage {
  return ['running', 'waiting', 'stopping', 'paused'].includes(state) ? 'active' : 'completed';
}

function actionsOf(stage: JobStage): JobRow['actions'] {
  if (stage === 'active') return ['stop', 'pause', 'runAgain'];
  return stage === 'scheduled' ? ['runNow', 'pause', 'delete'] : ['runAgain'];
}

/** Filters, sorts and cuts as the host does, as far as the pages need it. */
export function mockPage(rows: readonly JobRow[], query: JobsQuery): JobsPage {
  const { page = 1, pageSize = 100, stage, state, text = '', sort, direction } = query;
  const found = rows.filter(
    (row) =>
      row.originalName.toLowerCase().includes(text.toLowerCase()) &&
      (query.user === undefined || query.user.includes(row.submitUserEmail) || query.user.includes('me')) &&
      (query.type === undefined || query.type.includes(row.type)),
  );
  const shown = found.filter(
    (row) =>
      (stage === undefined || row.stage === stage) && (state === undefined || state.includes(row.state)),
  );
  if (sort === 'name') shown.sort((one, other) => one.originalName.localeCompare(other.originalName));
  if (direction === 'desc') shown.reverse();
  const count = (of: JobStage): number => found.filter((row) => row.stage === of).length;
  const states: Partial<Record<JobVerdictState, number>> = {};
  for (const row of found) states[row.state] = (states[row.state] ?? 0) + 1;
  return {
    page,
    pageSize,
    total: shown.length,
    rows: shown.slice((page - 1) * pageSize, page * pageSize),
    stages: { active: count('active'), scheduled: count('scheduled'), completed: count('completed') },
    states,
    from: ago(7 * 24 * 60),
    at: new Date(MOCK_NOW).toISOString(),
    shell: 'ips job list --since 7d',
  };
}
