// Assets against a real server: uploads that are interrupted, folders, the trash, metadata, deliveries, crops, and hostile names.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, expectAccessible, launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { logIn } from './support/log-in.ts';
import { png } from './support/png.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const file = (name: string, red: number) => ({
  name,
  mimeType: 'image/png',
  buffer: png(60, 40, [red, 80, 60]),
});

describe.skipIf(BROWSER === undefined)('assets (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;
  let viewer: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    [browser, host] = await Promise.all([launchBrowser(), startConsoleServer({ jobClock: 'real' })]);
    const field = { assetType: 'Image', name: 'Photographer', fieldType: 'String' };
    await host.client.call('createMetadataField', field);
    await host.client.call('saveImageFormat', { name: 'Web', urlModifier: 'wid=33' });
    viewer = await openPage(browser, `${host.server.url}/assets`);
    ({ page } = viewer);
    await logIn(page, host.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
  });

  const tile = (name: string) =>
    page
      .getByRole('list', { name: 'Assets' })
      .getByRole('listitem')
      .filter({ has: page.getByText(name, { exact: true }) });
  const dialog = () => page.getByRole('dialog').last();
  const namesIn = async (folder: string): Promise<string[]> => {
    const { assetArray = [] } = await host.client.call('searchAssets', {
      folder,
      includeSubfolders: true,
      recordsPerPage: 100,
      resultsPage: 1,
    });
    return assetArray.map(({ name = '' }) => name).toSorted();
  };

  it('uploads chosen files, through an interruption, and shows them', async () => {
    await page.getByText('This folder has no assets').waitFor();
    await expectAccessible(page);
    let refused = 0;
    await page.route('**/console/api/uploads/chunk*', (route) =>
      refused++ === 0 ? route.abort('connectionreset') : route.continue(),
    );
    await page
      .getByLabel('Files to upload')
      .setInputFiles([file('red.png', 200), file('blue.png', 30), file(`${HOSTILE}.png`, 90)]);
    await dialog().getByRole('button', { name: 'Upload 3 files' }).click();
    await page.getByRole('region', { name: 'Uploads' }).getByText('Completed').waitFor();
    expect(refused).toBeGreaterThan(3);
    await tile('red').waitFor();
    await tile(HOSTILE).waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await namesIn('MyCompany/')).toEqual([HOSTILE, 'blue', 'red']);
    await page.getByRole('button', { name: 'Dismiss' }).first().click();
  });

  it('asks for the files again after the page was loaded again, and resumes', async () => {
    await page.unroute('**/console/api/uploads/chunk*');
    let isHeld = true;
    await page.route('**/console/api/uploads/chunk*', (route) => (isHeld ? undefined : route.continue()));
    await page.getByLabel('Files to upload').setInputFiles([file('late.png', 10)]);
    await dialog().getByRole('button', { name: 'Upload 1 file' }).click();
    const uploads = page.getByRole('region', { name: 'Uploads' });
    await uploads.getByText('Uploading').waitFor();
    page.removeAllListeners('dialog');
    page.once('dialog', (question) => void question.accept());
    await page.reload();
    await uploads.getByText('Interrupted').waitFor();
    isHeld = false;
    await uploads.locator('input[type=file]').setInputFiles([file('late.png', 10)]);
    await uploads.getByText('Completed').waitFor();
    await tile('late').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).first().click();
  });

  it('makes a folder, and moves assets into it', async () => {
    await page.getByRole('button', { name: 'Folder', exact: true }).click();
    await page.getByRole('menuitem', { name: 'New folder here…' }).click();
    await dialog().getByLabel('Name').fill('Shoes');
    await dialog().getByRole('button', { name: 'Create the folder' }).click();
    await page.getByRole('treeitem', { name: 'Shoes' }).waitFor();
    await tile('red').hover();
    await page.getByRole('checkbox', { name: 'Select red' }).check();
    await page.getByRole('checkbox', { name: 'Select blue' }).check();
    await page.getByRole('button', { name: 'Move…' }).click();
    await dialog().getByRole('treeitem', { name: 'Shoes' }).click();
    await dialog().getByRole('button', { name: 'Move here' }).click();
    await expect.poll(() => namesIn('MyCompany/Shoes/')).toEqual(['blue', 'red']);
    // By keyboard: the tree has one stop, and the arrows lead through it.
    await page.getByRole('treeitem', { name: 'MyCompany' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('folder')).toBe('MyCompany/Shoes/');
    await tile('blue').waitFor();
    expect(await tile('late').count()).toBe(0);
  });

  it('deletes into the trash, and restores from there', async () => {
    await tile('blue').hover();
    await page.getByRole('checkbox', { name: 'Select blue' }).check();
    await page.getByRole('button', { name: 'Delete…' }).click();
    expect(await dialog().getByRole('list').textContent()).toMatch(/blue.*a\|/);
    await dialog().getByRole('button', { name: 'Delete 1 asset' }).click();
    await tile('blue').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Trash' }).click();
    await tile('blue').hover();
    await page.getByRole('checkbox', { name: 'Select blue' }).check();
    await page.getByRole('button', { name: 'Restore…' }).click();
    await dialog().getByRole('button', { name: 'Restore 1 asset' }).click();
    await expect.poll(() => namesIn('MyCompany/Shoes/')).toEqual(['blue', 'red']);
  });

  it('shows an asset as it is delivered, and changes name, mark and metadata', async () => {
    await page.goto(`${host.server.url}/assets?folder=MyCompany/Shoes/`);
    await tile('red').getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'red' }).waitFor();
    const picture = page.locator('.preview-frame img');
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    await page.getByLabel('Add a command').selectOption('wid');
    await page.getByLabel('Value of wid').fill('20');
    await expect.poll(() => page.locator('.url-line code').textContent()).toContain('wid=20');
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(20);
    await page.getByLabel('Add a command').selectOption('$Web$');
    await expect.poll(() => page.locator('.url-line code').textContent()).toContain('wid=20&$Web$');
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(33);
    await page.getByText('image preset: wid=33').waitFor();
    await page.getByLabel('Photographer').fill(HOSTILE);
    await page.getByRole('button', { name: 'Save the metadata' }).click();
    await page.getByRole('button', { name: 'Dismiss' }).or(page.locator('.toast')).first().waitFor();
    await page.reload();
    await expect.poll(() => page.getByLabel('Photographer').inputValue()).toBe(HOSTILE);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Unmark…' }).click();
    await dialog().getByRole('button', { name: 'Unmark 1 asset' }).click();
    await page.locator('.page-head').getByText('Not marked').waitFor();
    await page.getByRole('button', { name: 'Rename…' }).click();
    await dialog().getByLabel('New name').fill('crimson');
    await dialog().getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { level: 1, name: 'crimson' }).waitFor();
    expect(await namesIn('MyCompany/Shoes/')).toEqual(['blue', 'crimson']);
  });

  it('finds assets by name below all folders, in a list that sorts, and a link shows the same', async () => {
    await page.goto(`${host.server.url}/assets`);
    await tile('late').waitFor();
    await page.getByRole('button', { name: 'Show a list' }).click();
    const names = () => page.getByRole('table', { name: 'Assets' }).locator('.row-link').allTextContents();
    await page.getByRole('searchbox').fill('crim');
    await expect.poll(names).toEqual(['crimson']);
    await page.getByRole('searchbox').fill('');
    // While there are words, the box is ticked by itself.
    await expect.poll(() => new URL(page.url()).searchParams.has('text')).toBe(false);
    await page.getByRole('checkbox', { name: 'with subfolders' }).check();
    await expect.poll(names).toEqual([HOSTILE, 'blue', 'crimson', 'late']);
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await expect.poll(names).toEqual(['late', 'crimson', 'blue', HOSTILE]);
    await expectAccessible(page);
    await page.reload();
    await expect.poll(names).toEqual(['late', 'crimson', 'blue', HOSTILE]);
  });

  it('publishes exactly the chosen assets, and leads to the job', async () => {
    await page.goto(`${host.server.url}/assets?folder=MyCompany/Shoes/`);
    await tile('blue').hover();
    await page.getByRole('checkbox', { name: 'Select blue' }).check();
    await page.getByRole('button', { name: 'Publish…' }).click();
    expect(await dialog().locator('.handles b').allTextContents()).toEqual(['blue']);
    await dialog().getByRole('button', { name: 'Publish 1 asset' }).click();
    await page.waitForURL('**/jobs/job?*');
    await page.locator('.page-head').getByText('Completed').waitFor();
  });

  it('says what failed, and keeps it selected', async () => {
    await page.goto(`${host.server.url}/assets?folder=MyCompany/Shoes/`);
    await tile('blue').hover();
    await page.getByRole('checkbox', { name: 'Select blue' }).check();
    await page.getByRole('checkbox', { name: 'Select crimson' }).check();
    await page.getByRole('button', { name: 'Delete…' }).click();
    // Somebody else deletes one of them before the viewer confirms.
    const { assetArray = [] } = await host.client.call('searchAssets', {
      folder: 'MyCompany/Shoes/',
      includeSubfolders: false,
      recordsPerPage: 10,
      resultsPage: 1,
    });
    const blue = assetArray.find(({ name }) => name === 'blue')?.assetHandle ?? '';
    await host.client.call('deleteAsset', { assetHandle: blue });
    await dialog().getByRole('button', { name: 'Delete 2 assets' }).click();
    const messages = page.getByRole('region', { name: 'Messages' });
    await messages.locator('.failed').getByText('blue').waitFor();
    expect(await page.getByRole('region', { name: 'Selection' }).textContent()).toContain('1 selectedblue');
    await expect.poll(() => namesIn('MyCompany/Shoes/')).toEqual([]);
    await messages.getByRole('button', { name: 'Dismiss' }).first().click();
  });

  it('had no error of a script, no refusal of the policy, and no request elsewhere', () => {
    expect(viewer.problems).toEqual([]);
  });
});
