// States that a real server has only for a moment or with effort, against the mock: 10,000 jobs, outages, read-only, several profiles.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MockOptions } from '../dev/mock-console.ts';
import { type MockHost, startMockHost } from '../dev/mock-host.ts';
import {
  BROWSER,
  expectAccessible,
  expectNoSidewaysScroll,
  launchBrowser,
  openPage,
  PHONE,
  type WatchedPage,
} from './support/browser.ts';

describe.skipIf(BROWSER === undefined)('states (skipped where Chromium is not installed)', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function withHost(
    options: MockOptions,
    path: string,
    look: (watched: WatchedPage, host: MockHost) => Promise<void>,
    view = {},
  ): Promise<void> {
    await using host = await startMockHost(options);
    const watched = await openPage(browser, host.origin + path, view);
    await look(watched, host);
    expect(watched.problems).toEqual([]);
    await watched.page.context().close();
  }

  it('scrolls through 10,000 jobs with a handful of rows, and reads only the pages in view', async () => {
    await withHost({ jobs: 10_000 }, '/jobs', async ({ page }, host) => {
      const table = page.locator('.data-table');
      await page.getByText('10,000 jobs').waitFor();
      await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.getByRole('link', { name: 'Reprocess sneakers 9999' }).waitFor();
      await table.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
      await page.getByRole('link', { name: 'Reprocess sneakers 5000' }).waitFor();
      expect(await page.locator('tbody tr').count()).toBeLessThan(60);
      const pages = host.console.requests.filter((request) => request.includes('pageSize=100'));
      expect(new Set(pages).size).toBeLessThan(12);
      expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('10001');
      const row = page.getByRole('row', { name: /sneakers 5000/ });
      expect(await row.getAttribute('aria-rowindex')).toBe('5002');
    });
  });

  it('moves no row and shifts nothing while values change under the pointer', async () => {
    await withHost({ jobs: 60 }, '/jobs', async ({ page }, host) => {
      const spring = page.getByRole('row', { name: /Spring shoes/ });
      await spring.hover();
      await page.evaluate(() => {
        const shifts: unknown[] = [];
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => {
          // Layout shifts are not in the types of the DOM.
          for (const entry of list.getEntries()) shifts.push(entry);
        }).observe({ type: 'layout-shift' });
      });
      const places = await page
        .locator('tbody tr')
        .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
      host.console.change(0, {
        progress: 80,
        detail: 'Optimizing files · a-much-longer-name-than-before-which-does-not-fit.tif',
      });
      await spring.getByText('80 %').waitFor();
      host.console.change(2, {
        stage: 'completed',
        state: 'completed',
        label: 'Completed',
        tone: 'ok',
        progress: undefined,
      });
      host.console.add({ originalName: 'Fresh' });
      host.console.add({ originalName: 'Fresher' });
      await page.getByRole('button', { name: '2 new' }).waitFor();
      expect(
        await page
          .locator('tbody tr')
          .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top)),
      ).toEqual(places);
      expect(
        await page.evaluate(
          // A number at the right edge begins elsewhere when its digits change; elements must not move.
          'window.shifts.flatMap(({ sources }) => sources.flatMap(({ node }) => node.outerHTML?.slice(0, 200) ?? []))',
        ),
      ).toEqual([]);
      await page.getByRole('button', { name: '2 new' }).click();
      await page.getByRole('link', { name: 'Fresher' }).waitFor();
    });
  });

  it('offers nothing that changes in a read-only console, and says why', async () => {
    const reason = 'this console is read-only: it was started with --console-read-only';
    await withHost({ readOnly: reason }, '/jobs', async ({ page }) => {
      await page.getByText(reason).waitFor();
      expect(await page.getByRole('checkbox').count()).toBe(0);
      await page.getByRole('link', { name: 'Spring shoes' }).click();
      await page.getByRole('heading', { name: 'Spring shoes' }).waitFor();
      expect(await page.getByRole('button', { name: /Stop|Run again/ }).count()).toBe(0);
      await expectAccessible(page);
    });
  });

  it('says what failed and since when, and is there again when the service is', async () => {
    const problem = {
      code: 'outage',
      message: 'the service does not answer: connect ECONNREFUSED 127.0.0.1:8080',
    } as const;
    await withHost({ problem }, '/jobs', async ({ page }, host) => {
      const alert = page.getByRole('alert');
      await alert.waitFor();
      expect(await alert.textContent()).toMatch(
        /cannot read the jobs.*ECONNREFUSED.*since \d\d:\d\d:\d\d; tries again by itself/,
      );
      await expectAccessible(page);
      host.console.setProblem(undefined);
      await page.getByRole('link', { name: 'Spring shoes' }).waitFor();
    });
  });

  it('teaches one command where nothing has happened yet', async () => {
    await withHost({ jobs: 0 }, '/jobs', async ({ page }) => {
      await page.getByText('ips upload photos --to MyCompany/').waitFor();
      await expectAccessible(page);
    });
  });

  it('announces an outage of the service, and its end', async () => {
    await withHost({}, '/jobs', async ({ page }, host) => {
      await page.getByRole('button', { name: /^Live/ }).waitFor();
      host.console.send({
        type: 'outage',
        since: '2026-11-25T23:50:00Z',
        message: 'status 503',
        nextAttempt: '2026-11-25T23:51:00Z',
      });
      await page.getByText('The service cannot be reached: status 503').waitFor();
      host.console.send({ type: 'recovered', at: '2026-11-25T23:52:00Z' });
      await page.getByText('The service cannot be reached').waitFor({ state: 'hidden' });
    });
  });

  it('offers several profiles, and needs no password where the console has one', async () => {
    const profiles = [
      {
        name: 'production',
        endpoint: 'https://s7sps1apissl.scene7.com/',
        hasCredentials: true,
        readOnly: true,
        user: 'ann@example.com',
      },
      {
        name: 'local',
        endpoint: 'http://127.0.0.1:8080/',
        hasCredentials: false,
        readOnly: false,
        company: 'MyCompany',
      },
    ];
    await withHost({ isLoggedIn: false, profiles }, '/', async ({ page }) => {
      await page.getByText('The profile has a password for').waitFor();
      expect(await page.getByLabel('Password').count()).toBe(0);
      await page.getByLabel('Profile').selectOption('local');
      expect(await page.getByLabel('Company').inputValue()).toBe('MyCompany');
      await expectAccessible(page);
      await page.getByLabel('Profile').selectOption('production');
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
    });
  });

  it('switches the company, and shows nothing of the one before', async () => {
    await withHost({}, '/jobs?text=spring', async ({ page }, host) => {
      await page.getByRole('link', { name: 'Spring shoes' }).waitFor();
      host.console.rows.length = 0;
      await page.getByRole('button', { name: /MyCompany/ }).click();
      await page.getByRole('menuitemradio', { name: 'OtherCompany' }).click();
      await page.getByText('ips upload photos --to OtherCompany/').waitFor();
      expect(new URL(page.url()).search).toBe('');
    });
  });

  it('follows the system, or the choice of the viewer', async () => {
    await withHost(
      {},
      '/jobs',
      async ({ page }) => {
        const background = () =>
          page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        expect(await background()).toBe('rgb(19, 20, 22)');
        await expectAccessible(page);
        await page.getByRole('button', { name: 'Light' }).click();
        expect(await background()).toBe('rgb(251, 251, 250)');
        await page.reload();
        expect(await background()).toBe('rgb(251, 251, 250)');
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await expectAccessible(page);
      },
      { colorScheme: 'dark' },
    );
  });

  it('fits a phone while several jobs are selected', async () => {
    await withHost(
      { jobs: 60 },
      '/jobs',
      async ({ page }) => {
        await page.getByRole('checkbox', { name: 'Select Spring shoes' }).check();
        await page.getByRole('checkbox', { name: 'Select Full publish' }).check();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('dialog', { name: 'More' }).waitFor();
        await expectAccessible(page);
      },
      { viewport: PHONE },
    );
  });
});
