import { describe, expect, it } from 'vitest';
import { mockPage, mockRows } from '../dev/mock-jobs.ts';
import type { JobRow, JobsEvent } from '../src/api/contract.ts';
import { changesOf, matches, patchPage } from '../src/jobs/live-rows.ts';

const ME = 'ann@example.com';
const rows = mockRows(9);
const shown = new Map(rows.map((row) => [row.handle, row]));
const spring = rows[0]!;

function event(changes: Partial<JobsEvent>): JobsEvent {
  return {
    type: 'jobs',
    changed: [],
    removed: [],
    added: [],
    isPartial: false,
    stages: { active: 0, scheduled: 0, completed: 0 },
    at: '2026-11-25T23:50:00Z',
    ...changes,
  };
}

const changed = (row: JobRow, changes: Partial<JobRow>): JobRow => ({ ...row, revision: 'next', ...changes });

describe('what an event means for a list', () => {
  it('patches progress in place, which moves nothing', () => {
    const row = changed(spring, { progress: 65 });
    expect(changesOf(event({ changed: [row] }), shown, {}, ME)).toEqual({
      patches: new Map([[row.handle, row]]),
      added: [],
      isStale: false,
    });
  });

  it('ignores a row that is shown as it is', () => {
    expect(changesOf(event({ changed: [spring] }), shown, {}, ME).patches.size).toBe(0);
  });

  it('reads the list again when a job ends, because its place is another', () => {
    const row = changed(spring, { stage: 'completed', state: 'completed' });
    expect(changesOf(event({ changed: [row] }), shown, {}, ME).isStale).toBe(true);
  });

  it.each([
    ['errors', { counts: { ...spring.counts, errors: 1 } }, true],
    ['name', { counts: { ...spring.counts, errors: 1 } }, false],
    ['total', { counts: { ...spring.counts, total: 2000 } }, true],
    ['warnings', { counts: { ...spring.counts, warnings: 9 } }, true],
    ['server', { serverName: 'ips-worker-9' }, true],
    ['duration', { duration: 1 }, false],
    ['started', { startDate: '2026-11-25T23:00:00Z' }, true],
  ] as const)('sorted by %s, a change of %o moves a row: %s', (sort, changes, isStale) => {
    const row = changed(spring, changes);
    expect(changesOf(event({ changed: [row] }), shown, { sort }, ME).isStale).toBe(isStale);
  });

  it('announces new rows that the filters show, and no others', () => {
    const upload = changed(spring, { handle: 'new|1' });
    const export_ = changed(spring, { handle: 'new|2', type: 'Export' });
    const found = changesOf(
      event({ changed: [upload, export_], added: ['new|1', 'new|2'] }),
      shown,
      { type: [spring.type] },
      ME,
    );
    expect(found.added).toEqual(['new|1']);
    expect(found.isStale).toBe(true);
  });

  it('does not announce a row of a page that is not loaded as new', () => {
    const row = changed(spring, { handle: 'elsewhere' });
    expect(changesOf(event({ changed: [row] }), shown, {}, ME)).toMatchObject({ added: [], isStale: true });
  });

  it('reads the list again for removed rows that are shown, and for more changes than an event has', () => {
    expect(changesOf(event({ removed: [spring.handle] }), shown, {}, ME).isStale).toBe(true);
    expect(changesOf(event({ removed: ['unknown'] }), shown, {}, ME).isStale).toBe(false);
    expect(changesOf(event({ isPartial: true }), shown, {}, ME).isStale).toBe(true);
  });

  it('reads the list again when a row no longer matches the filters', () => {
    const row = changed(spring, { state: 'stopping' });
    expect(
      changesOf(event({ changed: [row] }), shown, { state: ['running'], sort: 'name' }, ME).isStale,
    ).toBe(true);
  });
});

describe('patching a page', () => {
  it('keeps a page that has none of the rows', () => {
    const page = mockPage(rows, {});
    expect(patchPage(page, new Map([['unknown', spring]]))).toBe(page);
  });

  it('replaces rows where they are', () => {
    const page = mockPage(rows, {});
    const row = changed(rows[3]!, { label: 'Paused' });
    const patched = patchPage(page, new Map([[row.handle, row]]));
    expect(patched.rows.map(({ label }) => label)).toEqual(
      page.rows.map(({ label }, index) => (index === 3 ? 'Paused' : label)),
    );
  });
});

describe('matching filters', () => {
  it.each([
    [{ user: ['me'] }, true],
    [{ user: ['bob@example.com'] }, false],
    [{ user: ['Ann@Example.com'] }, true],
    [{ server: ['ips-worker-2'] }, true],
    [{ server: ['ips-worker-1'] }, false],
    [{ stage: 'completed' }, false],
    [{ state: ['running', 'waiting'] }, true],
    [{ text: 'SHOES runner' }, true],
    [{ text: 'shoes boots' }, false],
    [{ text: 'MyCompany/Shoes/' }, true],
    [{ text: 'url upload' }, true],
  ] as const)('%o: %s', (query, expected) => {
    expect(matches(spring, query, ME)).toBe(expected);
  });
});
