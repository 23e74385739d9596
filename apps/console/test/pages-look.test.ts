// Every page in every state, in light and dark: what axe says, whether it fits a phone, and what hostile names and texts do. Against the mock,
// because a real server has some states only for a moment.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE } from '../dev/mock-assets.ts';
import type { MockOptions } from '../dev/mock-console.ts';
import { type MockHost, startMockHost } from '../dev/mock-host.ts';
import { mockRows } from '../dev/mock-jobs.ts';
import {
  BROWSER,
  DESKTOP,
  expectAccessible,
  expectNoSidewaysScroll,
  launchBrowser,
  openPage,
  PHONE,
  type WatchedPage,
} from './support/browser.ts';

const job = (index: number): string =>
  `/jobs/job?handle=${encodeURIComponent(mockRows(9)[index]?.handle ?? '')}`;

/** What each page shows once it has been read. */
const PAGES: readonly (readonly [path: string, busy: string, empty: string])[] = [
  ['/jobs', 'Spring shoes', 'No jobs in the last 7 days'],
  [job(0), 'Optimizing files', 'the service has no job'],
  [job(3), 'Next run', 'the service has no job'],
  [job(5), 'unsupported file type', 'the service has no job'],
  ['/submit', 'Valid: the job can be submitted.', 'Valid: the job can be submitted.'],
  ['/submit?when=schedule', 'Valid: the job can be submitted.', 'Valid: the job can be submitted.'],
  ['/schedules', 'Weekly export', 'Nothing is scheduled'],
  ['/assets', 'lookbook', 'This folder has no assets'],
  ['/assets?view=list', 'lookbook', 'This folder has no assets'],
  ['/assets?place=trash', 'blue-runner', 'The trash is empty'],
  ['/assets/asset?handle=a|0', 'Photographer', 'Photographer'],
  ['/publish', 'Staging', 'Nothing has been published yet'],
  ['/overview', 'ips-worker-2', 'Nothing is at work.'],
  ['/test', 'Seed and reset', 'Seed and reset'],
  ['/test?tab=mails', 'kept', 'No mail yet'],
  ['/test?tab=notifications', 'waiting', 'No notification yet'],
  ['/test?tab=journal', 'getActiveJobs', 'No call yet'],
];

const STATES: readonly (readonly [name: string, options: MockOptions, phone: boolean])[] = [
  ['busy', {}, false],
  ['busy on a phone', {}, true],
  ['empty', { isEmpty: true, jobs: 0 }, false],
  ['hostile', { isHostile: true }, true],
  ['read-only', { readOnly: 'this console was started with --read-only' }, false],
  ['failing', { problem: { code: 'outage', message: 'the service cannot be reached' } }, true],
];

describe.skipIf(BROWSER === undefined)('the pages (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  describe.each(STATES)('%s', (state, options, isPhone) => {
    let host: MockHost;
    let viewer: WatchedPage;
    beforeAll(async () => {
      host = await startMockHost(options);
      viewer = await openPage(browser, `${host.origin}/publish`, {
        viewport: isPhone ? PHONE : DESKTOP,
        reducedMotion: 'reduce',
      });
    });
    afterAll(async () => {
      await viewer?.page.context().close();
      await host?.[Symbol.asyncDispose]();
    });

    it.each(PAGES)('%s is accessible, fits, and runs no script of others', async (path, busy, empty) => {
      const { page, problems } = viewer;
      await page.goto(host.origin + path);
      const words =
        state === 'failing' ? 'the service cannot be reached' : options.isEmpty === true ? empty : busy;
      // Words of hostile pages are replaced by what tries to be a script.
      const shown =
        state === 'hostile' ? page.locator('main h1') : page.locator('main').getByText(words).first();
      await shown.waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page);
      }
      if (isPhone) await expectNoSidewaysScroll(page);
      expect(await page.locator('main :is(img[src="x"], script)').count()).toBe(0);
      expect(problems).toEqual([]);
    });
  });

  it('show hostile names as they are', async () => {
    await using host = await startMockHost({ isHostile: true });
    const { page, problems } = await openPage(browser, `${host.origin}/assets/asset?handle=a|0`);
    await page.getByRole('heading', { level: 1, name: HOSTILE }).waitFor();
    expect(await page.getByLabel('Photographer').inputValue()).toBe(HOSTILE);
    await page.goto(`${host.origin}/assets`);
    await page.getByRole('treeitem', { name: HOSTILE.replaceAll('/', '') }).waitFor();
    await page.goto(`${host.origin}/test?tab=mails`);
    await page.getByText(HOSTILE).first().click();
    await expect.poll(() => page.locator('.message-list pre').first().textContent()).toBe(HOSTILE);
    await page.goto(`${host.origin}/test?tab=notifications`);
    await page.getByText('javascript:alert(1)').first().waitFor();
    expect(await page.locator('[href^="javascript:"]').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('say why a change is not possible, and change nothing', async () => {
    await using host = await startMockHost({ readOnly: 'this console was started with --read-only' });
    const { page } = await openPage(browser, `${host.origin}/publish`);
    const start = page.getByRole('button', { name: 'Start a publish…' });
    expect(await start.getAttribute('title')).toBe('this console was started with --read-only');
    // The browser would let it be clicked; Playwright waits for what is enabled.
    await start.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.goto(`${host.origin}/assets`);
    await page.getByRole('button', { name: 'Upload' }).click({ force: true });
    expect(await page.getByRole('menuitem').count()).toBe(0);
    expect(host.console.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    await page.context().close();
  });

  it('move a smart crop by keyboard, by pointer and by numbers', async () => {
    await using host = await startMockHost();
    const { page } = await openPage(browser, `${host.origin}/assets/asset?handle=a|0`);
    const frame = page.getByRole('group', { name: /^Large/ });
    const save = page.getByRole('button', { name: 'Save the crop' });
    await frame.waitFor();
    expect(await save.getAttribute('title')).toBe('nothing has changed');
    await frame.focus();
    await page.keyboard.press('ArrowRight');
    expect(await frame.getAttribute('aria-label')).toContain('left 11 %');
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await frame.getAttribute('aria-label')).toContain('width 69 %');
    const box = await frame.boundingBox();
    if (box === null) throw new Error('the frame is not shown');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x - 500, box.y - 500);
    await page.mouse.up();
    expect(await frame.getAttribute('aria-label')).toContain('left 0 %, top 0 %');
    await page.getByLabel('Left, %').fill('20');
    expect(await frame.getAttribute('aria-label')).toContain('left 20 %');
    await save.click();
    await page.getByText('saved: 1 of 1').waitFor();
    await page.context().close();
  });
});
