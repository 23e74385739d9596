// 10,000 jobs on a real server, in two browsers: scrolling, filters, order, and what is drawn of them.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BROWSER,
  expectAccessible,
  launchBrowser,
  openPage,
  PHONE,
  type WatchedPage,
} from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { logIn } from './support/log-in.ts';

const COUNT = 10_000;
/** Many times what fits on a screen, and far from all. */
const MOST_ROWS = 60;
const SOON = { timeout: 30_000 };

describe.skipIf(BROWSER === undefined)('10,000 jobs (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;
  let viewer: WatchedPage;
  let page: Page;
  const asked: URL[] = [];

  beforeAll(async () => {
    [browser, host] = await Promise.all([launchBrowser(), startConsoleServer()]);
    await plantJobs(host);
    viewer = await openPage(browser, `${host.server.url}/jobs`);
    ({ page } = viewer);
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.pathname === '/console/api/jobs') asked.push(url);
    });
    await logIn(page, host.admin);
    await page.getByRole('link', { name: 'Job 0', exact: true }).waitFor(SOON);
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
  });

  const table = () => page.getByRole('table', { name: 'Jobs' });
  const names = () => page.locator('.row-link').allTextContents();
  const scrollTo = (top: number | 'end') =>
    page.locator('.data-table').evaluate((element, to) => {
      element.scrollTop = to === 'end' ? element.scrollHeight : to;
    }, top);

  it('are one list of which only the rows in view exist', async () => {
    expect(await table().getAttribute('aria-rowcount')).toBe(String(COUNT + 1));
    await page.getByText('10,000 jobs').waitFor();
    expect(await page.locator('tbody tr[data-index]').count()).toBeLessThan(MOST_ROWS);
    expect(await page.locator('.data-table').evaluate((element) => element.scrollHeight)).toBeGreaterThan(
      COUNT * 50,
    );
    await expectAccessible(page);
  });

  it('are read page by page while one scrolls, to the last', async () => {
    await scrollTo('end');
    await page.getByRole('link', { name: `Job ${COUNT - 1}`, exact: true }).waitFor(SOON);
    await scrollTo(5000 * 52);
    await page.getByRole('link', { name: 'Job 5000', exact: true }).waitFor(SOON);
    expect(await page.locator('tbody tr[data-index]').count()).toBeLessThan(MOST_ROWS);
    // Not all that is between: only what was in view.
    expect(asked.length).toBeLessThan(12);
    for (const url of asked) expect(Number(url.searchParams.get('pageSize') ?? 100)).toBeLessThanOrEqual(100);
  });

  it('move nothing while rows arrive: each has its place and its height from the start', async () => {
    await scrollTo(0);
    await page.getByRole('link', { name: 'Job 0', exact: true }).waitFor(SOON);
    await page.locator('.data-table').hover();
    for (let turn = 0; turn < 30; turn++) await page.mouse.wheel(0, 900);
    await expect
      .poll(() => page.locator('.data-table').evaluate((element) => element.scrollTop))
      .toBe(27_000);
    await expect.poll(async () => (await names()).length, SOON).toBeGreaterThan(10);
    // Whether its row has been read or not.
    const misplaced = await page.locator('tbody tr[data-index]').evaluateAll((rows) => {
      const top = document.querySelector('tbody')?.getBoundingClientRect().top ?? 0;
      return rows
        .map((row) => [Number(row.getAttribute('data-index')), row.getBoundingClientRect()] as const)
        .filter(([index, box]) => Math.abs(box.top - top - index * 52) > 1 || Math.abs(box.height - 52) > 1)
        .map(([index]) => index);
    });
    expect(misplaced).toEqual([]);
  });

  it('are searched, filtered and sorted on the server, from wherever one has scrolled to', async () => {
    await scrollTo('end');
    await page.getByRole('link', { name: `Job ${COUNT - 1}`, exact: true }).waitFor(SOON);
    await page.keyboard.press('/');
    await page.keyboard.type('job 4711');
    // By name, and by the number in the handle.
    await expect.poll(async () => (await names()).toSorted(), SOON).toEqual(['Job 4710', 'Job 4711']);
    expect(await table().getAttribute('aria-rowcount')).toBe('3');
    await page.getByRole('searchbox').fill('');
    await expect.poll(() => table().getAttribute('aria-rowcount'), SOON).toBe(String(COUNT + 1));
    await page.getByRole('button', { name: 'State any' }).click();
    await page.getByRole('checkbox', { name: /Files failed 100/ }).check();
    await page.keyboard.press('Escape');
    await expect.poll(() => table().getAttribute('aria-rowcount'), SOON).toBe('101');
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await expect
      .poll(async () => (await names()).slice(0, 3), SOON)
      .toEqual(['Job 0', 'Job 100', 'Job 1000']);
  });

  it('are a link: another browser sees the same part of them', async () => {
    const { search } = new URL(page.url());
    const other = await openPage(browser, `${host.server.url}/jobs${search}`);
    await logIn(other.page, host.admin);
    await expect
      .poll(async () => (await other.page.locator('.row-link').allTextContents()).slice(0, 3), SOON)
      .toEqual(['Job 0', 'Job 100', 'Job 1000']);
    expect(other.problems).toEqual([]);
    await other.page.context().close();
  });

  it('go one by one by keyboard, beyond what has been read', async () => {
    await page.goto(`${host.server.url}/jobs`);
    await page.getByRole('link', { name: 'Job 0', exact: true }).waitFor(SOON);
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    for (let turn = 0; turn <= 120; turn++) {
      const before = await focused();
      await page.keyboard.press('j');
      // What has not been read yet takes a moment.
      await expect.poll(focused, SOON).not.toBe(before);
    }
    expect(await focused()).toMatch(/^Job 1[12]\d$/);
    expect(viewer.problems).toEqual([]);
  });

  it('are cards on a phone, of which only those in view exist, too', async () => {
    const phone = await openPage(browser, `${host.server.url}/jobs`, { viewport: PHONE });
    await logIn(phone.page, host.admin);
    await phone.page
      .getByRole('list', { name: 'Jobs' })
      .getByRole('link', { name: 'Job 0' })
      .first()
      .waitFor(SOON);
    expect(await phone.page.getByRole('list', { name: 'Jobs' }).getByRole('listitem').count()).toBeLessThan(
      MOST_ROWS,
    );
    await phone.page.context().close();
  });
});

/** Runs one job, and has the server restore its database with copies of it, one for each second before now. */
async function plantJobs({ client, server }: ConsoleServer): Promise<void> {
  await client.publish({}, { name: 'Pattern' });
  await server.clock.runPending();
  const snapshot = await server.snapshot();
  const [pattern] = snapshot.tables['runs'] ?? [];
  if (pattern === undefined) throw new Error('the job has no row');
  const now = server.clock.now().getTime();
  const runs = Array.from({ length: COUNT }, (_, index) => {
    const [start, end] = [now - index * 1000 - 500, now - index * 1000].map((time) =>
      new Date(time).toISOString(),
    );
    const failed = index % 100 === 0 ? 1 : 0;
    return {
      ...pattern,
      id: index + 1,
      name: `Job ${index}_${start}`,
      original_name: `Job ${index}`,
      trigger_time: start,
      start_date: start,
      end_date: end,
      last_progress_update: end,
      counters: { ...Object(pattern['counters']), total: 3, success: 3 - failed, error: failed },
    };
  });
  await server.restore({
    ...snapshot,
    tables: { ...snapshot.tables, runs, log_rows: [] },
    next: { ...snapshot.next, runs: COUNT + 1 },
  });
}
