// Changes of assets and folders against a real server, seen in two browsers: drops of files and folders, hostile and huge names, empty files,
// folders that move and go, smart crops, deletion for ever, a session that expires and a server that restarts during an upload.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contract as ofSmartCrops } from '@ips-sdk/types/2019-09-10-beta';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsClient } from '../../../packages/client/src/index.js';
import { BROWSER, expectAccessible, launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { dropFiles } from './support/drop-files.ts';
import { logIn } from './support/log-in.ts';
import { png } from './support/png.ts';

const MARKUP = '<img src=x onerror=alert(1)>';
/** Hebrew, a mark that turns the text around, and what would look like another type of file. */
const TURNED = 'שלום \u202Egnp.exe';
const HUGE = `${'very long name '.repeat(14)}end`;
const SOON = { timeout: 30_000 };

describe.skipIf(BROWSER === undefined)('changes of assets (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;
  let viewer: WatchedPage;
  let other: WatchedPage;
  let page: Page;
  const directory = mkdtempSync(join(tmpdir(), 'console-assets-'));

  beforeAll(async () => {
    [browser, host] = await Promise.all([launchBrowser(), start()]);
    viewer = await openPage(browser, `${host.server.url}/assets`);
    ({ page } = viewer);
    await logIn(page, host.admin);
    other = await openPage(browser, `${host.server.url}/assets`);
    await logIn(other.page, host.admin);
    await page.getByText('This folder has no assets').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  function start(port = 0): Promise<ConsoleServer> {
    return startConsoleServer({ jobClock: 'real', dataDir: directory, port, workers: 1 });
  }

  const tile = (where: Page, name: string) =>
    where
      .getByRole('list', { name: 'Assets' })
      .getByRole('listitem')
      .filter({ has: where.getByText(name, { exact: true }) });
  const dialog = () => page.getByRole('dialog').last();
  const folder = (where: Page, name: string) => where.getByRole('treeitem', { name, exact: true });
  const uploads = () => page.getByRole('region', { name: 'Uploads' });
  const namesIn = async (path: string): Promise<string[]> => {
    const { assetArray = [] } = await host.client.call('searchAssets', {
      folder: path,
      includeSubfolders: true,
      trashState: 'NotInTrash',
      recordsPerPage: 100,
      resultsPage: 1,
    });
    return assetArray.map(({ name = '' }) => name).toSorted();
  };
  const folderMenu = async (entry: string): Promise<void> => {
    await page.getByRole('button', { name: 'Folder', exact: true }).click();
    await page.getByRole('menuitem', { name: entry }).click();
  };
  const dismiss = () => uploads().getByRole('button', { name: 'Dismiss' }).first().click();

  it('takes a drop of files and a folder, whatever their names are, and shows it to another viewer', async () => {
    await dropFiles(page, '.assets-main', [
      { path: `${MARKUP.replaceAll('/', '')}.png`, content: png(60, 40, [200, 80, 60]) },
      { path: `${TURNED}.png`, content: png(60, 40, [60, 80, 200]) },
      { path: `${HUGE}.png`, content: png(60, 40, [60, 200, 80]) },
      { path: 'Summer/Shoes/red.png', content: png(60, 40, [220, 30, 30]) },
      { path: 'Summer/.DS_Store', content: Buffer.from('litter') },
      { path: 'empty.png', content: Buffer.alloc(0) },
    ]);
    await dialog().getByText('red.png').waitFor();
    await dialog().getByText('1 file of the system, such as .DS_Store, is not uploaded.').waitFor();
    await expectAccessible(page);
    await dialog().getByRole('button', { name: 'Upload 5 files' }).click();
    await uploads().getByText('empty.png').first().waitFor(SOON);
    // The empty file is no picture; the others are not lost with it.
    await expect
      .poll(() => namesIn('MyCompany/'), SOON)
      .toEqual(expect.arrayContaining([MARKUP, 'red', TURNED, HUGE]));
    for (const where of [page, other.page]) {
      await tile(where, MARKUP).waitFor(SOON);
      await tile(where, TURNED).waitFor(SOON);
      await tile(where, HUGE).waitFor(SOON);
      await folder(where, 'Summer').waitFor(SOON);
      expect(await where.locator('img[src="x"]').count()).toBe(0);
    }
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wide).toBe(0);
    await dismiss();
  });

  it('keeps the page when something is dropped beside the place for it', async () => {
    const { pathname } = new URL(page.url());
    const lost = [{ path: 'lost.png', content: png(2, 2, [0, 0, 0]) }];
    expect(await dropFiles(page, '.page-head', lost)).toBe('refused');
    expect(new URL(page.url()).pathname).toBe(pathname);
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('renames, moves and deletes a folder, and asks before', async () => {
    await folder(page, 'Summer').click();
    await folderMenu('New folder here…');
    await dialog().getByLabel('Name').fill('Empty one');
    await dialog().getByRole('button', { name: 'Create the folder' }).click();
    await folder(page, 'Empty one').waitFor(SOON);
    await folderMenu('Rename…');
    await dialog().getByLabel('New name').fill('Spring');
    await dialog()
      .getByRole('button', { name: /^Rename/ })
      .click();
    await expect.poll(() => new URL(page.url()).searchParams.get('folder'), SOON).toBe('MyCompany/Spring/');
    await folder(other.page, 'Spring').waitFor(SOON);
    expect(await namesIn('MyCompany/Spring/')).toEqual(['red']);

    await page.goto(`${host.server.url}/assets?folder=MyCompany/Spring/Empty one/`);
    await page.getByText('This folder has no assets').waitFor(SOON);
    await folderMenu('Move…');
    await dialog().getByRole('treeitem', { name: 'MyCompany' }).click();
    await dialog().getByRole('button', { name: 'Move here' }).click();
    await expect
      .poll(() => new URL(page.url()).searchParams.get('folder'), SOON)
      .toBe('MyCompany/Empty one/');

    // A move into itself is refused in the words of the service, and nothing is lost.
    await page.goto(`${host.server.url}/assets?folder=MyCompany/Spring/`);
    await tile(page, 'red').or(folder(page, 'Shoes')).first().waitFor(SOON);
    await folderMenu('Move…');
    await dialog().getByRole('treeitem', { name: 'Spring', exact: true }).click();
    await dialog().getByRole('button', { name: 'Move here' }).click();
    await page.locator('.toast.bad').waitFor(SOON);
    await page.getByRole('button', { name: 'Dismiss' }).first().click();
    expect(await namesIn('MyCompany/Spring/')).toEqual(['red']);
    await folderMenu('Delete…');
    expect(await dialog().textContent()).toContain('MyCompany/Spring/');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    expect(await namesIn('MyCompany/Spring/')).toEqual(['red']);
    await folderMenu('Delete…');
    await dialog().getByRole('button', { name: 'Delete the folder' }).click();
    await folder(page, 'Spring').waitFor({ state: 'detached', ...SOON });
    await folder(other.page, 'Spring').waitFor({ state: 'detached', ...SOON });
    expect(await namesIn('MyCompany/')).not.toContain('red');
  });

  it('deletes for ever only after the word has been typed', async () => {
    await page.goto(`${host.server.url}/assets?place=trash`);
    await tile(page, 'red').waitFor(SOON);
    await tile(page, 'red').hover();
    await page.getByRole('checkbox', { name: 'Select red' }).check();
    await page.getByRole('button', { name: 'Delete forever…' }).click();
    const confirm = dialog().getByRole('button', { name: 'Delete 1 asset forever' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByRole('textbox').fill('delet');
    expect(await confirm.isDisabled()).toBe(true);
    await dialog().getByRole('textbox').fill('delete');
    await confirm.click();
    await page.getByText('The trash is empty').waitFor(SOON);
    const { totalRows } = await host.client.call('searchAssets', {
      folder: 'MyCompany/',
      includeSubfolders: true,
      trashState: 'InTrash',
      recordsPerPage: 10,
      resultsPage: 1,
    });
    expect(totalRows).toBe(0);
  });

  it('resumes an upload after its session has expired, when its user logs in again', async () => {
    await page.goto(`${host.server.url}/assets`);
    await tile(page, TURNED).waitFor(SOON);
    let held: (() => Promise<void>) | undefined;
    await page.route('**/console/api/uploads/chunk*', async (route) => {
      if (held === undefined) {
        held = () => route.continue();
        return;
      }
      await route.continue();
    });
    await page
      .getByLabel('Files to upload')
      .setInputFiles([{ name: 'patient.png', mimeType: 'image/png', buffer: png(40, 40, [1, 2, 3]) }]);
    await dialog().getByRole('button', { name: 'Upload 1 file' }).click();
    await expect.poll(() => held !== undefined, SOON).toBe(true);
    await page.evaluate(async () => {
      const { csrf } = (await (await fetch('/console/api/session')).json()) as { csrf: string };
      await fetch('/console/api/logout', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
        body: '{}',
      });
    });
    await held?.();
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor(SOON);
    await logIn(page, host.admin);
    await tile(page, 'patient').waitFor({ timeout: 60_000 });
    await page.unroute('**/console/api/uploads/chunk*');
    await dismiss();
  });

  it('moves a smart crop by pointer and by numbers, which the server has afterwards', async () => {
    const client = createIpsClient({
      contract: ofSmartCrops,
      endpoint: host.server.endpoints.soap,
      auth: { user: host.admin.email, password: host.admin.password },
      company: 'MyCompany',
    });
    try {
      const report = await client.uploadFiles(
        [{ content: png(200, 100, [20, 90, 160]), destPath: 'cropped.png' }],
        {
          destFolder: 'MyCompany/',
          job: { autoSmartCropOptionsArray: [{ name: 'Banner', width: 40, height: 20, type: 'Banner' }] },
        },
      );
      const handle = report.files[0]?.assetHandle ?? '';
      await page.goto(`${host.server.url}/assets/asset?handle=${encodeURIComponent(handle)}`);
      const frame = page.getByRole('group', { name: /^Banner/ });
      await frame.waitFor(SOON);
      await expectAccessible(page);
      await page.getByLabel('Width, %').fill('50');
      const box = await frame.boundingBox();
      if (box === null) throw new Error('the frame is not shown');
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + 2000, box.y + 2000, { steps: 5 });
      await page.mouse.up();
      await page.getByRole('button', { name: 'Save the crop' }).click();
      await page.getByText('moved: 1 crop').waitFor(SOON);
      const [crop] = await client.smartCrops.list(handle);
      expect(crop?.rect.widthN).toBeCloseTo(0.5, 2);
      expect((crop?.rect.leftN ?? 0) + (crop?.rect.widthN ?? 0)).toBeCloseTo(1, 2);
      expect((crop?.rect.topN ?? 0) + (crop?.rect.heightN ?? 0)).toBeCloseTo(1, 2);
      await page.reload();
      await expect.poll(() => page.getByLabel('Width, %').inputValue(), SOON).toBe('50');
    } finally {
      await client.close();
    }
  });

  it('starts an upload over when the server was restarted, once its user has logged in', async () => {
    await page.goto(`${host.server.url}/assets`);
    await tile(page, TURNED).waitFor(SOON);
    const large = await sharp({
      create: { width: 1900, height: 1700, channels: 3, background: '#336699' },
    })
      .png({ compressionLevel: 0 })
      .toBuffer();
    let sent = 0;
    let isBack = false;
    await page.route('**/console/api/uploads/chunk*', (route) => {
      sent += 1;
      // After the first of three parts, nothing arrives until the server is back.
      return sent > 1 && !isBack ? route.abort('connectionreset') : route.continue();
    });
    await page
      .getByLabel('Files to upload')
      .setInputFiles([{ name: 'large.png', mimeType: 'image/png', buffer: large }]);
    await dialog().getByRole('button', { name: 'Upload 1 file' }).click();
    await expect.poll(() => sent, SOON).toBeGreaterThanOrEqual(2);
    const { port } = new URL(host.server.url);
    await host.client.close();
    await host.server.stop();
    host = await start(Number(port));
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor(SOON);
    isBack = true;
    await logIn(page, host.admin);
    await tile(page, 'large').waitFor({ timeout: 60_000 });
    expect(await namesIn('MyCompany/')).toEqual(expect.arrayContaining(['large', 'patient', 'cropped']));
    await page.unroute('**/console/api/uploads/chunk*');
  });

  it('had no error of a script, no refusal of the policy, and no request elsewhere', () => {
    expect([...viewer.problems, ...other.problems]).toEqual([]);
  });
});
