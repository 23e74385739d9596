// Permissions of folders and assets against a real server: a set on a folder, one on an asset, none; a role that may not see them; and, with
// the mock, waiting and failure.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockHost } from '../dev/mock-host.ts';
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
import { png } from './support/png.ts';

const MARKUP = '<img src=x onerror=alert(1)>';
const LONG = `${'AVeryLongNameWithoutASpace'.repeat(8)} end`;

describe.skipIf(BROWSER === undefined)('permissions (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;
  let viewer: WatchedPage;
  let page: Page;
  let asset: string;

  beforeAll(async () => {
    [browser, host] = await Promise.all([launchBrowser(), startConsoleServer({ jobClock: 'instant' })]);
    await host.server.seed({
      companies: [
        {
          name: 'MyCompany',
          folders: ['Shoes', 'Shoes/Men', 'Bare'],
          groups: [{ name: 'Download' }, { name: MARKUP }, { name: LONG }],
          permissions: [
            { folder: 'Shoes', group: 'Download', allow: ['Read'], deny: ['Delete'] },
            { folder: 'Shoes', group: MARKUP, allow: ['Read'] },
            { folder: 'Shoes', group: LONG, allow: ['Write'], override: false },
          ],
        },
      ],
    });
    const { files } = await host.client.uploadFiles(
      [{ content: png(60, 40, [200, 80, 60]), destPath: 'red.png' }],
      { destFolder: 'MyCompany/Shoes/Men/' },
    );
    asset = files[0]?.assetHandle ?? '';
    viewer = await openPage(browser, `${host.server.url}/assets`);
    ({ page } = viewer);
    await logIn(page, host.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
  });

  const dialog = () => page.getByRole('dialog');
  const open = async (folder: string): Promise<void> => {
    await page.goto(`${host.server.url}/assets?folder=${encodeURIComponent(folder)}`);
    await page.getByRole('button', { name: 'Permissions' }).click();
    await dialog().getByText('from a shell').waitFor();
  };
  const rightsOf = (within: ReturnType<typeof dialog>, group: string) =>
    within
      .getByRole('listitem')
      .filter({ has: page.getByText(group, { exact: true }) })
      .locator('dl > div')
      .allInnerTexts();
  const words = async (within: ReturnType<typeof dialog>, group: string): Promise<string[]> =>
    (await rightsOf(within, group)).map((text) => text.replace(/\s+/g, ' '));

  it('say that a folder without any shows nothing to portal users, and how to set them', async () => {
    await open('MyCompany/Bare/');
    await dialog().getByText('portal users see nothing').waitFor();
    await dialog().getByText('restrict only Image Portal users and contributors').waitFor();
    await dialog().getByText('ips permission set MyCompany/Bare/ --allow').waitFor();
    await expectAccessible(page);
  });

  it('of a folder are shown by group, with markup and long names as they are', async () => {
    await open('MyCompany/Shoes/');
    await dialog().getByText('Set on this folder.').waitFor();
    expect(await words(dialog(), 'Download')).toEqual([
      'Read Allowed overrides',
      'Write Denied no entry',
      'Delete Denied overrides',
    ]);
    expect(await words(dialog(), MARKUP)).toEqual([
      'Read Allowed overrides',
      'Write Denied no entry',
      'Delete Denied no entry',
    ]);
    expect((await words(dialog(), LONG))[1]).toBe('Write Allowed does not override');
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    await expectAccessible(page);
    await page.setViewportSize(PHONE);
    await dialog().getByText('from a shell').waitFor();
    await expectNoSidewaysScroll(page);
    expect(await dialog().evaluate((it) => it.scrollWidth - it.clientWidth)).toBe(0);
    await expectAccessible(page);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('lead to the folder that a folder follows', async () => {
    await open('MyCompany/Shoes/Men/');
    await dialog().getByText('which this folder follows').waitFor();
    await dialog().getByRole('link', { name: 'MyCompany/Shoes/' }).click();
    await page
      .getByRole('dialog', { name: 'Permissions of Shoes' })
      .getByText('Set on this folder.')
      .waitFor();
    expect(new URL(page.url()).searchParams.get('folder')).toBe('MyCompany/Shoes/');
  });

  it('of an asset are those of its folder, then its own', async () => {
    const card = page.getByRole('region', { name: 'Permissions' });
    await page.goto(`${host.server.url}/assets/asset?handle=${encodeURIComponent(asset)}`);
    await card.getByText('which this asset follows').waitFor();
    expect((await words(card, 'Download'))[0]).toBe('Read Allowed overrides');
    const { groupArray } = await host.client.getGroups({});
    const groupHandle = groupArray.find(({ name }) => name === 'Download')?.groupHandle ?? '';
    await host.client.setAssetPermissions({
      assetHandle: asset,
      permissionArray: [
        { groupHandle, permissionType: 'Read', isAllowed: false, isOverride: false },
        { groupHandle, permissionType: 'Write', isAllowed: true, isOverride: true },
      ],
    });
    await page.reload();
    await card.getByText('Set on this asset.').waitFor();
    expect(await words(card, 'Download')).toEqual([
      'Read Allowed as in MyCompany/Shoes/',
      'Write Allowed overrides',
      'Delete Denied no entry',
    ]);
    await card.getByText(`ips permission show '${asset}'`).waitFor();
    await expectAccessible(page);
  });

  it('are refused in words to a role that may not read groups', async () => {
    const other = await openPage(browser, `${host.server.url}/assets`);
    await logIn(other.page, ANN);
    await other.page.getByRole('button', { name: 'Permissions' }).click();
    await other.page.getByRole('dialog').getByText('The role IPS user may not read groups').waitFor();
    expect(await other.page.getByRole('dialog').getByText('ips permission').count()).toBe(0);
    await expectAccessible(other.page);
    expect(other.problems).toEqual([]);
    await other.page.context().close();
  });

  it('wait, fail with the reason, and leave the rest of the page', async () => {
    await using mock = await startMockHost();
    const other = await openPage(browser, mock.origin);
    let answer: (() => Promise<void>) | undefined;
    await other.page.route('**/console/api/permissions*', (route) => {
      answer ??= () =>
        route.fulfill({
          status: 409,
          contentType: 'application/json',
          body: JSON.stringify({ error: { code: 'fault', message: 'Invalid folderPath' } }),
        });
    });
    await other.page.goto(`${mock.origin}/assets/asset?handle=a|0`);
    const card = other.page.getByRole('region', { name: 'Permissions' });
    await card.getByText('Loading').waitFor({ state: 'attached' });
    await expect.poll(() => answer !== undefined).toBe(true);
    await answer?.();
    await card.getByRole('alert').getByText('Invalid folderPath').waitFor();
    await card.getByText('cannot read the permissions').waitFor();
    await other.page.getByLabel('Photographer').waitFor();
    await other.page.unroute('**/console/api/permissions*');
    await card.getByRole('button', { name: 'Try again' }).click();
    await card.getByText('Set on this asset.').waitFor();
    await other.page.context().close();
  });

  it('of many groups are shown on demand', async () => {
    await using mock = await startMockHost({ isHostile: true });
    const other = await openPage(browser, `${mock.origin}/assets/asset?handle=a|0`, { viewport: PHONE });
    const groups = other.page.getByRole('list', { name: 'Groups' }).getByRole('listitem');
    await groups.first().waitFor();
    expect(await groups.count()).toBe(8);
    await other.page.getByRole('button', { name: 'Show all 23 groups' }).click();
    expect(await groups.count()).toBe(23);
    await expectNoSidewaysScroll(other.page);
    await expectAccessible(other.page);
    await other.page.context().close();
  });

  it('had no error of a script, no refusal of the policy, and no request elsewhere', () => {
    expect(viewer.problems).toEqual([]);
  });
});
