// Uploads whose session ends on the way.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UploadState } from '../../src/console/api.js';
import { createIpsServer, type IpsServer } from '../../src/create-server.js';
import { ConsoleBrowser, problemIn } from '../support/console-browser.js';
import { TEST_COST } from '../support/password-hash.js';
import { plain, RED } from '../support/pictures.js';

const ANN = { user: 'ann@example.com', password: 'ann-password' };
const BOB = { user: 'bob@example.com', password: 'bob-password' };

let server: IpsServer;
let content: Buffer;
let page: ConsoleBrowser;

beforeAll(async () => {
  content = await plain(40, 20, RED).png().toBuffer();
  server = await createIpsServer({ jobClock: 'instant', passwordCost: TEST_COST, company: 'MyCompany' });
  await server.seed({
    companies: [{ name: 'Second' }],
    users: [ANN, BOB].map(({ user, password }) => ({
      email: user,
      password,
      memberships: ['MyCompany', 'Second'].map((company) => ({ company, role: 'IpsCompanyAdmin' })),
    })),
  });
});
afterAll(() => server.stop());
beforeEach(async () => {
  page = await loggedIn(ANN);
});

async function loggedIn(who: typeof ANN, company = 'MyCompany'): Promise<ConsoleBrowser> {
  const browser = new ConsoleBrowser(server.url);
  await browser.login({ ...who, company });
  return browser;
}

const begin = (path: string): Promise<UploadState> =>
  page.post<UploadState>('uploads', { folder: 'MyCompany/', files: [{ path, size: content.length }] });

const send = (browser: ConsoleBrowser, id: string, from: number, to?: number) =>
  browser.raw(`/console/api/uploads/chunk?id=${id}&file=0&offset=${from}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'x-csrf-token': browser.csrf },
    body: content.subarray(from, to),
  });

describe('an upload whose session has ended', () => {
  it('is resumed by the next session of its user, with what has arrived', async () => {
    const { id } = await begin('resumed.png');
    expect((await send(page, id, 0, 50)).status).toBe(200);
    await page.post('logout');
    const next = await loggedIn(ANN);
    expect((await next.get<UploadState>('uploads', { id })).received).toBe(50);
    expect((await send(next, id, 50)).status).toBe(200);
    await expect
      .poll(async () => (await next.get<UploadState>('uploads', { id })).phase, { timeout: 30_000 })
      .toBe('done');
    expect((await next.get<UploadState>('uploads', { id })).files).toMatchObject([{ status: 'succeeded' }]);
  });

  it.each([
    ['another user', BOB, 'MyCompany'],
    ['the user in another company', ANN, 'Second'],
  ])('is not there for %s', async (_, who, company) => {
    const { id } = await begin('mine.png');
    await page.post('logout');
    const other = await loggedIn(who, company);
    expect(await problemIn(other.get('uploads', { id }))).toMatchObject({ status: 404, code: 'notFound' });
    expect((await send(other, id, 0)).status).toBe(404);
    expect(await problemIn(other.post('uploads/cancel', { id }))).toMatchObject({ code: 'notFound' });
  });

  it('belongs to its session as long as that lasts, even for the same user', async () => {
    const { id } = await begin('kept.png');
    const other = await loggedIn(ANN);
    expect((await send(other, id, 0)).status).toBe(404);
    expect((await send(page, id, 0)).status).toBe(200);
  });
});
