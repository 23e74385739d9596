// Takes pictures of every page: light and dark, 1440 and 390 pixels wide; empty, busy and failing. With the mock host, so that they are
// the same each time. A page that scrolls gets a second picture, which is as high as the page.
//
//   node scripts/screenshots.mjs FOLDER [part of a name]
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startMockHost } from '../dev/mock-host.ts';
import { MOCK_NOW } from '../dev/mock-jobs.ts';
import { openView, VIEWS } from '../dev/views.ts';

const [folder, part = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('give the folder of the pictures: screenshots.mjs /tmp/pictures');
mkdirSync(folder, { recursive: true });

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
if (executablePath === undefined) throw new Error('no browser: install chromium');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
for (const view of VIEWS) {
  const { name } = view;
  if (!name.includes(part)) continue;
  for (const viewport of SIZES) {
    const host = await startMockHost(view.host);
    const context = await browser.newContext({ viewport, timezoneId: 'UTC', reducedMotion: 'reduce' });
    const page = await context.newPage();
    // The time does not matter to the mock; in the pictures it is always the same.
    await page.clock.setSystemTime(MOCK_NOW);
    await openView(page, view, host);
    await page.waitForTimeout(400);
    // The page itself does not scroll, but its content.
    const hidden = await page.evaluate(() => {
      const content = document.querySelector('#content');
      return content === null ? 0 : content.scrollHeight - content.clientHeight;
    });
    const heights = [{ name, height: viewport.height }];
    if (hidden > 0) heights.push({ name: `${name}-whole`, height: viewport.height + hidden });
    for (const picture of heights) {
      await page.setViewportSize({ ...viewport, height: picture.height });
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(100);
        await page.screenshot({ path: join(folder, `${picture.name}-${viewport.width}-${colorScheme}.png`) });
      }
    }
    await context.close();
    await host[Symbol.asyncDispose]();
  }
  console.log(name);
}
await browser.close();
