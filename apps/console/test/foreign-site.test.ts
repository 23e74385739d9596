// What pages of other sites can do to somebody who is logged in to the console: nothing. In a real browser, which decides what is sent.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { type ConsoleServer, startConsoleServer } from './support/console-server.ts';
import { logIn } from './support/log-in.ts';

/** A name that its owner has pointed to this machine. */
const REBOUND = 'rebound.example.com';

describe.skipIf(BROWSER === undefined)('another site (skipped where Chromium is not installed)', () => {
  let browser: Browser;
  let host: ConsoleServer;
  let other: Server;
  let port: number;
  let viewer: WatchedPage;
  /** The answers of the console to pages of the other site, by path. */
  const answers: string[] = [];

  beforeAll(async () => {
    other = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>A page of somebody else</h1>');
    }).listen(0, '127.0.0.1');
    [browser, host] = await Promise.all([
      launchBrowser([`--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`]),
      startConsoleServer(),
      once(other, 'listening'),
    ]);
    // It listens on a port, not on a pipe.
    ({ port } = other.address() as AddressInfo);
    await host.client.publish({}, { name: 'Waiting publish' });
    viewer = await openPage(browser, `${host.server.url}/jobs`);
    await logIn(viewer.page, host.admin);
    await viewer.page.getByRole('link', { name: 'Waiting publish' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.client.close();
    await host?.server.stop();
    other?.close();
  });

  /** A page of another site in the browser of the viewer. */
  async function openOther(origin: string): Promise<Page> {
    const page = await viewer.page.context().newPage();
    answers.length = 0;
    page.on('response', (response) => {
      const url = new URL(response.url());
      if (url.origin === host.server.url) answers.push(`${response.status()} ${url.pathname}`);
    });
    await page.goto(origin);
    await page.getByText('A page of somebody else').waitFor();
    return page;
  }
  const activeHandles = async (): Promise<readonly string[]> =>
    ((await host.client.call('getActiveJobs', {})).jobArray ?? []).map(({ jobHandle }) => jobHandle);

  describe.each([
    ['on another port of the same host', () => `http://127.0.0.1:${port}`],
    ['on another host', () => `http://localhost:${port}`],
  ])('%s', (_, origin) => {
    it('can neither read the session nor its data', async () => {
      const page = await openOther(origin());
      for (const mode of ['cors', 'no-cors'] as const)
        for (const path of ['session', 'jobs', 'events'])
          expect(
            await page
              .evaluate(
                async ([url, how]) => {
                  const answer = await fetch(url, { mode: how, credentials: 'include' });
                  return `${answer.type} "${await answer.text()}"`;
                },
                [`${host.server.url}/console/api/${path}`, mode] as const,
              )
              .catch(String),
            `${mode} ${path}`,
          ).toMatch(/Failed to fetch|^opaque ""$/);
      expect(answers.filter((answer) => !answer.startsWith('403'))).toEqual([]);
      await page.close();
    });

    it('can change nothing, neither by script nor by a form', async () => {
      const before = await activeHandles();
      expect(before).toHaveLength(1);
      const page = await openOther(origin());
      const body = JSON.stringify({ action: 'stop', handles: before });
      const url = `${host.server.url}/console/api/job/actions`;
      for (const [mode, type] of [
        ['cors', 'application/json'],
        ['no-cors', 'text/plain'],
      ] as const)
        await page
          .evaluate(
            ([to, how, contentType, text]) =>
              fetch(to, {
                method: 'POST',
                mode: how,
                credentials: 'include',
                headers: { 'content-type': contentType },
                body: text,
              }),
            [url, mode, type, body] as const,
          )
          .catch(String);
      for (const path of ['job/actions', 'logout', 'login']) {
        await page.evaluate(
          ([to, text]) => {
            const form = document.createElement('form');
            form.method = 'post';
            form.action = to;
            form.enctype = 'text/plain';
            const field = document.createElement('input');
            // Sent as `{"action": …, "x": "=…"}`.
            field.name = `${text.slice(0, -1)},"x":"`;
            field.value = '"}';
            form.append(field);
            document.body.append(form);
            form.submit();
          },
          [`${host.server.url}/console/api/${path}`, body] as const,
        );
        await page.waitForURL(`${host.server.url}/console/api/${path}`);
        await page.goBack();
      }
      expect(answers.filter((answer) => !/^4\d\d /.test(answer))).toEqual([]);
      expect(answers.length).toBeGreaterThanOrEqual(3);
      await page.close();
      expect(await activeHandles()).toEqual(before);
      await viewer.page.reload();
      await viewer.page.getByRole('link', { name: 'Waiting publish' }).waitFor();
    });

    it('can put no page of the console into a frame', async () => {
      const page = await openOther(origin());
      await page.evaluate((url) => {
        const frame = document.createElement('iframe');
        frame.src = url;
        document.body.append(frame);
      }, `${host.server.url}/jobs`);
      await expect.poll(() => page.frames()[1]?.url()).toContain('chrome-error://');
      expect(await page.frames()[1]?.locator('body').textContent()).not.toContain('IPS console');
      await page.close();
    });
  });

  it('that points its name to this machine gets no page and no answer', async () => {
    const { port: own } = new URL(host.server.url);
    const page = await viewer.page.context().newPage();
    const answer = await page.goto(`http://${REBOUND}:${own}/jobs`);
    expect(answer?.status()).toBe(403);
    expect(await page.locator('body').textContent()).toContain(`${REBOUND} is not a name of this console`);
    expect(await page.evaluate(async () => (await fetch('/console/api/session')).status)).toBe(403);
    await page.close();
    expect(viewer.problems).toEqual([]);
  });
});
