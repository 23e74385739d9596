import { CdnUrlError, InterruptedError } from '@ips-sdk/client';
import type { JobLog } from '@ips-sdk/types';
import { describe, expect, it } from 'vitest';
import { fault, startService } from '../../../scripts/testing/fake-service.js';
import { jobLog } from '../../../scripts/testing/job-log.js';
import { clientOf, collect, errorOf } from './support/clients.js';

function runLog(startDate: number, i: number, minutes: number = 0): JobLog {
  const run = { jobHandle: `j|6||run ${i}|${i}`, originalJobName: 'x' };
  const endDate = new Date(startDate + minutes * 60_000).toISOString();
  return jobLog(`run ${i}`, { ...run, startDate: new Date(startDate).toISOString(), endDate });
}

describe('the history of jobs', () => {
  it('is complete whatever the service cuts off, in order, without a log twice', async () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    // Most of them in a single second, which no halving of days takes apart.
    const logs = [
      ...Array.from({ length: 40 }, (_, i) => runLog(start + i * 3_600_000, i)),
      ...Array.from({ length: 90 }, (_, i) => runLog(start + 50 * 3_600_000, 40 + i)),
    ];
    const service = await startService({
      getJobLogs: ({ startDate = '', endDate = '', numRows }) => {
        const within = logs.filter(
          (log) =>
            Date.parse(log.startDate ?? '') >= Date.parse(String(startDate)) &&
            Date.parse(log.startDate ?? '') <= Date.parse(String(endDate)),
        );
        return { jobLogArray: within.slice(0, numRows) };
      },
    });
    const found = await collect(
      clientOf(service).jobs.history({
        from: '2025-12-01T00:00:00Z',
        to: new Date('2026-02-01T00:00:00Z'),
        pageSize: 10,
      }),
    );
    expect(found.map(({ jobName }) => jobName)).toEqual(logs.map(({ jobName }) => jobName));
    expect(Math.max(...service.requests.map(({ input }) => Number(input['numRows'])))).toBeGreaterThan(10);
  });

  it.each([1, 5, 1000])('has runs that last for days, by lists of %d', async (pageSize) => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    const logs = Array.from({ length: 30 }, (_, i) => runLog(start + i * 3_600_000, i, 5000));
    const service = await startService({
      // As documented: the dates limit the start and the end of runs.
      getJobLogs: ({ startDate = '', endDate = '', numRows }) => {
        const within = logs.filter(
          (log) =>
            Date.parse(log.startDate ?? '') >= Date.parse(String(startDate)) &&
            Date.parse(log.endDate ?? '') <= Date.parse(String(endDate)),
        );
        return { jobLogArray: within.slice(0, numRows) };
      },
    });
    const found = await collect(
      clientOf(service).jobs.history({
        from: '2025-12-01T00:00:00Z',
        to: new Date('2026-02-01T00:00:00Z'),
        pageSize,
      }),
    );
    expect(found.map(({ jobName }) => jobName)).toEqual(logs.map(({ jobName }) => jobName));
  });

  it('has an end that is not before its beginning', async () => {
    const service = await startService();
    expect(
      await errorOf(collect(clientOf(service).jobs.history({ from: '2026-01-02', to: '2026-01-01' }))),
    ).toMatchObject({ name: 'ConfigError', setting: 'to' });
    expect((await errorOf(collect(clientOf(service).jobs.history({ from: 'yesterday' })))).message).toContain(
      'from: expected a Date or a string such as "2026-01-31T08:00:00Z", found "yesterday"',
    );
  });
});

