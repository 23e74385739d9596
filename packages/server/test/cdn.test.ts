import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect, post, requestXml } from './support/call.js';

let server: IpsServer;
const companyHandle = 'c|6';
const admin = () => connect(server);
const url = (rest: string) => `https://images.example.com/is/image/SampleCompany/${rest}`;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'manual', now: new Date('2026-03-01T12:00:00Z') });
  await server.seed({ companies: [{ name: 'Other' }] });
});
afterAll(() => server.stop());

describe('cdnCacheInvalidation', () => {
  it('is in progress for the time that it announces, then complete', async () => {
    const { invalidationHandle, estimatedSeconds } = await admin().call('cdnCacheInvalidation', {
      companyHandle,
      urlArray: [url('red?wid=400&fmt=png'), 'http://other.example.com/is/content/SampleCompany/film'],
    });
    expect(estimatedSeconds).toBe(5);
    const status = () => admin().call('getCdnCacheInvalidationStatus', { companyHandle, invalidationHandle });
    expect(await status()).toEqual({ status: 'InProgress', pingAfterSeconds: 5 });
    await server.clock.advance(4_500);
    expect(await status()).toEqual({ status: 'InProgress', pingAfterSeconds: 1 });
    await server.clock.advance(500);
    expect(await status()).toEqual({ status: 'Complete', completionTime: '2026-03-01T12:00:05.000Z' });
  });

  it('has a handle that is valid in its company', async () => {
    const { invalidationHandle } = await admin().call('cdnCacheInvalidation', {
      companyHandle,
      urlArray: [url('red')],
    });
    expect(invalidationHandle).toMatch(/^6\|\d+$/);
    for (const [company, handle] of [
      ['c|7', invalidationHandle],
      [companyHandle, '6|9999'],
      [companyHandle, 'rubbish'],
    ] as const) {
      expect(
        await admin().fault('getCdnCacheInvalidationStatus', {
          companyHandle: company,
          invalidationHandle: handle,
        }),
      ).toMatchObject({ code: 30001 });
    }
  });

  it('takes at most 1000 URLs', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => url(`image${index}`));
    await admin().call('cdnCacheInvalidation', { companyHandle, urlArray: many(1000) });
    // The client's codec would not send them, so the text of the request is changed.
    const header = {
      user: server.admin.email,
      password: server.admin.password,
      appName: 'tests',
      appVersion: '1',
    };
    const xml = requestXml('cdnCacheInvalidation', { companyHandle, urlArray: many(1000) }, { header });
    const items = xml.slice(xml.indexOf('<items>'), xml.lastIndexOf('</items>') + '</items>'.length);
    for (const changed of [
      xml.replace(items, ''),
      xml.replace(items, `${items}<items>${url('more')}</items>`),
    ]) {
      const { status, body } = await post(server.url, changed);
      expect(status).toBe(500);
      expect(body).toContain('<code>30001</code>');
    }
  });

  it.each([
    ['no URL', 'red'],
    ['another protocol', 'ftp://images.example.com/is/image/SampleCompany/red'],
    ['another company', 'https://images.example.com/is/image/Other/red'],
    ['a company whose name begins alike', 'https://images.example.com/is/image/SampleCompany2/red'],
    ['a way out of the company', 'https://images.example.com/is/image/SampleCompany/../Other/red'],
    ['the company alone', 'https://images.example.com/is/image/SampleCompany/'],
    ['another service', 'https://images.example.com/login/SampleCompany/red'],
    ['credentials', 'https://user:secret@images.example.com/is/image/SampleCompany/red'],
  ])('refuses all of them for one that is bad: %s', async (_what, bad) => {
    const count = async () => (await server.snapshot()).tables['cdn_invalidations']?.length;
    const before = await count();
    const fault = await admin().fault('cdnCacheInvalidation', { companyHandle, urlArray: [url('red'), bad] });
    expect(fault).toMatchObject({ kind: 'api', code: 30001 });
    expect(fault.reason).toContain('urlArray[1]');
    expect(await count()).toBe(before);
  });
});
