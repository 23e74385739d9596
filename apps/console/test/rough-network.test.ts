// What a stranger meets on a bad day: a slow host, pages of proxies instead of answers, interrupted answers, and impatience.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MockHost, startMockHost } from '../dev/mock-host.ts';
import { BROWSER, expectAccessible, launchBrowser, openPage } from './support/browser.ts';

describe.skipIf(BROWSER === undefined)('a rough network (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: MockHost;
  beforeAll(async () => {
    [browser, host] = await Promise.all([launchBrowser(), startMockHost({ jobs: 50 })]);
  });
  afterAll(async () => {
    await browser?.close();
    await host?.[Symbol.asyncDispose]();
  });

  const posts = (): readonly string[] =>
    host.console.requests.filter((request) => request.startsWith('POST') && request.includes('job/actions'));
  async function askToStop(page: Page) {
    await page.getByRole('checkbox', { name: 'Select Spring shoes' }).check();
    await page.getByRole('button', { name: 'Stop…' }).click();
    return page.getByRole('dialog').getByRole('button', { name: 'Stop 1 job' });
  }

  it('sends an action once, however often its button is pressed', async () => {
    const { page, problems } = await openPage(browser, `${host.origin}/jobs`);
    const before = posts().length;
    const free: (() => void)[] = [];
    await page.route('**/console/api/job/actions', async (route) => {
      await new Promise<void>((resolve) => free.push(resolve));
      await route.continue();
    });
    const stop = await askToStop(page);
    await stop.dblclick();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Working…' }).waitFor();
    // The answer is on its way: neither Esc nor a click beside it may make the viewer believe that it was called off.
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(1);
    for (const release of free) release();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(posts()).toHaveLength(before + 1);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['a page of a proxy', { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }],
    ['a page with the status of success', { status: 200, contentType: 'text/html', body: '<h1>Log in</h1>' }],
    ['half an answer', { status: 500, contentType: 'application/json', body: '{"error": {"code": "inte' }],
    ['an answer of another form', { status: 500, contentType: 'application/json', body: '[1, null]' }],
  ])('keeps the question and says what failed, for %s', async (_, answer) => {
    const { page, problems } = await openPage(browser, `${host.origin}/jobs`);
    await page.route('**/console/api/job/actions', (route) => route.fulfill(answer));
    await (await askToStop(page)).click();
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.getByText("the console's host").waitFor();
    expect(await alert.textContent()).not.toContain('<h1>');
    expect(await page.getByRole('dialog').textContent()).toContain('Spring shoes');
    await expectAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('shows that it reads while the host is slow, and only the latest question counts', async () => {
    const { page } = await openPage(browser, `${host.origin}/jobs`);
    await page.getByRole('link', { name: 'Spring shoes' }).waitFor();
    const free: (() => void)[] = [];
    await page.route('**/console/api/jobs?*', async (route) => {
      if (!route.request().url().includes('text=spr&')) return route.continue();
      await new Promise<void>((resolve) => free.push(resolve));
      await route.continue().catch(() => undefined);
    });
    const search = page.getByRole('searchbox');
    await search.fill('spr');
    await expect.poll(() => free.length).toBeGreaterThan(0);
    // What was there stays until the answer arrives.
    await page.getByRole('link', { name: 'Spring shoes' }).waitFor();
    await search.fill('nothing like it');
    await page.getByText('No job matches these filters').waitFor();
    for (const release of free) release();
    await page.waitForTimeout(300);
    await page.getByText('No job matches these filters').waitFor();
    await page.context().close();
  });

  it('loads itself again when a part of it is gone, as after an update of the server', async () => {
    const { page } = await openPage(browser, `${host.origin}/jobs`);
    await page.getByRole('link', { name: 'Spring shoes' }).waitFor();
    let isOld = true;
    page.on('request', (request) => {
      if (request.isNavigationRequest()) isOld = false;
    });
    await page.route('**/console/assets/*.js', (route) =>
      isOld ? route.fulfill({ status: 404, body: 'no such file' }) : route.continue(),
    );
    await page.getByRole('link', { name: 'Overview' }).first().click();
    await page.getByRole('region', { name: 'At work now' }).waitFor();
    expect(isOld).toBe(false);
    await page.context().close();
  });

  it.each([
    '/jobs/job',
    '/jobs/job?handle=',
    '/assets/asset',
    '/assets/asset?handle=%00',
    '/nowhere',
    '/jobs?state=bad&type=&sort=x&from=2026-02-30&period=eternity&page=x&__proto__=1',
    '/jobs?state=failed&state=bad&sort=name&sort=type',
    '/assets?view=x&sort=bad&type=x&publishState=maybe&place=moon',
    '/test?tab=none&entry=x',
    '/submit?kind=none&when=never',
  ])('makes something of the address %s', async (path) => {
    const { page, problems } = await openPage(browser, host.origin + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expectAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
