import { inspect } from 'node:util';
import type { Exchange } from '@ips-sdk/client';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { describe, expect, it } from 'vitest';
import { fault, hangUp, raw, silence, startService } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf, PASSWORD } from './support/clients.js';

const TOKEN = 'eyJ0b2tlbiI6InNlY3JldCJ9';
const ESCAPED = PASSWORD.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The values as complete text, in several representations. */
function textOf(...shown: unknown[]): string {
  return (
    inspect(shown, { depth: 30, maxStringLength: null, maxArrayLength: null, showHidden: true }) +
    JSON.stringify(shown)
  );
}

function expectNoSecret(text: string): void {
  for (const secret of [PASSWORD, ESCAPED, 'Tr0ub4dor', TOKEN, 'Basic ']) expect(text).not.toContain(secret);
}

describe('secrets', () => {
  it('are in no history, hook, event or error, whatever happens', async () => {
    const revealed: unknown[] = [];
    const note = (event: unknown): void => void revealed.push(event);
    const hooks = { onRequest: note, onExchange: note, onRetry: note, onIssue: note, onWarning: note };
    const service = await startService({
      stopJob: () => ({}),
      pauseJob: (_, { xml }) => fault({ kind: 'api', code: 30003, reason: 'bad XML' }, xml ? 500 : 200),
      // Something in between that repeats what it was sent.
      resumeJob: (_, { xml }) => raw(xml, 400),
      executeJob: () => hangUp,
      getJobLogs: () => raw('busy', 503),
      deleteJob: () => silence,
      checkLogin: () => ({ status: 'ValidLogin' }),
      generatePassword: () =>
        raw(
          '<x:generatePasswordReturn xmlns:x="http://www.scene7.com/IpsApi/xsd/2014-04-03"><x:password><![CDATA[Tr0ub4dor<]]></x:password></x:generatePasswordReturn>',
        ),
    });
    for (const login of [
      { auth: { user: 'ann@example.com', password: PASSWORD } },
      { auth: { accessToken: TOKEN } },
      { auth: { samlResponse: TOKEN }, contract: of2016 },
      { auth: { basic: { user: 'ann', password: PASSWORD } } },
    ]) {
      const ips = clientOf(service, { ...login, hooks, historySize: 100 });
      const job = { jobHandle: 'j|6|x|' };
      await ips.stopJob(job);
      revealed.push(await errorOf(ips.pauseJob(job)), await errorOf(ips.resumeJob(job)));
      revealed.push(await errorOf(ips.executeJob(job)), await errorOf(ips.getJobLogs()));
      revealed.push(await errorOf(ips.deleteJob(job, { timeout: 20 })));
      await ips
        .checkLogin({ email: 'bob@example.com', password: PASSWORD } as never, { validation: 'off' })
        .catch(note);
      expect((await ips.generatePassword()).password).toBe('Tr0ub4dor<');
      // Errors show values that cannot be sent, but never these.
      await ips.checkLogin({ email: 'bob@example.com', password: { text: PASSWORD } } as never).catch(note);
      await ips
        .checkLogin({ email: 'bob@example.com', password: `${PASSWORD}\u0001` } as never, {
          validation: 'off',
        })
        .catch(note);
      revealed.push(ips.history, inspect(ips, { depth: 30, showHidden: true }));
    }
    const text = textOf(revealed);
    expect(text).toContain('[secret]');
    expectNoSecret(text);
  });

  it('in the URLs of files are not in the history either', async () => {
    const service = await startService({ submitJob: () => ({ jobHandle: 'j|6|x|' }) });
    const ips = clientOf(service);
    await ips.jobs.submit('uploadUrlsJob', {
      urlArray: [
        { sourceUrl: 'https://ann:Tr0ub4dor@images.example.com/red.tif', destPath: 'MyCompany/red.tif' },
      ],
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
    });
    expect(service.requests[0]?.xml).toContain('ann:Tr0ub4dor@');
    expectNoSecret(textOf(ips.history));
    const refused = await errorOf(
      ips.uploadUrls([
        { sourceUrl: 'mailto://ann:Tr0ub4dor@images.example.com/red.tif', destPath: 'MyCompany/red.tif' },
      ]),
    );
    expectNoSecret(textOf(refused));
  });

  it('are cut out of long messages before these are cut off', async () => {
    const service = await startService({ checkLogin: () => ({ status: 'ValidLogin' }) });
    for (const length of [16_000, 16_100, 16_200, 16_300, 16_384, 32_000]) {
      const ips = clientOf(service, { locale: 'x'.repeat(length) });
      await ips.checkLogin({ email: 'bob@example.com', password: PASSWORD } as never, { validation: 'off' });
      expectNoSecret(textOf(ips.history));
    }
  });
});

describe('the history', () => {
  it('keeps the last exchanges, as they went', async () => {
    const service = await startService({
      stopJob: () => ({}),
      pauseJob: () => fault({ kind: 'api', code: 30001, reason: 'unknown' }),
    });
    const ips = clientOf(service, { historySize: 2 });
    await ips.stopJob({ jobHandle: 'j|6|a|' });
    await ips.stopJob({ jobHandle: 'j|6|b|' });
    await errorOf(ips.pauseJob({ jobHandle: 'j|6|c|' }));
    const [first, second] = ips.history as [Exchange, Exchange];
    expect(ips.history).toHaveLength(2);
    expect(first).toMatchObject({
      operation: 'stopJob',
      attempts: 1,
      status: 200,
      url: service.endpoint,
      error: undefined,
    });
    expect(first.request).toContain('j|6|b|');
    expect(first.response).toContain('stopJobReturn');
    expect(second).toMatchObject({ operation: 'pauseJob', status: 500, error: { code: 30001 } });
    await clientOf(service, { historySize: 0 }).stopJob({ jobHandle: 'j|6|a|' });
  });
});
