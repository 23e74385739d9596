// What a role sees and may do, and what changes with the company, against a real server.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsClient, type IpsClient } from '../../../packages/client/src/index.js';
import { BROWSER, expectAccessible, launchBrowser, openPage } from './support/browser.ts';
import { ANN, type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { logIn } from './support/log-in.ts';

const BOB = { email: 'bob@example.com', password: 'bob-password' };
const SOON = { timeout: 30_000 };

describe.skipIf(BROWSER === undefined)(
  'roles and companies (skipped where Chromium is not installed)',
  () => {
    let browser: Browser;
    let host: ConsoleServer;
    /** Of the administrator, in the other company. */
    let second: IpsClient;

    beforeAll(async () => {
      [browser, host] = await Promise.all([launchBrowser(), startConsoleServer()]);
      await host.server.seed({
        companies: [{ name: 'Second', folders: ['Bags'] }],
        users: [
          {
            ...ANN,
            memberships: [
              { company: 'MyCompany', role: 'IpsUser' },
              { company: 'Second', role: 'IpsCompanyAdmin' },
            ],
          },
          { ...BOB, memberships: [{ company: 'MyCompany', role: 'ImagePortalUser' }] },
        ],
      });
      second = createIpsClient({
        endpoint: host.server.endpoints.soap,
        auth: { user: host.admin.email, password: host.admin.password },
        company: 'Second',
      });
      await host.client.publish({}, { name: 'First publish' });
      await second.publish({}, { name: 'Second publish' });
    });
    afterAll(async () => {
      await browser?.close();
      await second?.close();
      await host?.client.close();
      await host?.server.stop();
    });

    const company = (page: Page) => page.getByRole('button', { name: /@example\.com/ });

    it('switch with the company: other jobs and folders, another role, and no filter of the one before', async () => {
      const { page, problems } = await openPage(browser, `${host.server.url}/jobs?text=first`);
      await logIn(page, ANN);
      await page.getByRole('link', { name: 'First publish' }).waitFor(SOON);
      expect(await company(page).textContent()).toContain('MyCompanyann@example.com · IPS user');
      await page.getByRole('checkbox', { name: 'Select First publish' }).check();
      await company(page).click();
      await page.getByRole('menuitemradio', { name: 'Second' }).click();
      await page.getByRole('link', { name: 'Second publish' }).waitFor(SOON);
      expect(new URL(page.url()).search).toBe('');
      expect(await page.getByRole('region', { name: 'Selection' }).count()).toBe(0);
      expect(await page.getByRole('link', { name: 'First publish' }).count()).toBe(0);
      expect(await company(page).textContent()).toContain('Secondann@example.com · IPS company admin');
      await expectAccessible(page);
      // A job of the one before announces itself to nobody here; one of this company does.
      await host.client.publish({}, { name: 'First later' });
      await second.publish({}, { name: 'Second later' });
      await page.getByRole('link', { name: 'Second later' }).waitFor(SOON);
      expect(await page.getByText('First later').count()).toBe(0);
      await page.keyboard.press('g');
      await page.keyboard.press('a');
      await page.getByRole('treeitem', { name: 'Bags' }).waitFor(SOON);
      expect(problems).toEqual([]);
      await page.context().close();
    });

    it('are each in a browser of its own: two companies of one user do not disturb each other', async () => {
      const one = await openPage(browser, `${host.server.url}/jobs`);
      const other = await openPage(browser, `${host.server.url}/jobs`);
      for (const { page } of [one, other]) await logIn(page, ANN);
      await company(other.page).click();
      await other.page.getByRole('menuitemradio', { name: 'Second' }).click();
      await other.page.getByRole('link', { name: 'Second publish' }).waitFor(SOON);
      await one.page.reload();
      await one.page.getByRole('link', { name: 'First publish' }).waitFor(SOON);
      expect(await one.page.getByText('Second publish').count()).toBe(0);
      await one.page.context().close();
      await other.page.context().close();
    });

    it('that may not read jobs are told so in the words of the service, and get no button that it would refuse', async () => {
      const { page, problems } = await openPage(browser, `${host.server.url}/jobs`);
      await logIn(page, BOB);
      const alert = page.getByRole('alert');
      await alert.waitFor(SOON);
      expect(await alert.textContent()).toMatch(/cannot read the jobs.*permission/i);
      const submit = page.getByRole('button', { name: 'Submit job' });
      expect(await submit.getAttribute('title')).toBe(
        'the role Image portal user does not allow it in MyCompany',
      );
      await submit.click({ force: true });
      expect(new URL(page.url()).pathname).toBe('/jobs');
      await expectAccessible(page);
      await page.goto(`${host.server.url}/assets`);
      await page.getByRole('heading', { level: 1, name: 'Assets' }).waitFor(SOON);
      expect(await page.getByRole('button', { name: 'Upload' }).first().getAttribute('aria-disabled')).toBe(
        'true',
      );
      await page.goto(`${host.server.url}/publish`);
      expect(await page.getByRole('button', { name: 'Start a publish…' }).getAttribute('aria-disabled')).toBe(
        'true',
      );
      expect(problems).toEqual([]);
      await page.context().close();
    });
  },
);