describe('pages', () => {
  const asset = (i: number) => ({ assetHandle: `a|${i}`, name: `shoe ${i}` });

  it('are asked for one after the other, as long as there are more', async () => {
    const all = Array.from({ length: 25 }, (_, i) => asset(i));
    const service = await startService({
      searchAssets: ({ recordsPerPage = 0, resultsPage = 1 }) => ({
        totalRows: all.length,
        assetArray: all.slice((resultsPage - 1) * recordsPerPage, resultsPage * recordsPerPage),
      }),
    });
    const ips = clientOf(service);
    const search = { includeSubfolders: true, recordsPerPage: 10 };
    expect((await collect(ips.paginate('searchAssets', search))).map(({ name }) => name)).toEqual(
      all.map(({ name }) => name),
    );
    expect(service.requests).toHaveLength(3);
    for await (const _ of ips.paginate('searchAssets', search)) break;
    expect(service.requests).toHaveLength(4);
  });

  it('may be smaller than asked for', async () => {
    const all = Array.from({ length: 25 }, (_, i) => ({
      userHandle: `u|${i}|ann${i}@example.com`,
      firstName: 'Ann',
      lastName: `${i}`,
      email: `ann${i}@example.com`,
      isValid: true,
      isIpsAdmin: false,
    }));
    // The service answers at most seven, no total, and repeats its last page beyond the end.
    const service = await startService({
      getUsers: ({ resultsPage = 1 }) => ({
        userArray: all.slice((Math.min(resultsPage, 4) - 1) * 7, Math.min(resultsPage, 4) * 7),
      }),
    });
    const users = await collect(
      clientOf(service).paginate('getUsers', { includeInvalid: false, includeInactive: false } as never),
    );
    expect(users.map(({ lastName }) => lastName)).toEqual(all.map(({ lastName }) => lastName));
  });

  it('are of some operations only', async () => {
    const service = await startService();
    expect(
      (await errorOf(collect(clientOf(service).paginate('stopJob' as 'getUsers', {} as never)))).message,
    ).toContain('searchAssets');
  });
});

describe('a batch', () => {
  const handles = (count: number): string[] => Array.from({ length: count }, (_, i) => `a|${i}`);

  it('goes out in pieces, and is compared with the request', async () => {
    const service = await startService({
      deleteAssets: ({ assetHandleArray }) => {
        const asked = assetHandleArray;
        const bad = asked.filter((handle) => handle === 'a|3');
        return {
          successCount: asked.length - bad.length,
          warningCount: 0,
          errorCount: bad.length,
          errorDetailArray: bad.map((assetHandle) => ({ assetHandle, code: 30001, reason: 'no such asset' })),
        };
      },
    });
    const ips = clientOf(service);
    const result = await ips.batch('deleteAssets', { assetHandleArray: handles(7) }, { chunkSize: 3 });
    expect(result).toEqual({
      asked: 7,
      successCount: 6,
      warningCount: 0,
      errorCount: 1,
      warnings: [],
      errors: [{ assetHandle: 'a|3', code: 30001, reason: 'no such asset' }],
      complete: false,
    });
    expect(service.requests.map(({ input }) => (input['assetHandleArray'] as string[]).length)).toEqual([
      3, 3, 1,
    ]);
    expect((await ips.batch('deleteAssets', { assetHandleArray: ['a|1'] })).complete).toBe(true);
  });

  it('is not complete when the service counts less than the request', async () => {
    const service = await startService({
      deleteAssets: () => ({ successCount: 1, warningCount: 0, errorCount: 0 }),
    });
    expect((await clientOf(service).batch('deleteAssets', { assetHandleArray: handles(2) })).complete).toBe(
      false,
    );
  });

  it('that fails partway reports what was done', async () => {
    let calls = 0;
    const service = await startService({
      deleteAssets: () => {
        calls += 1;
        return calls === 2
          ? fault({ kind: 'api', code: 30000, reason: 'oops' })
          : { successCount: 2, warningCount: 0, errorCount: 0 };
      },
    });
    const error = await errorOf(
      clientOf(service).batch('deleteAssets', { assetHandleArray: handles(6) }, { chunkSize: 2 }),
    );
    expect(error).toBeInstanceOf(InterruptedError);
    expect(error).toMatchObject({ done: { asked: 2, successCount: 2 }, cause: { code: 30000 } });
    expect(error.message).toContain('deleteAssets, after 2 of 6');
  });

  it('that replaces a whole is never cut into pieces', async () => {
    const service = await startService({
      setProjectAssets: () => ({ successCount: 5, warningCount: 0, errorCount: 0 }),
    });
    await clientOf(service).batch(
      'setProjectAssets',
      { projectHandle: 'p|6|x', assetHandleArray: handles(5) },
      { chunkSize: 2 },
    );
    expect(service.requests).toHaveLength(1);
  });
});

