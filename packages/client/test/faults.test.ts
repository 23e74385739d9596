// Faults as a client meets them: what they carry, and which of them are worth another attempt.
import { codec } from '@ips-sdk/wire';
import { describe, expect, it, vi } from 'vitest';
import { raw, startService } from '../../../scripts/testing/fake-service.js';
import { createIpsClient } from '../src/index.js';
import { clientOf, errorOf, PASSWORD } from './support/clients.js';

const STOP = { jobHandle: 'j|6|Nightly|' };
const soapFault = (more = ''): string =>
  '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Server</faultcode>' +
  `<faultstring>Busy</faultstring><faultactor>urn:gateway</faultactor>${more}</e:Fault></e:Body></e:Envelope>`;

describe.each(['call', 'soap', 'stream'] as const)('a fault, by %s', (path) => {
  it('keeps its detail, its actor, its status and the wait that it asks for', async () => {
    const detail = '<detail><queue xmlns="urn:gateway"><length>40</length></queue></detail>';
    const service = await startService({
      searchAssets: () => raw(soapFault(detail), 500, { 'Retry-After': '2' }),
    });
    const ips = clientOf(service, { retry: false });
    if (path === 'soap') await ips.soap;
    const input = { includeSubfolders: true };
    const call = path === 'stream' ? ips.stream('searchAssets', input).next() : ips.searchAssets(input);
    expect(await errorOf(call)).toMatchObject({
      name: 'IpsFault',
      kind: 'soap',
      actor: 'urn:gateway',
      detail: { queue: { length: '40' } },
      httpStatus: 500,
      retryAfter: 2000,
    });
  });
});

it('has its reason in English, or else in the language of the caller', async () => {
  const texts = (...languages: string[]): string =>
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code>' +
    `<e:Reason>${languages.map((one) => `<e:Text xml:lang="${one}">in ${one}</e:Text>`).join('')}</e:Reason></e:Fault></e:Body></e:Envelope>`;
  const service = await startService({
    stopJob: () => raw(texts('fr', 'de', 'en-GB'), 500),
    deleteJob: () => raw(texts('fr', 'de'), 500),
  });
  const ips = clientOf(service, { locale: 'de-DE', soapVersion: '1.2' });
  expect(await errorOf(ips.stopJob(STOP))).toMatchObject({ reason: 'in en-GB' });
  expect(await errorOf(ips.deleteJob(STOP))).toMatchObject({ reason: 'in de' });
  expect(await errorOf(ips.deleteJob(STOP, { locale: 'fr-FR' }))).toMatchObject({ reason: 'in fr' });
});

describe('another attempt after a fault', () => {
  const attempts = async (text: string, status: number, headers: Record<string, string>, safe: boolean) => {
    const service = await startService({
      getActiveJobs: () => raw(text, status, headers),
      submitJob: () => raw(text, status, headers),
    });
    const waits: number[] = [];
    const ips = clientOf(service, {
      retry: { retries: 2, minDelay: 1, maxDelay: 5000 },
      hooks: { onRetry: ({ delay }) => waits.push(delay) },
    });
    const job = { jobName: 'x', optimizeImagesJob: { emailSetting: 'None' } };
    await errorOf(safe ? ips.getActiveJobs() : ips.submitJob(job));
    return { requests: service.requests.length, waits };
  };
  const api = codec.encodeFault({ kind: 'api', code: 30000, reason: 'Not now' });

  it.each([
    [
      'is made after 503 and Retry-After, where that is safe',
      soapFault(),
      503,
      { 'Retry-After': '0' },
      true,
      3,
    ],
    [
      'is made after a fault of the service with 503 and Retry-After',
      api,
      503,
      { 'Retry-After': '0' },
      true,
      3,
    ],
    ['is made after 503 from the SOAP layer', soapFault(), 503, {}, true, 3],
    ['is not made where it is not safe', soapFault(), 503, { 'Retry-After': '0' }, false, 1],
    ['is not made after a fault of the service that names no wait', api, 503, {}, true, 1],
    ['is not made after another status', soapFault(), 500, { 'Retry-After': '0' }, true, 1],
    ['is made after 429, which nobody has processed', soapFault(), 429, { 'Retry-After': '0' }, false, 3],
  ] as const)('%s', async (_name, text, status, headers, safe, expected) => {
    expect((await attempts(text, status, headers, safe)).requests).toBe(expected);
  });

  it('waits as long as the answer asks', async () => {
    const { waits } = await attempts(soapFault(), 503, { 'Retry-After': '1' }, true);
    expect(waits.length).toBe(2);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(1000);
  });
});

describe('an answer that repeats the credentials of a request', () => {
  const basic = Buffer.from(`ann@example.com:${PASSWORD}`).toString('base64');

  it.each([
    [
      'in the detail of a fault',
      soapFault(`<detail><request><password>${PASSWORD}</password></request></detail>`),
      500,
    ],
    ['in the reason of a fault', soapFault().replace('Busy', `Busy: ${PASSWORD}`), 500],
    ['in a page', `<html><body>Wrong password ${PASSWORD}</body></html>`, 401],
    ['in a text', `Authorization: Basic ${basic}`, 400],
  ])('shows them in no error and no history: %s', async (_name, text, status) => {
    const service = await startService({ stopJob: () => raw(text, status) });
    const auth = { basic: { user: 'ann@example.com', password: PASSWORD } };
    const clients = [
      [clientOf(service, { retry: false }), PASSWORD],
      [clientOf(service, { retry: false, auth }), PASSWORD],
      [clientOf(service, { retry: false, auth }), basic],
    ] as const;
    for (const [ips, secret] of clients) {
      const error = await errorOf(ips.stopJob(STOP));
      const shown = JSON.stringify([error, error.message, error.stack, error['detail'], ips.history]);
      expect(shown).not.toContain(secret);
    }
  });
});

it('a hook that rejects later affects nothing', async () => {
  const service = await startService({ stopJob: () => ({}) });
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  const onRequest = (async () => {
    throw new Error('later');
  }) as never;
  await clientOf(service, { hooks: { onRequest } }).stopJob(STOP);
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

it.each([{}, { name: undefined }, { nmae: 'Mine' }, '', ' ', 5, undefined])(
  'a job without a name is refused: %o',
  (job) => {
    const ips = createIpsClient({ region: 'na', auth: { user: 'ann', password: 'x' } });
    expect(() => ips.jobs.get(job as never)).toThrow(/^job: expected a handle or { name }, found /);
  },
);

it.each(['file:///etc/passwd', 'http://['])(
  'a download that is redirected to %s is an HTTP error',
  async (location) => {
    const service = await startService({});
    service.onPath(
      '/file.zip',
      (_request, response) => void response.writeHead(302, { Location: location }).end(),
    );
    const url = new URL('/file.zip', service.endpoint).href;
    expect(await errorOf(clientOf(service).download(url))).toMatchObject({
      name: 'HttpError',
      status: 302,
      url,
    });
  },
);
