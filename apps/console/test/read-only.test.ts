// A server whose console may only show: what its pages offer to an administrator, and what the host makes of requests all the same.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, expectAccessible, launchBrowser, openPage } from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { logIn } from './support/log-in.ts';

describe.skipIf(BROWSER === undefined)('a read-only server (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;
  beforeAll(async () => {
    [browser, host] = await Promise.all([
      launchBrowser(),
      startConsoleServer({ consoleReadOnly: true, adminApi: true }),
    ]);
    await host.server.seed({
      companies: [
        {
          name: 'MyCompany',
          folders: [{ path: '/', assets: [{ generate: { width: 60, height: 40 }, name: 'red' }] }],
        },
      ],
    });
    await host.client.publish({}, { name: 'Waiting publish' });
    await host.client.publish({}, { name: 'Nightly publish', execSchedule: '0 0 2 * * ?' });
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
  });

  it('offers no change on any page, and makes none', async () => {
    const { page, problems } = await openPage(browser, `${host.server.url}/jobs`);
    await logIn(page, host.admin);
    await page.getByText('--console-read-only').first().waitFor();
    const before = JSON.stringify(await host.server.snapshot());
    for (const path of ['/jobs', '/schedules', '/assets', '/publish', '/overview', '/submit', '/test']) {
      await page.goto(host.server.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByText('--console-read-only').first().waitFor();
      if (path === '/assets') await page.getByText('red', { exact: true }).waitFor();
      await expectAccessible(page);
      expect(await page.getByRole('checkbox', { name: /^Select/ }).count(), path).toBe(0);
      // What would open a question, or change something at once.
      const changing = page
        .locator('main')
        .getByRole('button', { name: /…$|^(?:Submit|Upload|Apply|All off|Set the clock|1 h)$/ });
      for (const button of await changing.all()) {
        const text = `${path}: ${await button.textContent()}`;
        expect(
          await button.evaluate((it) => it.getAttribute('aria-disabled') ?? `${it.matches(':disabled')}`),
          text,
        ).toBe('true');
        await button.click({ force: true });
        expect(await page.getByRole('dialog').count(), text).toBe(0);
      }
    }
    expect(JSON.stringify(await host.server.snapshot())).toBe(before);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('refuses changes that a page sends in spite of that, with the reason', async () => {
    const { page } = await openPage(browser, `${host.server.url}/jobs`);
    await logIn(page, host.admin);
    const { jobArray = [] } = await host.client.call('getActiveJobs', {});
    const answers = await page.evaluate(async (handle) => {
      const { csrf } = (await (await fetch('/console/api/session')).json()) as { csrf: string };
      const post = async (path: string, body: object): Promise<string> => {
        const answer = await fetch(`/console/api/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
          body: JSON.stringify(body),
        });
        return `${answer.status} ${await answer.text()}`;
      };
      return [
        await post('job/actions', { action: 'stop', handles: [handle] }),
        await post('test/reset', { confirm: 'reset' }),
        await post('folders', { action: 'create', path: 'MyCompany/New/' }),
      ];
    }, jobArray[0]?.jobHandle ?? '');
    for (const answer of answers) expect(answer).toMatch(/^403 .*"readOnly"/);
    expect((await host.client.call('getActiveJobs', {})).jobArray).toHaveLength(jobArray.length);
    await page.context().close();
  });
});
