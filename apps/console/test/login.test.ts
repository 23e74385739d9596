import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BROWSER,
  expectAccessible,
  expectNoSidewaysScroll,
  launchBrowser,
  openPage,
  PHONE,
} from './support/browser.ts';
import { ANN, type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { logIn } from './support/log-in.ts';

describe.skipIf(BROWSER === undefined)('the login (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;

  beforeAll(async () => {
    [browser, host] = await Promise.all([launchBrowser(), startConsoleServer()]);
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
  });

  it('shows the words of the service for a wrong password, and keeps the address', async () => {
    const { page, problems } = await openPage(browser, `${host.server.url}/jobs?state=failed&text=shoes`);
    await page.getByLabel('E-mail address').fill(ANN.email);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toMatch(/invalid|wrong|password|user/i);
    expect(await page.getByLabel('Password').inputValue()).toBe('');
    await page.getByLabel('Password').fill(ANN.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
    expect(new URL(page.url()).search).toBe('?state=failed&text=shoes');
    expect(await page.getByLabel('Search jobs').inputValue()).toBe('shoes');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is accessible, in light and dark, and fits a phone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openPage(browser, host.server.url, { colorScheme, viewport: PHONE });
      await page.getByRole('heading', { name: 'Log in' }).waitFor();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.context().close();
    }
  });

  it('asks again above the page when the session has ended, and resumes there', async () => {
    const { page, problems } = await openPage(browser, `${host.server.url}/jobs?stage=completed`);
    await logIn(page, ANN);
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Active' }).click();
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await expectAccessible(page);
    await logIn(page, ANN);
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(new URL(page.url()).search).toBe('?stage=active');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('logs out, and shows nothing of the session afterwards', async () => {
    const { page } = await openPage(browser, host.server.url);
    await logIn(page, ANN);
    await page.getByRole('button', { name: /MyCompany/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await page.getByText(ANN.email).count()).toBe(0);
    await page.reload();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await page.context().close();
  });
});
