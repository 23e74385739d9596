// The console in front of a service that is not ours: one that the package soap makes of the WSDL. Lists, actions, changes that are polled
// for, an outage, roles, and a console that may change nothing.

import pino from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningConsole, startConsole } from '../../../packages/server/src/console/start-console.js';
import { jobLog } from '../../../scripts/testing/job-log.ts';
import { BROWSER, expectAccessible, launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { logIn } from './support/log-in.ts';
import { ServiceFault, type SoapService, startSoapService } from './support/soap-service.ts';

const ANN = { email: 'ann@example.com', password: 'correct horse' };
const COMPANY = {
  companyHandle: 'c|6',
  name: 'MyCompany',
  rootPath: 'MyCompany/',
  expires: '2099-01-01T00:00:00Z',
};
const HOSTILE = '<img src=x onerror=alert(1)>';
/** The host asks again and again; a busy machine takes its time. */
const SOON = { timeout: 30_000 };

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const activeJob = (name: string, fields: object = {}): Readonly<Record<string, unknown>> => ({
  companyHandle: 'c|6',
  jobHandle: `j|6||${name}_x|1`,
  name: `${name}_x`,
  originalName: name,
  type: 'ImageServingPublish',
  state: 'Running',
  submitUserEmail: ANN.email,
  serverName: 'worker-2',
  startDate: ago(2),
  triggerTime: ago(3),
  totalSize: 100,
  progress: 64,
  progressMessage: 'PublishingFiles',
  lastProgressUpdate: ago(0),
  taskProgressArray: {},
  imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  ...fields,
});

describe.skipIf(BROWSER === undefined)('a foreign service (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let service: SoapService;
  const consoles: RunningConsole[] = [];
  let active: Readonly<Record<string, unknown>>[] = [activeJob('Full publish')];
  let logs: readonly object[] = [
    jobLog('Old', {
      jobHandle: 'j|6||Old|7',
      startDate: ago(60),
      endDate: ago(59),
      totalFileCount: 3,
      fileSuccessCount: 3,
    }),
    jobLog(HOSTILE, { jobHandle: `j|6||${HOSTILE}|8`, startDate: ago(90), endDate: ago(89) }),
  ];

  beforeAll(async () => {
    [browser, service] = await Promise.all([
      launchBrowser(),
      startSoapService(
        {
          getUserInfo: () => ({
            userInfo: {
              userHandle: 'u|1|ann@example.com',
              firstName: 'Ann',
              lastName: '',
              email: ANN.email,
              isValid: true,
              isIpsAdmin: false,
            },
          }),
          getCompanyMembership: () => ({
            membershipArray: { items: [{ company: COMPANY, role: 'IpsUser', isActive: true }] },
          }),
          getActiveJobs: () => ({ jobArray: { items: active } }),
          getScheduledJobs: () => ({ jobArray: {} }),
          getJobLogs: ({ startDate }) => {
            const from = startDate === undefined ? 0 : new Date(String(startDate)).getTime();
            return {
              jobLogArray: {
                items: logs.filter((log) => Date.parse((log as { startDate: string }).startDate) >= from),
              },
            };
          },
          getJobLogDetails: () => ({ jobLogArray: {} }),
          stopJob: ({ jobHandle }) => {
            if (!active.some((job) => job['jobHandle'] === jobHandle))
              throw new ServiceFault('ipsApiFault', 30000, `no such job: ${String(jobHandle)}`);
            active = active.filter((job) => job['jobHandle'] !== jobHandle);
            return {};
          },
          getFolderTree: () => ({
            folders: {
              folderHandle: 'f|MyCompany/',
              path: 'MyCompany/',
              lastModified: ago(1000),
              subfolderArray: {
                items: [
                  { folderHandle: 'f|MyCompany/Shoes/', path: 'MyCompany/Shoes/', lastModified: ago(900) },
                ],
              },
            },
          }),
          searchAssets: () => ({
            totalRows: 1,
            assetArray: {
              items: [
                {
                  assetHandle: 'a|1',
                  type: 'Image',
                  name: HOSTILE,
                  folder: 'MyCompany/Shoes/',
                  folderHandle: 'f|MyCompany/Shoes/',
                  created: ago(1000),
                  createUser: ANN.email,
                  lastModified: ago(900),
                  lastModifyUser: ANN.email,
                },
              ],
            },
          }),
          getAssets: () => ({ assetArray: { items: [] } }),
          getMetadataFields: () => {
            throw new ServiceFault('authorizationFault', 20003, 'User does not have permission');
          },
        },
        ANN.password,
      ),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    for (const each of consoles) await each.stop();
    await service?.[Symbol.asyncDispose]();
  });

  async function open(
    path: string,
    readOnly = false,
  ): Promise<WatchedPage & { readonly host: RunningConsole }> {
    const host = await startConsole({
      places: [{ name: 'live', endpoint: service.endpoint, user: ANN.email, company: 'MyCompany' }],
      port: 0,
      host: '127.0.0.1',
      readOnly,
      version: '1.2.3',
      log: pino({ level: 'silent' }),
      intervals: { busy: 100, calm: 200, outage: 300 },
    });
    consoles.push(host);
    const watched = await openPage(browser, host.url + path);
    await logIn(watched.page, ANN);
    return { ...watched, host };
  }
  const rowOf = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

  it('refuses a login in its own words', async () => {
    const { page, host } = await open('/jobs');
    const other = await openPage(browser, host.url);
    await other.page.getByLabel('Password').fill('wrong');
    await other.page.keyboard.press('Enter');
    await other.page.getByRole('alert').getByText('Invalid username/password').waitFor();
    await other.page.context().close();
    await page.context().close();
  });

  it('has its jobs listed, and followed by polling; the end of one shows by itself', async () => {
    const { page, problems } = await open('/jobs');
    await rowOf(page, 'Full publish').getByText('64 %').waitFor(SOON);
    await rowOf(page, 'Old').getByText('Completed').waitFor();
    await rowOf(page, HOSTILE).waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Test panel' }).count()).toBe(0);
    await expectAccessible(page);
    active = [
      activeJob('Full publish', { progress: 80 }),
      activeJob('Second', { jobHandle: 'j|6||Second|2' }),
    ];
    await rowOf(page, 'Full publish').getByText('80 %').waitFor(SOON);
    await rowOf(page, 'Second').waitFor(SOON);
    await page.getByRole('link', { name: 'Full publish' }).click();
    await page.getByRole('heading', { level: 1, name: 'Full publish' }).waitFor();
    await page.getByText('worker-2').first().waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Show the XML' }).click();
    await expect.poll(() => page.getByRole('dialog').textContent(), SOON).toContain('getActiveJobs');
    expect(await page.getByRole('dialog').textContent()).not.toContain(ANN.password);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is asked to stop exactly the chosen job, and its fault for another is shown', async () => {
    const { page } = await open('/jobs?stage=active');
    await page.getByRole('checkbox', { name: 'Select Second' }).check();
    await page.getByRole('checkbox', { name: 'Select Full publish' }).check();
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Stop…' }).click();
    active = active.filter((job) => job['originalName'] !== 'Second');
    await page.getByRole('dialog').getByRole('button', { name: 'Stop 2 jobs' }).click();
    const messages = page.getByRole('region', { name: 'Messages' });
    await messages.getByText('no such job').waitFor(SOON);
    expect(await messages.textContent()).toContain('Full publish');
    expect(await page.getByRole('region', { name: 'Selection' }).textContent()).toContain('1 selectedSecond');
    expect(active).toEqual([]);
    await page.context().close();
  });

  it('may fail for a while: what was read stays, with a line about it, until it recovers', async () => {
    const { page } = await open('/jobs');
    await rowOf(page, 'Old').waitFor(SOON);
    service.outage = 503;
    await page.getByRole('button', { name: /^Service unreachable/ }).waitFor(SOON);
    await rowOf(page, 'Old').waitFor();
    service.outage = undefined;
    await page.getByRole('button', { name: /^Live/ }).waitFor(SOON);
    logs = [...logs, jobLog('After', { jobHandle: 'j|6||After|9', startDate: ago(0), endDate: ago(0) })];
    await rowOf(page, 'After').waitFor(SOON);
    await page.context().close();
  });

  it('has assets with hostile names listed, without pictures where it delivers none', async () => {
    const { page, problems } = await open('/assets');
    await page.getByText(HOSTILE, { exact: true }).first().waitFor(SOON);
    await page.getByRole('treeitem', { name: 'Shoes' }).waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    await expectAccessible(page);
    // It no longer has the asset when it is opened.
    await page.getByRole('link', { name: HOSTILE }).first().click();
    await page.getByText('no asset has the handle a|1').waitFor(SOON);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('lacks operations that the pages need: each says what is missing, and the others work', async () => {
    const { page, problems } = await open('/overview');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByRole('region', { name: 'At work now' }).waitFor(SOON);
    await page
      .getByRole('link', { name: /^Publish/ })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: 'Publish' }).waitFor();
    await page
      .getByRole('region', { name: 'History' })
      .or(page.getByText(/^Cannot read/))
      .first()
      .waitFor(SOON);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('is changed by nothing that a read-only console shows', async () => {
    active = [activeJob('Full publish')];
    const { page, problems } = await open('/jobs', true);
    await page.getByText('--read-only').first().waitFor(SOON);
    await rowOf(page, 'Full publish').waitFor(SOON);
    expect(await page.getByRole('checkbox', { name: /^Select/ }).count()).toBe(0);
    const before = service.called.filter((name) => !/^get|^search/.test(name)).length;
    await page.getByRole('link', { name: 'Full publish' }).click();
    await page.getByRole('heading', { level: 1, name: 'Full publish' }).waitFor();
    expect(await page.getByRole('button', { name: 'Stop…' }).count()).toBe(0);
    await page.goto(new URL('/assets', page.url()).href);
    await page.getByRole('button', { name: 'Upload' }).first().click({ force: true });
    expect(await page.getByRole('menuitem').count()).toBe(0);
    expect(service.called.filter((name) => !/^get|^search/.test(name))).toHaveLength(before);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
