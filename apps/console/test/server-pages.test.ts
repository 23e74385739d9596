// Publish, overview and test panel against a real server with its admin API.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, expectAccessible, launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { ANN, type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { logIn } from './support/log-in.ts';

describe.skipIf(BROWSER === undefined)(
  'pages of the server (skipped where Chromium is not installed)',
  () => {
    let browser: Browser;
    let host: ConsoleServer;
    let viewer: WatchedPage;
    let page: Page;

    beforeAll(async () => {
      [browser, host] = await Promise.all([launchBrowser(), startConsoleServer({ adminApi: true })]);
      await host.client.publish({ emailSetting: 'All' }, { name: '<script>alert(1)</script>' });
      await host.server.clock.runPending();
      viewer = await openPage(browser, `${host.server.url}/publish`);
      ({ page } = viewer);
      await logIn(page, host.admin);
    });
    afterAll(async () => {
      await browser?.close();
      await host?.client.close();
      await host?.server.stop();
    });
    const dialog = () => page.getByRole('dialog').last();
    const go = (name: string) =>
      page
        .getByRole('navigation', { name: 'Pages' })
        .first()
        .getByRole('link', { name: new RegExp(`^${name}`) })
        .click();

    it('starts a publish, and shows those before it', async () => {
      await page.getByRole('link', { name: '<script>alert(1)</script>' }).waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Start a publish…' }).click();
      await dialog()
        .getByLabel(/^Full:/)
        .check();
      await dialog().getByRole('button', { name: 'Publish' }).click();
      await page.waitForURL('**/jobs/job?*');
      const { jobArray = [] } = await host.client.call('getActiveJobs', {});
      expect(jobArray.map((job) => job.imageServingPublishJob?.publishType)).toEqual(['Full']);
    });

    it('shows what is at work, and the workers', async () => {
      await go('Overview');
      const work = page.getByRole('region', { name: 'At work now' });
      await expect.poll(() => work.getByRole('listitem').count()).toBe(1);
      await page.getByRole('region', { name: 'Workers' }).waitFor();
      await page.getByRole('region', { name: 'Disk' }).waitFor();
      await expectAccessible(page);
    });

    it('moves the clock, on which jobs depend', async () => {
      await go('Test panel');
      const before = host.server.clock.now().getTime();
      await page.getByRole('button', { name: '1 h', exact: true }).click();
      await expect.poll(() => host.server.clock.now().getTime() - before).toBe(3_600_000);
      await expect
        .poll(async () => (await host.client.call('getActiveJobs', {})).jobArray?.length ?? 0)
        .toBe(0);
      await expectAccessible(page);
    });

    it('injects failures, and refuses values that mean nothing', async () => {
      await page.getByLabel('Faults, %').fill('many');
      await page.getByText('expected a number from 0 to 100, found many').waitFor();
      await page.getByLabel('Faults, %').fill('100');
      await page.getByLabel('Only these operations').fill('getJobLogs');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.getByText('changed the chaos').waitFor();
      await expect(host.client.call('getJobLogs', {})).rejects.toThrow();
      await page.getByRole('button', { name: 'All off' }).click();
      await page.getByText('switched the chaos off').waitFor();
      await host.client.call('getJobLogs', {});
    });

    it('lets the failures reach the console: its pages say so, and this one ends them', async () => {
      await page.getByLabel('Faults, %').fill('100');
      await page.getByRole('button', { name: 'Apply' }).click();
      await expect
        .poll(() => host.client.call('getJobLogs', {}).then(String, String))
        .toContain('requested by a test');
      const other = await openPage(browser, `${host.server.url}/jobs`);
      await other.page.getByLabel('Password').fill(host.admin.password);
      await other.page.getByLabel('E-mail address').fill(host.admin.email);
      await other.page.keyboard.press('Enter');
      await other.page.getByRole('alert').getByText('A fault requested by a test').waitFor();
      expect(other.problems).toEqual([]);
      await other.page.context().close();
      await go('Assets');
      await page.getByRole('alert').getByText('A fault requested by a test').waitFor({ timeout: 30_000 });
      await expectAccessible(page);
      await go('Test panel');
      await page.getByRole('button', { name: 'All off' }).click();
      await expect.poll(() => host.client.call('getJobLogs', {}).then(() => 'works', String)).toBe('works');
      await go('Assets');
      const retry = page.getByRole('button', { name: 'Try again' });
      await retry.or(page.getByText('This folder has no assets')).first().waitFor();
      if (await retry.isVisible()) await retry.click();
      await page.getByText('This folder has no assets').waitFor({ timeout: 30_000 });
      await go('Test panel');
    });

    it('adds data only after the word has been typed, and shows why other data is refused', async () => {
      const data = page.getByLabel('Data to add, as for POST /admin/seed');
      await data.fill('{"companies": ');
      await page.getByText(/not valid JSON/).waitFor();
      await data.fill('{"companies": "none"}');
      await page.getByRole('button', { name: 'Seed…' }).click();
      await dialog().getByRole('textbox').fill('seed');
      await dialog().getByRole('button', { name: 'Seed', exact: true }).click();
      await dialog()
        .getByText(/companies/)
        .first()
        .waitFor();
      await page.keyboard.press('Escape');
      await data.fill('{"companies": [{"name": "Seeded", "folders": ["<b>bold</b>"]}]}');
      await page.getByRole('button', { name: 'Seed…' }).click();
      const seed = dialog().getByRole('button', { name: 'Seed', exact: true });
      expect(await seed.isDisabled()).toBe(true);
      await dialog().getByRole('textbox').fill('seed');
      await seed.click();
      await page.getByText('added the data').waitFor();
      const { companyArray } = await host.client.call('getAllCompanies', { includeExpired: false });
      expect(companyArray.map(({ name }) => name)).toContain('Seeded');
    });

    it('shows mails, and calls with their XML', async () => {
      await page.getByRole('button', { name: /^Mails/ }).click();
      const mail = page.getByRole('list', { name: 'Mails' }).getByRole('listitem').first();
      await mail.locator('summary').click();
      expect(await mail.textContent()).toContain('<script>alert(1)</script>');
      await page.getByRole('button', { name: /^Journal/ }).click();
      await page.getByLabel('Search operations').fill('getJobLogs');
      await page
        .getByRole('button', { name: /getJobLogs/ })
        .first()
        .click();
      await expect.poll(() => dialog().textContent()).toContain('getJobLogsParam');
      await expectAccessible(page);
      await page.keyboard.press('Escape');
    });

    it('is not there for others', async () => {
      const other = await openPage(browser, `${host.server.url}/test`);
      await logIn(other.page, ANN);
      await other.page.getByText('There is no test panel here').waitFor();
      expect(await other.page.getByRole('link', { name: 'Test panel' }).count()).toBe(0);
      expect(other.problems).toEqual([]);
      await other.page.context().close();
    });

    it('empties the server only after the word has been typed', async () => {
      await page.getByRole('button', { name: 'Controls' }).click();
      await page.getByRole('button', { name: 'Reset…' }).click();
      const reset = dialog().getByRole('button', { name: 'Reset', exact: true });
      expect(await reset.isDisabled()).toBe(true);
      await dialog().getByRole('textbox').fill('reset');
      await reset.click();
      await page.getByRole('button', { name: 'Log in' }).waitFor();
      expect(viewer.problems).toEqual([]);
    });
  },
);
