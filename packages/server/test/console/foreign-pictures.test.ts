// Pictures that a foreign endpoint delivers: what the host takes from it, and what it does not.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeService, openService } from '../../../../scripts/testing/fake-service.js';
import { type RunningConsole, startConsole } from '../../src/console/start-console.js';
import { ConsoleBrowser } from '../support/console-browser.js';
import { plain, RED } from '../support/pictures.js';

const COMPANY = { companyHandle: 'c|6', name: 'MyCompany', rootPath: 'MyCompany/' };
const LOGIN = { user: 'ann@example.com', password: 'correct horse' };
const PICTURE = '/is/image/MyCompany/red';

let service: FakeService & { readonly stop: () => Promise<void> };
let host: RunningConsole;
let page: ConsoleBrowser;
let png: Buffer;
let ipsImageUrl: string;
/** What others than the endpoint were asked for. */
const elsewhere: (string | undefined)[] = [];
const other = createServer((request, response) => {
  elsewhere.push(request.url);
  response.end(png);
});

beforeAll(async () => {
  png = await plain(20, 10, RED).png().toBuffer();
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  service = await openService({
    getUserInfo: () => ({
      userInfo: {
        userHandle: 'u|1',
        firstName: 'Ann',
        lastName: '',
        email: LOGIN.user,
        isValid: true,
        isIpsAdmin: false,
      },
    }),
    getCompanyMembership: () => ({
      membershipArray: [{ company: COMPANY, role: 'IpsUser', isActive: true }],
    }),
    getAssets: ({ assetHandleArray }) => ({
      assetArray: assetHandleArray?.[0] === 'a|1' ? [{ assetHandle: 'a|1', type: 'Image', ipsImageUrl }] : [],
    }),
  });
  host = await startConsole({
    places: [{ name: 'live', endpoint: service.endpoint }],
    port: 0,
    host: '127.0.0.1',
    readOnly: false,
    version: '1.2.3',
    log: pino({ level: 'silent' }),
  });
  page = new ConsoleBrowser(host.url);
  await page.login(LOGIN);
});
beforeEach(() => {
  ipsImageUrl = 'MyCompany/red';
  elsewhere.length = 0;
});
afterAll(async () => {
  page.close();
  await host.stop();
  await service.stop();
  other.closeAllConnections();
  other.close();
});

const picture = (handle = 'a|1', browser = page) =>
  browser.raw(`/console/api/asset/image?handle=${encodeURIComponent(handle)}&commands=wid%3D50`);
const deliver = (listener: (request: IncomingMessage, response: ServerResponse) => void): void =>
  service.onPath(`${PICTURE}?wid=50`, listener);

describe('a picture of a foreign endpoint', () => {
  it('is passed on with its commands, without credentials', async () => {
    const asked: IncomingMessage[] = [];
    deliver((request, response) => {
      asked.push(request);
      response.end(png);
    });
    const { status, headers, bytes } = await picture();
    expect([status, headers['content-type'], bytes.equals(png)]).toEqual([200, 'image/png', true]);
    expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox");
    expect(asked.map(({ url, headers: sent }) => [url, sent.authorization, sent.cookie])).toEqual([
      [`${PICTURE}?wid=50`, undefined, undefined],
    ]);
  });

  it.each([
    ['a page', '<html><script>alert(1)</script></html>'],
    ['an SVG, which can have scripts', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'],
    ['nothing', ''],
  ])('is none if it is %s, whatever type it claims', async (_, body) => {
    deliver((_request, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(body));
    const { status, headers, text } = await picture();
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(text).not.toContain('<script');
  });

  it('does not lead the host elsewhere', async () => {
    const { port } = other.address() as AddressInfo;
    deliver((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end(),
    );
    expect((await picture()).status).toBe(503);
    for (const path of [`//127.0.0.1:${port}/x`, `http://127.0.0.1:${port}/x`, '\\\\127.0.0.1/x']) {
      ipsImageUrl = path;
      expect((await picture()).status, path).toBeGreaterThanOrEqual(400);
    }
    expect(elsewhere).toEqual([]);
  });

  it('is looked for among the pictures of the endpoint only', async () => {
    const before = service.requests.length;
    const asked: (string | undefined)[] = [];
    service.onPath('/admin/reset?wid=50', ({ url }, response) => {
      asked.push(url);
      response.end(png);
    });
    ipsImageUrl = '../../admin/reset';
    expect((await picture()).status).toBe(404);
    expect(asked).toEqual([]);
    // The asset was looked up, and nothing else.
    expect(service.requests.slice(before).map(({ operation }) => operation)).toEqual(['getAssets']);
  });

  it.each([
    ['that is announced', { 'content-length': String(17 * 2 ** 20) }],
    ['that is not announced', {}],
  ])('is given up at a size %s', async (_, headers) => {
    const ended = new Promise<void>((resolve) => {
      deliver((_request, response) => {
        response.once('close', resolve);
        response.writeHead(200, headers);
        response.write(png);
        let isOpen = true;
        response.once('close', () => {
          isOpen = false;
        });
        const more = (): void => {
          if (isOpen) response.write(Buffer.alloc(2 ** 20), () => setImmediate(more));
        };
        more();
      });
    });
    expect((await picture()).status).toBe(404);
    // The connection does not stay open.
    await ended;
  });

  it('takes turns when many are asked for at once', async () => {
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    deliver((_request, response) => {
      most = Math.max(most, (open += 1));
      waiting.push(() => {
        open -= 1;
        response.end(png);
      });
    });
    // Each session has connections of its own.
    const others = [new ConsoleBrowser(host.url), new ConsoleBrowser(host.url), page];
    for (const one of others.slice(0, 2)) await one.login(LOGIN);
    const all = Promise.all(Array.from({ length: 30 }, (_, index) => picture('a|1', others[index % 3])));
    await expect.poll(() => open, { timeout: 30_000 }).toBe(8);
    // Time for more to arrive, if they did not wait.
    await new Promise((resolve) => setTimeout(resolve, 200));
    let done = 0;
    while (done < 30) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (const answer of waiting.splice(0)) {
        answer();
        done += 1;
      }
    }
    expect((await all).every(({ status }) => status === 200)).toBe(true);
    expect(most).toBe(8);
  });

  it('is missing, with words, where the service has no such asset', async () => {
    const { status, text } = await picture('a|2');
    expect([status, JSON.parse(text)]).toMatchObject([404, { error: { message: 'a|2 has no picture' } }]);
  });
});
