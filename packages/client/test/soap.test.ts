import { EventEmitter } from 'node:events';
import { registerHooks } from 'node:module';
import { inspect } from 'node:util';
import { IpsFault, type OperationName, type SoapClientBase } from '@ips-sdk/client';
import { contract } from '@ips-sdk/types/contract';
import { BasicAuthSecurity, Client } from 'soap';
import { describe, expect, it, vi } from 'vitest';
import { fault, hangUp, raw, silence, startService, zipped } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf, PASSWORD } from './support/clients.js';

const STOP = { jobHandle: 'j|6|Nightly|' };

describe('the client of the soap package', () => {
  it('makes all calls from then on, with the same bytes', async () => {
    const service = await startService({
      stopJob: () => ({}),
      getJobLogs: () => zipped({ jobLogArray: [] }),
    });
    const ips = clientOf(service, { locale: 'de-DE' });
    await ips.stopJob(STOP);
    const soap = await ips.soap;
    const events: string[] = [];
    soap.on('request', (xml) => void events.push(`request ${xml.includes('stopJobParam')}`));
    soap.on('response', (xml) => void events.push(`response ${xml.includes('stopJobReturn')}`));
    expect(soap).toBeInstanceOf(EventEmitter);
    expect(await ips.stopJob(STOP)).toEqual({});
    expect(events).toEqual(['request true', 'response true']);
    const [own, through] = service.requests;
    expect(through?.decoded.header).toEqual(own?.decoded.header);
    expect(through?.input).toEqual(own?.input);
    expect(through?.headers['content-type']).toContain('text/xml');
    expect(await ips.getJobLogs()).toEqual({ jobLogArray: [] });
    expect(ips.history.map(({ operation, status }) => [operation, status])).toEqual([
      ['stopJob', 200],
      ['stopJob', 200],
      ['getJobLogs', 200],
    ]);
  });

  it('is a client of soap, which has all that its interface promises', async () => {
    const service = await startService({ stopJob: () => ({}) });
    const soap = await clientOf(service).soap;
    expect(soap).toBeInstanceOf(Client);
    // The compiler checks that whatever soap declares fits the interface.
    const promised: SoapClientBase = soap as unknown as Client;
    for (const name of [
      'addSoapHeader',
      'changeSoapHeader',
      'getSoapHeaders',
      'clearSoapHeaders',
      'addHttpHeader',
      'getHttpHeaders',
      'clearHttpHeaders',
      'addBodyAttribute',
      'getBodyAttributes',
      'clearBodyAttributes',
      'setEndpoint',
      'setSecurity',
      'setSOAPAction',
      'describe',
      'on',
      'once',
      'off',
    ] as const)
      expect(promised[name]).toBeTypeOf('function');
    for (const name of Object.keys(contract.operations) as OperationName[]) {
      expect(soap[name]).toBeTypeOf('function');
      expect(soap[`${name}Async`]).toBeTypeOf('function');
    }
    await soap.stopJobAsync({ companyHandle: 'c|6', ...STOP });
    expect(soap.lastRequest).toContain('stopJobParam');
    expect(soap.lastMessage).toContain('stopJobParam');
    expect(soap.lastEndpoint).toBe(service.endpoint);
    expect(soap.lastResponse).toContain('stopJobReturn');
    expect(soap.lastResponseHeaders).toMatchObject({ 'content-type': 'text/xml;charset=utf-8' });
    expect(soap.lastElapsedTime).toBeTypeOf('number');
  });

  it('takes security plug-ins and headers of other specifications', async () => {
    const service = await startService({ stopJob: () => ({}) });
    const ips = clientOf(service);
    const soap = await ips.soap;
    soap.setSecurity(new BasicAuthSecurity('proxy-user', 'proxy-password'));
    soap.addHttpHeader('X-Route', 'blue');
    await ips.stopJob(STOP);
    expect(service.requests[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('proxy-user:proxy-password').toString('base64')}`,
      'x-route': 'blue',
    });
  });

  it('can be called as users of soap know it', async () => {
    const service = await startService({ stopJob: () => ({}) });
    const soap = await clientOf(service).soap;
    const [result, raw] = await soap.stopJobAsync({ companyHandle: 'c|6', ...STOP });
    expect(result).toEqual({});
    expect(raw).toContain('stopJobReturn');
    const called = await new Promise((resolve, reject) => {
      soap.stopJob({ companyHandle: 'c|6', ...STOP }, (error, output, answer) =>
        error === null || error === undefined
          ? resolve([output, answer.includes('stopJobReturn')])
          : reject(error),
      );
    });
    expect(called).toEqual([{}, true]);
    expect(service.requests[0]?.decoded.header).toMatchObject({
      user: 'ann@example.com',
      password: PASSWORD,
    });
  });

  it('fails with the same errors, and is retried in the same cases', async () => {
    const service = await startService({
      stopJob: () => fault({ kind: 'api', code: 30001, reason: 'Invalid jobHandle' }),
      pauseJob: () => raw('<html>blocked</html>', 403),
      resumeJob: () => hangUp,
      executeJob: () => silence,
      getJobLogs: () => raw('busy', 503),
    });
    const ips = clientOf(service);
    await ips.soap;
    const error = await errorOf(ips.stopJob(STOP));
    expect(error).toBeInstanceOf(IpsFault);
    expect(error).toMatchObject({ code: 30001, operation: 'stopJob', httpStatus: 500 });
    expect(await errorOf(ips.pauseJob(STOP))).toMatchObject({ name: 'HttpError', status: 403 });
    expect(await errorOf(ips.resumeJob(STOP))).toMatchObject({ name: 'ConnectionError' });
    expect(await errorOf(ips.executeJob(STOP, { timeout: 30 }))).toMatchObject({ name: 'TimeoutError' });
    expect(await errorOf(ips.getJobLogs())).toMatchObject({ name: 'HttpError', status: 503 });
    expect(service.operations().filter((name) => name === 'getJobLogs')).toHaveLength(3);
    expect(service.operations().filter((name) => name === 'executeJob')).toHaveLength(1);
  });

  it('keeps each call its own credentials, however many there are at once', async () => {
    const service = await startService({ stopJob: () => ({}) });
    let number = 0;
    const ips = clientOf(service, {
      auth: () => {
        number += 1;
        return { accessToken: `token-${number}` };
      },
    });
    await ips.soap;
    await Promise.all(Array.from({ length: 12 }, () => ips.stopJob(STOP)));
    const tokens = service.requests.map(({ decoded }) => decoded.header?.['accessToken']);
    expect(new Set(tokens).size).toBe(12);
  });

  it('speaks SOAP 1.2, and does not speak the plain dialect', async () => {
    const service = await startService({ stopJob: () => ({}) });
    const ips = clientOf(service, { soapVersion: '1.2' });
    await ips.soap;
    await ips.stopJob(STOP);
    expect(service.requests[0]?.decoded.soapVersion).toBe('1.2');
    expect(service.requests[0]?.headers['content-type']).toContain('application/soap+xml');
    const plain = clientOf(service, { dialect: 'plain' });
    expect(await errorOf(plain.soap)).toBeInstanceOf(TypeError);
    // It works as before.
    expect(await plain.stopJob(STOP)).toEqual({});
  });

  it('names the package when it is not installed, and calls still work', async () => {
    const service = await startService({ stopJob: () => ({}) });
    const ips = clientOf(service);
    // A program in a folder without the package: Node itself refuses it.
    const hooks = registerHooks({
      resolve: (specifier, context, next) =>
        specifier.split('?')[0] === 'soap' || /\/soap\/lib\/soap\.js/.test(specifier)
          ? next('soap', { ...context, parentURL: 'file:///nowhere/program.js' })
          : next(specifier, context),
    });
    let error: unknown;
    try {
      vi.resetModules();
      error = await errorOf(ips.soap);
    } finally {
      hooks.deregister();
      vi.resetModules();
    }
    expect(error).toMatchObject({
      message: 'ips.soap: the optional package soap is not installed; run npm install soap',
      cause: { code: 'ERR_MODULE_NOT_FOUND' },
    });
    expect(await ips.stopJob(STOP)).toEqual({});
    // Once it is there, the same client finds it.
    expect(await ips.soap).toBeInstanceOf(Client);
  });

  it('leaks no password into the history or errors of this client', async () => {
    const service = await startService({ stopJob: () => ({}), pauseJob: (_, { xml }) => raw(xml, 400) });
    const ips = clientOf(service);
    await ips.soap;
    await ips.stopJob(STOP);
    const error = await errorOf(ips.pauseJob(STOP));
    const shown = inspect([ips.history, error], { depth: 20, maxStringLength: null, showHidden: true });
    expect(shown).toContain('[secret]');
    expect(shown).not.toContain(PASSWORD);
    expect(shown).not.toContain('Tr0ub4dor');
  });
});
