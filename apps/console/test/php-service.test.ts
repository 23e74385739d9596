// The console in front of a service that PHP's SoapServer makes of the WSDL: runs that are followed by polling to their end, a submitted
// job, one that is stopped, a schedule, and texts of a log that try to be scripts.

import pino from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningConsole, startConsole } from '../../../packages/server/src/console/start-console.js';
import { hasPhpSoap } from '../../../scripts/testing/php.ts';
import { BROWSER, expectAccessible, launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { logIn } from './support/log-in.ts';
import { type PhpJob, type PhpJobs, startPhpJobs } from './support/php-jobs.ts';

const ANN = { email: 'ann@example.com', password: 'correct horse' };
const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>';
/** The host asks again and again; a busy machine takes its time. */
const SOON = { timeout: 30_000 };

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const job = (originalName: string, fields: Partial<PhpJob>): PhpJob => ({
  handle: `j|6||${originalName}_x|1`,
  stage: 'active',
  name: `${originalName}_x`,
  originalName,
  kind: 'uploadUrlsJob',
  payload: {
    overwrite: true,
    readyForPublish: false,
    createMask: false,
    emailSetting: 'None',
    urlArray: { items: [{ sourceUrl: 'https://shop.example.com/red.tif', destPath: 'MyCompany/red.tif' }] },
  },
  schedule: null,
  trigger: 'Normal',
  state: 'Running',
  done: 0,
  total: 4,
  started: ago(2),
  ended: null,
  ...fields,
});

describe.skipIf(BROWSER === undefined || !hasPhpSoap())(
  'a service of PHP (skipped where Chromium, or PHP with its SOAP extension, is not installed)',
  () => {
    let browser: Browser;
    let service: PhpJobs;
    let host: RunningConsole;
    let viewer: WatchedPage;
    let page: Page;

    beforeAll(async () => {
      [browser, service] = await Promise.all([
        launchBrowser(),
        startPhpJobs(
          [
            job('Spring shoes', { done: 1 }),
            job('Nightly import', {
              handle: 'j|6|Nightly import||',
              stage: 'scheduled',
              schedule: '0 0 2 * * ?',
            }),
            job('Old import', {
              handle: 'j|6||Old import_x|3',
              stage: 'done',
              done: 4,
              started: ago(90),
              ended: ago(80),
              warning: HOSTILE,
            }),
          ],
          ANN.password,
        ),
      ]);
      host = await startConsole({
        places: [{ name: 'php', endpoint: service.endpoint, user: ANN.email, company: 'MyCompany' }],
        port: 0,
        host: '127.0.0.1',
        readOnly: false,
        version: '1.2.3',
        log: pino({ level: 'silent' }),
        intervals: { busy: 100, calm: 200, outage: 300 },
      });
      viewer = await openPage(browser, `${host.url}/jobs`);
      ({ page } = viewer);
    });
    afterAll(async () => {
      await browser?.close();
      await host?.stop();
      await service?.[Symbol.asyncDispose]();
    });

    const rowOf = (name: string) => page.getByRole('row').filter({ hasText: name });
    const verdict = (words: string) => page.locator('.page-head').getByText(words, { exact: true });
    const dialog = () => page.getByRole('dialog').last();
    const stagesOf = (name: string): string[] =>
      service
        .jobs()
        .filter(({ originalName }) => originalName === name)
        .map(({ stage }) => stage);

    it('refuses a login in its own words, and lets a user in', async () => {
      await page.getByLabel('E-mail address').fill(ANN.email);
      await page.getByLabel('Password').fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('Invalid username/password').waitFor(SOON);
      await logIn(page, ANN);
    });

    it('has scheduled, active and completed jobs, each with its verdict', async () => {
      await rowOf('Spring shoes').getByText('25 %').waitFor(SOON);
      await rowOf('Spring shoes').getByText('Running').waitFor();
      await rowOf('Nightly import').getByText('Scheduled').waitFor();
      await rowOf('Old import').getByText('1 warning', { exact: true }).waitFor();
      await expectAccessible(page);
    });

    it('has a run followed until it completes: in the list, on its page, with the item at work and its log', async () => {
      await service.advance();
      await rowOf('Spring shoes').getByText('50 %').waitFor(SOON);
      await page.getByRole('link', { name: 'Spring shoes' }).click();
      await verdict('Running').waitFor(SOON);
      const tasks = page.getByRole('region', { name: 'Tasks' });
      await tasks.getByText('2 / 4').waitFor();
      await tasks.getByText('file-2.tif').waitFor();
      await page.getByText('2 of 4 files').waitFor();
      // The unit of totalSize is not known, so no page shows it as one.
      expect(await page.locator('main').textContent()).not.toMatch(/123[.,]?456|\d (?:B|kB|MB|GB)\b/);
      await expectAccessible(page);
      await service.advance();
      await page.getByText('3 of 4 files').waitFor(SOON);
      await service.advance();
      await verdict('Completed').waitFor(SOON);
      await page.locator('.log-rows').getByText('file-3.tif is uploaded.').waitFor(SOON);
      await page.keyboard.press('Escape');
      await rowOf('Spring shoes').getByText('Completed').waitFor(SOON);
    });

    it('has texts in its log that stay texts', async () => {
      await page.getByRole('link', { name: 'Old import' }).click();
      const row = page.locator('.log-rows li').first();
      await row.locator('.log-message').getByText(HOSTILE, { exact: true }).waitFor(SOON);
      expect(await row.locator('.log-name').textContent()).toBe(HOSTILE);
      expect(await page.locator('img[src="x"], main script').count()).toBe(0);
      await expectAccessible(page);
    });

    it('takes a job from the form, with the values that the form shows, and stops it', async () => {
      await page.goto(`${host.url}/submit?kind=uploadUrlsJob`);
      await page.getByLabel('Name').fill('Bags & shoes <3');
      await page.getByLabel('Source URL').fill('https://shop.example.com/bag.tif?a=1&b=2');
      await page.getByLabel('Dest path').fill('MyCompany/Bags/bag.tif');
      await page.getByText('Valid: the job can be submitted.').waitFor(SOON);
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Bags & shoes <3' }).waitFor(SOON);
      const [submitted] = service.jobs().filter(({ originalName }) => originalName === 'Bags & shoes <3');
      expect(submitted?.payload).toMatchObject({
        urlArray: {
          items: [
            { sourceUrl: 'https://shop.example.com/bag.tif?a=1&b=2', destPath: 'MyCompany/Bags/bag.tif' },
          ],
        },
      });
      await verdict('Running').waitFor(SOON);
      await page.getByRole('button', { name: 'Stop…' }).click();
      expect(await dialog().locator('.handles code').allTextContents()).toEqual([submitted?.handle]);
      await dialog().getByRole('button', { name: 'Stop 1 job' }).click();
      await verdict('Stopping').waitFor(SOON);
      await service.advance();
      await verdict('Stopped').waitFor(SOON);
    });

    it('has a schedule that is paused, resumed, run now and deleted', async () => {
      await page.goto(`${host.url}/schedules`);
      const item = page.getByRole('listitem').filter({ hasText: 'Nightly import' });
      const act = async (action: string): Promise<void> => {
        await item.getByRole('button', { name: `${action}…` }).click();
        await dialog()
          .getByRole('button', { name: `${action} 1 job` })
          .click();
        await page.getByRole('dialog').first().waitFor({ state: 'hidden' });
      };
      await act('Pause');
      await item.getByText('Paused').waitFor(SOON);
      await act('Resume');
      await item.getByText('Scheduled').waitFor(SOON);
      await act('Run now');
      await expect.poll(() => stagesOf('Nightly import'), SOON).toEqual(['scheduled', 'active']);
      await act('Delete');
      await page.getByText('Nothing is scheduled').waitFor(SOON);
      expect(stagesOf('Nightly import')).toEqual(['active']);
      expect(viewer.problems).toEqual([]);
    });
  },
);
