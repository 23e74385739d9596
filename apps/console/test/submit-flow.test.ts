// Submitting and scheduling jobs against a real server: the form, the dry run, the builder, and what the service has afterwards.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, expectAccessible, launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { logIn } from './support/log-in.ts';

describe.skipIf(BROWSER === undefined)('submitting (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;

  beforeAll(async () => {
    [browser, host] = await Promise.all([launchBrowser(), startConsoleServer()]);
    // Two days before the clocks of New York go forward.
    const { clock } = host.server;
    await clock.advance(Date.parse('2027-03-12T16:00:00Z') - clock.now().getTime());
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
  });

  async function open(path: string): Promise<WatchedPage> {
    const watched = await openPage(browser, host.server.url + path);
    await logIn(watched.page, host.admin);
    return watched;
  }
  const submit = (page: Page) => page.getByRole('button', { name: 'Submit', exact: true });
  const scheduled = async () => (await host.client.call('getScheduledJobs', {})).jobArray ?? [];

  it('shows the dry run of a job in three languages, and sends what it shows', async () => {
    const { page, problems } = await open('/submit?kind=imageServingPublishJob');
    await page.getByLabel('Name').fill('Spring publish');
    await page.getByLabel('Publish type').selectOption('Full');
    await page.getByText('Valid: the job can be submitted.').waitFor();
    await page.getByRole('button', { name: 'XML' }).click();
    await expect.poll(() => page.locator('.submit-side pre').textContent()).toContain('publishType>Full</');
    await page.getByRole('button', { name: 'TypeScript' }).click();
    await expect.poll(() => page.locator('.submit-side pre').textContent()).toContain('Spring publish');
    await page.getByRole('button', { name: 'Copy the program' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('imageServingPublishJob');
    await expectAccessible(page);
    await submit(page).click();
    await page.getByRole('heading', { level: 1, name: 'Spring publish' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/jobs/job');
    const { jobArray } = await host.client.call('getActiveJobs', {});
    expect(jobArray?.[0]).toMatchObject({
      originalName: 'Spring publish',
      imageServingPublishJob: { publishType: 'Full' },
    });
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("shows the validator's words beside the value, and does not send it", async () => {
    const { page } = await open('/submit?kind=uploadUrlsJob');
    const url = page.getByLabel('Source URL');
    await url.fill('no address');
    await page
      .locator('.list-item')
      .getByText('Warning: is "no address"; expected an absolute URL')
      .waitFor();
    await url.fill('');
    const message = page.locator('.list-item .problem').first();
    await message.waitFor();
    expect(await url.getAttribute('aria-invalid')).toBe('true');
    await submit(page).click({ force: true });
    expect(await submit(page).getAttribute('title')).toMatch(/^mend/);
    expect(new URL(page.url()).pathname).toBe('/submit');
    // The list of messages leads to the field.
    await page.locator('.issue-list button').first().click();
    await expect.poll(() => url.evaluate((input) => input === document.activeElement)).toBe(true);
    await url.fill('https://images.example.com/red.tif');
    await page.getByLabel('Dest path').fill('MyCompany/Shoes/red.tif');
    await page.getByText('Valid: the job can be submitted.').waitFor();
    await page.getByRole('button', { name: 'JSON', exact: true }).click();
    await page.getByLabel('Payload as JSON').fill('{"overwrite": ');
    await page.getByText(/not valid JSON/).waitFor();
    expect(await submit(page).getAttribute('aria-disabled')).toBe('true');
    await page.context().close();
  });

  it('takes pasted lines, and a locale, which the service has afterwards', async () => {
    const { page, problems } = await open('/submit?kind=uploadUrlsJob&when=schedule');
    await page.getByLabel('Name').fill('Pasted');
    await page.getByLabel('Locale').fill('de-DE');
    await page.getByLabel('Source URL').fill('https://images.example.com/red.tif');
    await page.getByLabel('Dest path').fill('MyCompany/Shoes/red.tif');
    await page.getByRole('button', { name: 'Paste several lines…' }).first().click();
    const dialog = page.getByRole('dialog');
    const lines = dialog.getByLabel('One item in each line');
    await lines.fill('https://images.example.com/x.tif\ta\tb');
    await dialog.getByText('line 1: found 3 parts, expected Source URL, Dest path').waitFor();
    expect(await dialog.getByRole('button', { name: 'Add 0 lines' }).isDisabled()).toBe(true);
    await expectAccessible(page);
    await lines.fill(
      'https://images.example.com/blue%20runner.tif\r\n\nhttps://images.example.com/sole.tif\tMyCompany/sole.tif\n',
    );
    await dialog.getByRole('button', { name: 'Add 2 lines' }).click();
    await page.getByText('Valid: the job can be submitted.').waitFor();
    await submit(page).click();
    await page.getByRole('heading', { level: 1, name: 'Pasted' }).waitFor();
    const job = (await scheduled()).find(({ originalName }) => originalName === 'Pasted');
    expect(job?.locale).toBe('de-DE');
    const xml = await page.evaluate(async (handle) => {
      const answer = await fetch(`/console/api/job?handle=${encodeURIComponent(handle)}`);
      return answer.text();
    }, job?.jobHandle ?? '');
    for (const path of ['MyCompany/Shoes/red.tif', 'MyCompany/Shoes/blue runner.tif', 'MyCompany/sole.tif'])
      expect(xml).toContain(path);
    await host.client.call('deleteJob', { companyHandle: 'c|6', jobHandle: job?.jobHandle ?? '' });
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('takes folders and assets from pickers, and the program and command to copy name them', async () => {
    await host.server.seed({
      companies: [
        {
          name: 'MyCompany',
          folders: [{ path: 'Shoes', assets: [{ name: 'red', generate: { width: 60, height: 40 } }] }],
        },
      ],
    });
    const { page, problems } = await open('/submit?kind=uploadUrlsJob');
    const dialog = page.getByRole('dialog');
    await page.getByLabel('Dest path').fill('a.tif');
    await page.locator('.picked').getByRole('button', { name: 'Choose…' }).first().click();
    await dialog.getByRole('treeitem', { name: 'Shoes' }).click();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Use this folder' }).click();
    expect(await page.getByLabel('Dest path').inputValue()).toBe('MyCompany/Shoes/a.tif');

    await page.goto(`${host.server.url}/submit?kind=reprocessAssetsJob`);
    await page.getByLabel('Name').fill('Picked');
    await page.locator('.picked').getByRole('button', { name: 'Choose…' }).first().click();
    await dialog.getByRole('treeitem', { name: 'Shoes' }).click();
    await dialog.getByRole('checkbox', { name: /red/ }).check();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Add 1 asset' }).click();
    const handle = (await page.locator('.chosen-assets code').textContent()) ?? '';
    expect(handle).toMatch(/^a\|/);
    await page.getByText('Valid: the job can be submitted.').waitFor();
    for (const tab of ['Shell', 'TypeScript', 'XML']) {
      await page.getByRole('button', { name: tab }).click();
      await expect.poll(() => page.locator('.submit-side pre').textContent()).toContain(handle);
    }
    await submit(page).click();
    await page.getByRole('heading', { level: 1, name: 'Picked' }).waitFor();
    const { jobArray = [] } = await host.client.call('getActiveJobs', {});
    const job = jobArray.find(({ originalName }) => originalName === 'Picked');
    expect(job?.reprocessAssetsJob).toBeDefined();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('runs a job again with an edited payload', async () => {
    const { handle } = await host.client.publish({ publishType: 'Full' }, { name: 'First run' });
    const { page } = await open(`/submit?basedOn=${encodeURIComponent(handle)}`);
    await page.getByRole('heading', { level: 1, name: 'Run First run again' }).waitFor();
    const type = page.getByLabel('Publish type');
    expect(await type.inputValue()).toBe('Full');
    await type.selectOption('Incremental');
    await page.getByLabel('Name').fill('Second run');
    await submit(page).click();
    await page.getByRole('heading', { level: 1, name: 'Second run' }).waitFor();
    const { jobArray = [] } = await host.client.call('getActiveJobs', {});
    expect(jobArray.find(({ originalName }) => originalName === 'Second run')).toMatchObject({
      imageServingPublishJob: { publishType: 'Incremental' },
    });
    await page.context().close();
  });

  it('builds a schedule, shows its times in both zones with the change of clocks, and edits it', async () => {
    const { page, problems } = await open('/submit?kind=imageServingPublishJob&when=schedule');
    await page.getByLabel('Name').fill('Nightly publish');
    await page.getByLabel('At', { exact: true }).fill('03:15');
    const times = page.locator('.fire-times');
    await times.getByText('03:15').first().waitFor();
    expect(await times.textContent()).toMatch(/America\/New_York.*Europe\/Berlin/);
    expect(await times.locator('.pill').first().textContent()).toMatch(/clock/);
    await submit(page).click();
    await page.getByRole('heading', { level: 1, name: 'Nightly publish' }).waitFor();

    await page
      .getByRole('link', { name: /^Schedules/ })
      .first()
      .click();
    const item = page.getByRole('listitem').filter({ hasText: 'Nightly publish' });
    await item.waitFor();
    await expectAccessible(page);
    await item.getByRole('button', { name: 'Edit…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Schedule of Nightly publish' });
    await dialog.getByLabel('How often').selectOption('as a Quartz expression');
    await dialog.getByRole('textbox', { name: 'Expression' }).fill('0 0 25 * * ?');
    await dialog.locator('.problem').first().waitFor();
    expect(await dialog.getByRole('button', { name: 'Save the schedule' }).isDisabled()).toBe(true);
    await dialog.getByLabel('How often').selectOption('on days of the week');
    await dialog.getByRole('button', { name: 'Save the schedule' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expect
      .poll(async () =>
        (await scheduled()).map(({ originalName, execSchedule }) => [originalName, execSchedule]),
      )
      .toEqual([['Nightly publish', '0 0 2 ? * MON,TUE,WED,THU,FRI']]);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('pauses, resumes, runs and deletes a schedule', async () => {
    const { page } = await open('/schedules');
    const item = page.getByRole('listitem').filter({ hasText: 'Nightly publish' });
    const act = async (action: string): Promise<void> => {
      await item.getByRole('button', { name: `${action}…` }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: `${action} 1 job` })
        .click();
      await page.getByRole('dialog').first().waitFor({ state: 'hidden' });
    };
    await act('Pause');
    await item.getByText('Paused').waitFor();
    await act('Resume');
    await item.getByText('Scheduled').waitFor();
    await act('Run now');
    await expect
      .poll(async () =>
        (await host.client.call('getActiveJobs', {})).jobArray?.map((job) => job.originalName),
      )
      .toContain('Nightly publish');
    await act('Delete');
    await expect.poll(async () => (await scheduled()).length).toBe(0);
    await page.getByText('Nothing is scheduled').waitFor();
    await page.context().close();
  });
});
