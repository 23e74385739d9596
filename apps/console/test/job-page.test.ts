// The page of one job against a real server.

import { readFile } from 'node:fs/promises';
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
import { type ANN, type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { type GatedFiles, serveGatedFiles } from './support/gated-files.ts';
import { logIn } from './support/log-in.ts';

const HOSTILE = '<svg onload=alert(1)>';

describe.skipIf(BROWSER === undefined)('the page of a job (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;
  let files: GatedFiles;
  let path: string;

  beforeAll(async () => {
    files = await serveGatedFiles();
    files.release(1000);
    [browser, host] = await Promise.all([
      launchBrowser(),
      startConsoleServer({ allowPrivateAddresses: true, jobClock: 'manual' }),
    ]);
    const { handle } = await host.client.jobs.submit(
      'uploadUrlsJob',
      {
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
        manualCropOptions: { left: 4, right: 3, top: 2, bottom: 1 },
        urlArray: [
          { sourceUrl: `${files.url}/red.png`, destPath: 'MyCompany/Shoes/red.png' },
          {
            sourceUrl: `${files.url}/blue.png`,
            destPath: `MyCompany/Shoes/blue${HOSTILE.replaceAll(/[<>]/g, '')}.png`,
          },
          { sourceUrl: `${files.url}/x.png?${HOSTILE}`, destPath: 'MyCompany/Shoes/note.txt.exe' },
        ],
      },
      { name: 'Spring shoes' },
    );
    await host.server.clock.runPending();
    const { jobLogArray = [] } = await host.client.call('getJobLogs', { companyHandle: 'c|6', numRows: 10 });
    path = `/jobs/job?handle=${encodeURIComponent(jobLogArray[0]?.jobHandle ?? handle)}`;
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
    await files?.[Symbol.asyncDispose]();
  });

  async function open(options = {}, user: typeof ANN = host.admin): Promise<WatchedPage> {
    const watched = await openPage(browser, host.server.url + path, options);
    await logIn(watched.page, user);
    await watched.page.getByRole('heading', { name: 'Spring shoes', level: 1 }).waitFor();
    return watched;
  }

  const rows = (page: Page) => page.locator('.log-rows li');

  it('draws its path, shows its payload readably, and the crop as a picture', async () => {
    const { page, problems } = await open();
    expect(await page.locator('.stages b').allTextContents()).toEqual([
      'Submitted',
      'Queued',
      'Running',
      'Completed',
    ]);
    await page.getByRole('link', { name: `${files.url}/red.png` }).waitFor();
    await page
      .getByRole('img', {
        name: 'Crop: 4 px from the left, 2 px from the top, 3 px from the right, 1 px from the bottom',
      })
      .waitFor();
    await rows(page).first().waitFor();
    await expectAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('filters and searches its log, links to a row, copies it, and downloads it', async () => {
    const { page } = await open();
    await rows(page).first().waitFor();
    await page.getByLabel('Search the log').fill('red.png');
    await expect
      .poll(async () => (await rows(page).allTextContents()).every((text) => text.includes('red')))
      .toBe(true);
    const row = rows(page).first();
    const words = await row.locator('.log-message').textContent();
    await row.hover();
    await row.getByRole('button', { name: 'Link to this row' }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('row')).not.toBeNull();
    const linked = await page.evaluate(() => navigator.clipboard.readText());
    expect(linked).toBe(page.url());

    await page.goto(linked);
    await page.locator('.log-rows li.linked').waitFor();
    expect(await page.locator('.log-rows li.linked .log-message').textContent()).toBe(words);

    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('copied the log').waitFor();
    expect((await page.evaluate(() => navigator.clipboard.readText())).split('\n').length).toBe(
      Number(await page.getByRole('button', { name: /^All/ }).locator('b').textContent()),
    );

    await page.getByRole('button', { name: 'Download' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'As CSV' }).click();
    expect(await readFile(await (await download).path(), 'utf8')).toContain('red');
    await page.context().close();
  });

  it('shows the XML without secrets', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Show the XML' }).click();
    const dialog = page.getByRole('dialog', { name: 'XML' });
    await dialog.getByText('Request').first().waitFor();
    expect(await dialog.textContent()).toContain('uploadUrlsJob');
    expect(await dialog.textContent()).not.toContain(host.admin.password);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.context().close();
  });

  it('shows the pictures of its assets, and nothing runs that a name contains', async () => {
    const { page, problems } = await open();
    await page.locator('.thumbnails img').first().waitFor();
    await expect
      .poll(() =>
        page
          .locator('.thumbnails img')
          .evaluateAll((images) => images.every((image) => (image as HTMLImageElement).naturalWidth > 0)),
      )
      .toBe(true);
    expect(await page.locator('svg[onload]').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('runs again with an edited payload, after a check without sending', async () => {
    const { page, problems } = await open();
    await page.getByRole('button', { name: 'Run again…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run Spring shoes again' });
    const payload = dialog.getByLabel(/^Payload/);
    const text = await payload.inputValue();
    await payload.fill(text.replace('"overwrite": true', '"overwrite": "perhaps"'));
    await dialog.getByRole('button', { name: 'Check without sending' }).click();
    await dialog
      .getByRole('region', { name: 'Result of the check' })
      .getByText(/overwrite/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await payload.fill('{');
    expect(await dialog.getByRole('alert').textContent()).toContain('not JSON');
    await payload.fill(text);
    await dialog.getByLabel('Name').fill('Summer shoes');
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await page.getByRole('heading', { name: 'Summer shoes', level: 1 }).waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('fits a phone, in dark', async () => {
    const { page } = await open({ viewport: PHONE, colorScheme: 'dark' });
    await rows(page).first().waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.context().close();
  });

  it('says which job is unknown', async () => {
    const { page } = await openPage(browser, `${host.server.url}/jobs/job?handle=j%7C6%7CNobody%7C`);
    await logIn(page, host.admin);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('cannot read the job');
    await page.context().close();
  });
});