describe('an invalidation of the cache', () => {
  it('goes out in requests of a thousand, each URL once', async () => {
    const service = await startService({
      cdnCacheInvalidation: ({ urlArray }) => ({
        invalidationHandle: `i|${urlArray.length}`,
        estimatedSeconds: 300,
      }),
    });
    const urls = Array.from(
      { length: 2300 },
      (_, i) => `https://s7d1.scene7.com/is/image/MyCompany/shoe-${i % 2200}`,
    );
    const done = await clientOf(service).invalidateCdn(urls);
    expect(
      done.map(({ handle, estimatedSeconds, urls: some }) => [handle, estimatedSeconds, some.length]),
    ).toEqual([
      ['i|1000', 300, 1000],
      ['i|1000', 300, 1000],
      ['i|200', 300, 200],
    ]);
  });

  it('is not sent at all when a URL cannot be invalidated', async () => {
    const service = await startService();
    const bad = [
      '/is/image/MyCompany/shoe',
      'ftp://a.example/x',
      'https://a.example/a b',
      'https://ann:pw@a.example/x',
      'https://a.example/x#y',
    ];
    const error = await errorOf(
      clientOf(service).invalidateCdn(['https://a.example/is/image/MyCompany/x', ...bad]),
    );
    expect((error as unknown as CdnUrlError).urls.map(({ url }) => url)).toEqual(bad);
    const other = await errorOf(
      clientOf(service).invalidateCdn(['https://a.example/is/image/Other/x'], { rootId: 'MyCompany' }),
    );
    expect(other).toBeInstanceOf(CdnUrlError);
    expect(service.requests).toEqual([]);
  });

  it('that fails partway reports what was done', async () => {
    let calls = 0;
    const service = await startService({
      cdnCacheInvalidation: () => {
        calls += 1;
        return calls === 2
          ? fault({ kind: 'api', code: 30001, reason: 'bad URL' })
          : { invalidationHandle: 'i|1', estimatedSeconds: 1 };
      },
    });
    const urls = Array.from({ length: 1001 }, (_, i) => `https://a.example/is/image/x/${i}`);
    expect(await errorOf(clientOf(service).invalidateCdn(urls))).toMatchObject({
      name: 'InterruptedError',
      done: [{ handle: 'i|1' }],
    });
  });
});

describe('a walk through folders', () => {
  interface Node {
    path: string;
    children: Node[];
  }
  const node = (path: string, ...children: Node[]): Node => ({ path, children });
  const tree = node(
    'MyCompany/',
    node(
      'MyCompany/a/',
      node(
        'MyCompany/a/b/',
        node('MyCompany/a/b/c/', node('MyCompany/a/b/c/d/', node('MyCompany/a/b/c/d/e/'))),
      ),
      node('MyCompany/a/z/'),
    ),
    node('MyCompany/y/'),
  );
  const find = (path: string, from: Node = tree): Node | undefined =>
    from.path === path
      ? from
      : from.children.map((child) => find(path, child)).find((one) => one !== undefined);
  const folder = (from: Node, depth: number): object => ({
    folderHandle: `f|${from.path}`,
    path: from.path,
    lastModified: '2014-04-03T00:00:00Z',
    hasSubfolders: from.children.length > 0,
    ...(depth > 0 && from.children.length > 0
      ? { subfolderArray: from.children.map((child) => folder(child, depth - 1)) }
      : {}),
  });

  it('goes from the top down, and asks for more where an answer ends', async () => {
    const service = await startService({
      getFolderTree: ({ folderPath, depth }) => ({
        folders: folder(find(folderPath ?? 'MyCompany/') ?? tree, Number(depth)),
      }),
    });
    const ips = clientOf(service);
    const walked = await collect(ips.walkFolders());
    expect(walked.map(({ folder: { path }, depth }) => [path, depth])).toEqual([
      ['MyCompany/', 0],
      ['MyCompany/a/', 1],
      ['MyCompany/a/b/', 2],
      ['MyCompany/a/b/c/', 3],
      ['MyCompany/a/b/c/d/', 4],
      ['MyCompany/a/b/c/d/e/', 5],
      ['MyCompany/a/z/', 2],
      ['MyCompany/y/', 1],
    ]);
    expect(service.requests.length).toBeLessThanOrEqual(3);
    const shallow = await collect(ips.walkFolders({ folderPath: 'MyCompany/a/', depth: 1 }));
    expect(shallow.map(({ folder: { path } }) => path)).toEqual([
      'MyCompany/a/',
      'MyCompany/a/b/',
      'MyCompany/a/z/',
    ]);
  });
});
