// How pages fit on screens, in a browser.

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dist, pagesBelow } from './site.ts';

/** Where Debian and others install the browser. */
const BROWSER = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

const PHONE = { width: 390, height: 844 };
const SMALL_LAPTOP = { width: 1280, height: 800 };

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
};

function serveSite(): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site.invalid').pathname.replace(/\/$/, '/index.html');
    const file = join(dist, path);
    if (!existsSync(file)) return void response.writeHead(404).end();
    const type = TYPES[path.split('.').at(-1) ?? ''];
    response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(readFileSync(file));
  }).listen(0, '127.0.0.1');
}

/** The tables of a page that are wider than the screen, or that can be scrolled sideways, each by its first words. */
function cutTables(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll('main table')]
      .filter((table) => {
        const { left, right } = table.getBoundingClientRect();
        const cells = [...table.querySelectorAll('th, td')].filter(
          (cell) => cell.getClientRects().length > 0,
        );
        return (
          left < 0 ||
          right > width ||
          table.scrollWidth > table.clientWidth + 1 ||
          cells.some(
            (cell) => cell.getBoundingClientRect().right > width || cell.scrollWidth > cell.clientWidth + 1,
          )
        );
      })
      .map((table) => (table.textContent ?? '').trim().slice(0, 60));
  });
}

describe.skipIf(BROWSER === undefined)(
  'the site in a browser (skipped where Chromium is not installed)',
  () => {
    let server: Server;
    let browser: Browser;
    let origin: string;

    beforeAll(async () => {
      server = serveSite();
      await once(server, 'listening');
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await chromium.launch({
        ...(BROWSER === undefined ? {} : { executablePath: BROWSER }),
        args: ['--no-sandbox'],
      });
    });

    afterAll(async () => {
      await browser?.close();
      server?.close();
    });

    async function withPage<T>(viewport: typeof PHONE, look: (page: Page) => Promise<T>): Promise<T> {
      const page = await browser.newPage({ viewport });
      // The search and its like change no table, and cost time on every page.
      await page.route(/\.js$/, (route) => route.abort());
      try {
        return await look(page);
      } finally {
        await page.close();
      }
    }

    // Pages of operations and types are alike; a few of each have every kind of table.
    const some = (paths: readonly string[]): string[] => paths.filter((_, index) => index % 40 === 0);

    it.each([
      ['of the guides', () => pagesBelow('guides')],
      [
        'of the reference',
        () => ['', 'api', ...pagesBelow('reference'), 'api/faults', 'api/roles', 'api/formats'],
      ],
      ['of constants', () => ['api/constants']],
      ['of packages', () => ['packages', ...pagesBelow('packages')]],
      ['of what packages export', () => pagesBelow('packages').flatMap(pagesBelow)],
      ['of operations', () => some(pagesBelow('api/operations'))],
      ['of types', () => ['api/types/activejob', ...some(pagesBelow('api/types'))]],
    ])('cuts no table %s on a phone', async (_, paths) => {
      const cut = await withPage(PHONE, async (page) => {
        const found: string[] = [];
        for (const path of paths()) {
          await page.goto(`${origin}/${path === '' ? '' : `${path}/`}`);
          found.push(...(await cutTables(page)).map((table) => `/${path}: ${table}`));
        }
        return found;
      });
      expect(cut).toEqual([]);
    });

    it('finds a table that is cut', async () => {
      const found = await withPage(PHONE, async (page) => {
        await page.setContent(
          `<main><table><tr><td>${'wide'.repeat(200)}</td></tr></table><table><tr><td>narrow</td></tr></table></main>`,
        );
        return cutTables(page);
      });
      expect(found).toEqual([expect.stringMatching(/^wide/)]);
    });

    it('shows on a small laptop, without scrolling, what it is, how to install it and where to begin', async () => {
      const below = await withPage(SMALL_LAPTOP, async (page) => {
        await page.goto(`${origin}/`);
        const shown = [
          'h1',
          'text=a typed client, a command line, and a test server',
          'text=npm install @ips-sdk/client',
          'text=ips.publish()',
          'text=ips upload photos',
          'text=npx @ips-sdk/server',
          'main a[href="/api/types/activejob/"]',
        ];
        const bottoms = await Promise.all(
          shown.map(async (selector) => {
            const box = await page
              .locator(`main >> ${selector}`.replace('main >> main', 'main'))
              .first()
              .boundingBox();
            return { selector, bottom: box === null ? Number.POSITIVE_INFINITY : box.y + box.height };
          }),
        );
        return bottoms.filter(({ bottom }) => bottom > SMALL_LAPTOP.height);
      });
      expect(below).toEqual([]);
    });

    it.each([PHONE, SMALL_LAPTOP])('has no page wider than $width pixels', async (viewport) => {
      const wide = await withPage(viewport, async (page) => {
        const found: string[] = [];
        for (const path of ['', ...pagesBelow('guides'), 'api/types/activejob', 'packages/cli/commands']) {
          await page.goto(`${origin}/${path === '' ? '' : `${path}/`}`);
          if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(path);
        }
        return found;
      });
      expect(wide).toEqual([]);
    });
  },
);
