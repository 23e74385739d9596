// The list of jobs against a real server: filters in the URL, actions on several, and what hostile names do.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BROWSER,
  expectAccessible,
  expectNoSidewaysScroll,
  launchBrowser,
  openPage,
  PHONE,
  type WatchedPage,
} from './support/browser.ts';
import { ANN, type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { logIn } from './support/log-in.ts';

const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>';

describe.skipIf(BROWSER === undefined)('the list of jobs (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;

  beforeAll(async () => {
    [browser, host] = await Promise.all([launchBrowser(), startConsoleServer()]);
    const { client, server } = host;
    await client.publish({}, { name: 'Full publish' });
    await server.clock.runPending();
    await client.publish({}, { name: 'Nightly publish', execSchedule: '0 0 2 * * ?' });
    for (const name of ['Waiting one', 'Waiting two', 'Waiting three', HOSTILE]) {
      await client.publish({}, { name });
    }
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
  });

  async function open(path: string, options = {}, user = host.admin): Promise<WatchedPage> {
    const watched = await openPage(browser, host.server.url + path, options);
    await logIn(watched.page, user);
    return watched;
  }

  const names = (page: Page): Promise<string[]> => page.locator('.row-link').allTextContents();

  it('shows scheduled, active and completed jobs with words for their states', async () => {
    const { page, problems } = await open('/');
    await page.getByRole('link', { name: 'Full publish' }).waitFor();
    expect((await names(page)).toSorted()).toEqual(
      [HOSTILE, 'Full publish', 'Nightly publish', 'Waiting one', 'Waiting three', 'Waiting two'].toSorted(),
    );
    const row = page.getByRole('row', { name: /Nightly publish/ });
    expect(await row.textContent()).toContain('Scheduled');
    await expectAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('keeps tab, filters, search and order in the URL, from which another viewer sees the same', async () => {
    const { page } = await open('/jobs');
    await page.getByRole('button', { name: /^Active/ }).click();
    await page.getByRole('button', { name: 'Type any' }).click();
    await page
      .getByRole('checkbox', { name: /publish/i })
      .first()
      .check();
    await page.keyboard.press('Escape');
    // While the menu is open, keys belong to it.
    await page
      .getByRole('checkbox', { name: /publish/i })
      .first()
      .waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    await page.keyboard.type('waiting');
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await expect.poll(() => names(page)).toEqual(['Waiting one', 'Waiting three', 'Waiting two']);
    const { search } = new URL(page.url());
    expect(Object.fromEntries(new URLSearchParams(search))).toMatchObject({
      stage: 'active',
      text: 'waiting',
      sort: 'name',
      direction: 'asc',
    });
    const other = await open(`/jobs${search}`);
    await expect.poll(() => names(other.page)).toEqual(['Waiting one', 'Waiting three', 'Waiting two']);
    await page.getByRole('button', { name: 'Clear the filter Type' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.has('type')).toBe(false);
    await page.context().close();
    await other.page.context().close();
  });

  it('shows only jobs of the viewer, and remembers that view under a name', async () => {
    const { page } = await open('/jobs', {}, ANN);
    await page.getByRole('button', { name: 'Submitted by any' }).click();
    await page.getByRole('checkbox', { name: 'me' }).check();
    await page.keyboard.press('Escape');
    await page.getByText('No job matches these filters').waitFor();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: 'Full publish' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitemradio', { name: 'Mine' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('?user=me');
    await page.context().close();
  });

  it('chooses columns, and keeps them', async () => {
    const { page } = await open('/jobs');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Destination' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Errors' }).click();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByRole('columnheader', { name: 'Errors' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Destination' }).count()).toBe(0);
    await page.context().close();
  });

  it('stops exactly the jobs that were selected, and says per job what happened', async () => {
    const { page, problems } = await open('/jobs?stage=active');
    await page.getByRole('checkbox', { name: 'Select Waiting one' }).check();
    await page.getByRole('checkbox', { name: 'Select Waiting two' }).check();
    const bar = page.getByRole('region', { name: 'Selection' });
    expect(await bar.textContent()).toContain('2 selected');
    await bar.getByRole('button', { name: 'Stop…' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.locator('.handles li b').allTextContents()).toEqual(['Waiting one', 'Waiting two']);
    expect(await dialog.locator('.handles code').allTextContents()).toEqual([
      expect.stringContaining('Waiting one'),
      expect.stringContaining('Waiting two'),
    ]);
    await expectAccessible(page);
    // It ends by itself before the viewer confirms: that job fails, and stays selected.
    await host.client.call('stopJob', {
      companyHandle: 'c|6',
      jobHandle: (await handleOf('Waiting two')) ?? '',
    });
    await dialog.getByRole('button', { name: 'Stop 2 jobs' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const messages = page.getByRole('region', { name: 'Messages' });
    await messages.getByText('Waiting one').waitFor();
    expect(await messages.textContent()).toContain('Waiting two');
    await expect.poll(() => names(page)).not.toContain('Waiting one');
    expect(await bar.textContent()).toContain('1 selectedWaiting two');
    expect(new URL(page.url()).search).toBe('?stage=active');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  async function handleOf(name: string): Promise<string | undefined> {
    const { jobArray = [] } = await host.client.call('getActiveJobs', {
      companyHandle: 'c|6',
    });
    return jobArray.find(({ originalName }) => originalName === name)?.jobHandle;
  }

  it('works by keyboard: move, select, open, back, and the help', async () => {
    const { page } = await open('/jobs?sort=name');
    await page.getByRole('link', { name: 'Full publish' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    const focused = await page.evaluate(() => document.activeElement?.closest('tr')?.dataset['index']);
    expect(focused).toBe('0');
    await page.keyboard.press('x');
    expect(await page.getByRole('region', { name: 'Selection' }).textContent()).toContain('1 selected');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Full publish' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Full publish' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
    for (const [key, title] of [
      ['a', 'Assets'],
      ['s', 'Schedules'],
      ['p', 'Publish'],
      ['o', 'Overview'],
      ['j', 'Jobs'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
    await page.context().close();
  });

  it('shows a hostile name as text, in the list, in dialogs and on its page', async () => {
    const { page, problems } = await open('/jobs?stage=active');
    await page.getByRole('checkbox', { name: `Select ${HOSTILE}` }).check();
    await page.getByRole('button', { name: 'Stop…' }).click();
    expect(await page.getByRole('dialog').locator('.handles b').textContent()).toBe(HOSTILE);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: HOSTILE }).click();
    await page.getByRole('heading', { level: 1, name: HOSTILE }).waitFor();
    expect(await page.locator('img[src="x"], script:not([src])').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is a list of cards on a phone, with the filters in a sheet, and nothing scrolls sideways', async () => {
    const { page } = await open('/jobs', { viewport: PHONE, colorScheme: 'dark' });
    await page.getByRole('list', { name: 'Jobs' }).waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Filters' }).click();
    await page
      .getByRole('dialog', { name: 'Filters' })
      .getByRole('checkbox', { name: /Scheduled/ })
      .check();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.getByRole('button', { name: /^Show/ }).click();
    await expect.poll(() => names(page)).toEqual(['Nightly publish']);
    await page.context().close();
  });
});
