// What arrives by itself, against a real server: progress, new jobs, pauses, restarts, several viewers.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, expectAccessible, launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { type GatedFiles, serveGatedFiles } from './support/gated-files.ts';
import { logIn } from './support/log-in.ts';

/** The host reads its jobs again after a notification; a busy machine takes its time. */
const SOON = { timeout: 15_000 };

describe.skipIf(BROWSER === undefined)('live changes (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;
  let files: GatedFiles;
  const folder = mkdtempSync(join(tmpdir(), 'console-live-'));

  beforeAll(async () => {
    files = await serveGatedFiles();
    [browser, host] = await Promise.all([launchBrowser(), start()]);
  });
  afterAll(async () => {
    await browser?.close();
    files?.release(1000);
    await host?.client.close();
    await host?.server.stop();
    await files?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(port = 0): Promise<ConsoleServer> {
    return startConsoleServer({
      jobClock: 'real',
      allowPrivateAddresses: true,
      dataDir: folder,
      port,
      workers: 1,
    });
  }

  async function open(path: string): Promise<WatchedPage> {
    const watched = await openPage(browser, host.server.url + path);
    await logIn(watched.page, host.admin);
    await watched.page.getByRole('button', { name: /^Live/ }).waitFor();
    return watched;
  }

  const upload = (name: string, count: number) =>
    host.client.jobs.submit(
      'uploadUrlsJob',
      {
        overwrite: true,
        readyForPublish: false,
        createMask: false,
        emailSetting: 'None',
        urlArray: Array.from({ length: count }, (_, index) => ({
          sourceUrl: `${files.url}/${name}-${index}.png`,
          destPath: `MyCompany/Live/${name}-${index}.png`,
        })),
      },
      { name },
    );

  const rowOf = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(name) });

  it('shows a real upload from start to finish, to two viewers, in the list and on its page', async () => {
    const one = await open('/jobs');
    const other = await open('/jobs');
    await upload('Spring', 4);
    await rowOf(one.page, 'Spring').getByText('Running').waitFor(SOON);
    await rowOf(other.page, 'Spring').getByText('Running').waitFor(SOON);
    await other.page.getByRole('link', { name: 'Spring' }).click();
    files.release(2);
    await expect.poll(() => other.page.getByText('2 of 4 files').count(), SOON).toBe(1);
    await expect.poll(() => rowOf(one.page, 'Spring').textContent(), SOON).toContain('2 / 4');
    files.release(2);
    await rowOf(one.page, 'Spring').getByText('Completed').waitFor(SOON);
    await other.page.locator('.page-head').getByText('Completed').waitFor(SOON);
    await other.page.getByRole('listitem').filter({ hasText: 'Spring-3' }).first().waitFor(SOON);
    expect([...one.problems, ...other.problems]).toEqual([]);
    await one.page.context().close();
    await other.page.context().close();
  });

  it('follows a run on its page: tasks, an estimate, throughput, and the latest rows of its log', async () => {
    const { page, problems } = await open('/jobs');
    await upload('Followed', 6);
    await page.getByRole('link', { name: 'Followed', exact: true }).click();
    const tasks = page.getByRole('region', { name: 'Tasks' });
    await tasks.getByText('0 / 6').waitFor(SOON);
    await page.getByRole('button', { name: 'Follow' }).click();
    const latest = page.locator('.log-rows li').first();
    for (const done of [1, 2, 3]) {
      files.release(1);
      await tasks.getByText(`${done} / 6`).first().waitFor(SOON);
      await expect
        .poll(() => page.locator('.log-rows li').allTextContents(), SOON)
        .toSatisfy(
          // Whichever of the files at work took the answer.
          (rows: string[]) => rows.filter((row) => /Followed-\d/.test(row)).length >= done,
        );
    }
    await latest
      .getByText(/Followed-\d/)
      .first()
      .waitFor(SOON);
    await page.getByText(/^about .* left$|^any moment now$/).waitFor(SOON);
    await page.getByText('3 of 6 files').waitFor(SOON);
    await expectAccessible(page);
    files.release(3);
    await page.locator('.page-head').getByText('Completed').waitFor(SOON);
    await page.getByRole('region', { name: /^Throughput, files per second/ }).waitFor(SOON);
    await expectAccessible(page);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('shows changes at an interval, which the browser keeps', async () => {
    const { page } = await open('/jobs');
    await page.getByRole('button', { name: /^Live/ }).click();
    await page.getByRole('menuitemradio', { name: 'Every 5 seconds' }).click();
    await page.getByRole('button', { name: /^Every 5 s:/ }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Every 5 s:/ }).waitFor();
    await upload('By and by', 1);
    await page.getByRole('link', { name: 'By and by' }).waitFor(SOON);
    files.release(1);
    await rowOf(page, 'By and by').getByText('Completed').waitFor(SOON);
    await page.context().close();
  });

  it('holds new rows back while the pointer is on the list, and says how many', async () => {
    const { page } = await open('/jobs');
    await page.locator('.data-table').hover();
    const before = await page.locator('.row-link').allTextContents();
    await upload('Held', 1);
    await page.getByRole('button', { name: '1 new' }).waitFor(SOON);
    expect(await page.locator('.row-link').allTextContents()).toEqual(before);
    await page.getByRole('heading', { name: 'Jobs', exact: true }).hover();
    await page.getByRole('link', { name: 'Held' }).waitFor(SOON);
    await page.getByRole('button', { name: /new$/ }).waitFor({ state: 'hidden' });
    files.release(1);
    await rowOf(page, 'Held').getByText('Completed').waitFor(SOON);
    await page.context().close();
  });

  it('asks for nothing while it is paused, not even for the focus, and catches up afterwards', async () => {
    const { page } = await open('/jobs');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: /^Paused/ }).waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const { handle } = await upload('Paused', 1);
    files.release(1);
    await host.server.idle();
    await page.evaluate(() => {
      dispatchEvent(new Event('focus'));
      document.dispatchEvent(new Event('visibilitychange'));
    });
    expect(handle).toContain('Paused');
    expect(await page.getByRole('link', { name: 'Paused', exact: true }).count()).toBe(0);
    expect(asked).toEqual([]);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('link', { name: 'Paused', exact: true }).waitFor(SOON);
    await page.context().close();
  });

  it('says that it reconnects while the server is gone, and goes on when it is back', async () => {
    const { page } = await open('/jobs');
    const { port } = new URL(host.server.url);
    await host.client.close();
    await host.server.stop();
    await page.getByRole('button', { name: /^Reconnecting/ }).waitFor(SOON);
    expect(await page.getByRole('link', { name: 'Spring', exact: true }).count()).toBe(1);
    host = await start(Number(port));
    // Sessions are not kept across a start of the server.
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor(SOON);
    await logIn(page, host.admin);
    await page.getByRole('button', { name: /^Live/ }).waitFor(SOON);
    await upload('After', 1);
    files.release(1);
    await rowOf(page, 'After').getByText('Completed').waitFor(SOON);
    await page.context().close();
  });
});
