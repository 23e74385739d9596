// Every page in every state, with what opens on it, at both widths, in light and dark: what axe says, and whether it fits a phone.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockHost } from '../dev/mock-host.ts';
import { openView, VIEWS } from '../dev/views.ts';
import {
  BROWSER,
  DESKTOP,
  expectAccessible,
  expectNoSidewaysScroll,
  launchBrowser,
  openPage,
  PHONE,
} from './support/browser.ts';

describe.skipIf(BROWSER === undefined)('every view (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  describe.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
  ])('on %s', (_, viewport) => {
    it.each(VIEWS)('$name is accessible, and fits', async (view) => {
      await using host = await startMockHost(view.host);
      const { page, problems } = await openPage(browser, host.origin, { viewport, reducedMotion: 'reduce' });
      await openView(page, view, host);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page);
      }
      if (viewport === PHONE) await expectNoSidewaysScroll(page);
      expect(problems).toEqual([]);
      await page.context().close();
    });
  });
});
