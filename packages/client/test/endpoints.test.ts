import { createIpsClient, endpointsOf, type Region, type Stage } from '@ips-sdk/client';
import { describe, expect, it } from 'vitest';

const auth = { accessToken: 't' };

describe('the endpoints', () => {
  it('are known for each region and stage', () => {
    const hosts = (['na', 'emea', 'apac'] as const).flatMap((region) =>
      (['production', 'staging'] as const).map((stage) => {
        const { soap, plain, upload } = endpointsOf(region, stage);
        expect([new URL(soap).pathname, new URL(plain).pathname, new URL(upload).pathname]).toEqual([
          '/scene7/services/IpsApiService',
          '/scene7/api/IpsApiService',
          '/scene7/UploadFile',
        ]);
        expect(new URL(plain).host).toBe(new URL(soap).host);
        return [new URL(soap).host, new URL(upload).host];
      }),
    );
    expect(hosts).toEqual([
      ['s7sps1apissl.scene7.com', 's7sps1ssl.scene7.com'],
      ['s7sps1apissl-staging.scene7.com', 's7sps1ssl-staging.scene7.com'],
      ['s7sps3apissl.scene7.com', 's7sps3ssl.scene7.com'],
      ['s7sps3apissl-staging.scene7.com', 's7sps3ssl-staging.scene7.com'],
      ['s7sps5apissl.scene7.com', 's7sps5ssl.scene7.com'],
      ['s7sps5apissl-staging.scene7.com', 's7sps5ssl-staging.scene7.com'],
    ]);
  });

  it('of a client are those of its region, in production by default', () => {
    expect(createIpsClient({ region: 'apac', auth }).endpoints).toEqual(endpointsOf('apac', 'production'));
    expect(createIpsClient({ region: 'na', stage: 'staging', auth }).endpoints).toEqual(
      endpointsOf('na', 'staging'),
    );
  });

  it('stand beside the one that is given', () => {
    const beside = (endpoint: string, uploadEndpoint?: string) =>
      createIpsClient({ endpoint, uploadEndpoint, auth }).endpoints;
    expect(beside('http://localhost:8080/ips/services/IpsApiService')).toEqual({
      soap: 'http://localhost:8080/ips/services/IpsApiService',
      plain: 'http://localhost:8080/ips/api/IpsApiService',
      upload: 'http://localhost:8080/ips/UploadFile',
    });
    expect(beside('https://proxy.example.com/anything').upload).toBe(
      'https://proxy.example.com/scene7/UploadFile',
    );
    expect(beside('https://proxy.example.com/x', 'https://files.example.com/up').upload).toBe(
      'https://files.example.com/up',
    );
    const plain = createIpsClient({
      endpoint: 'https://proxy.example.com/scene7/api/IpsApiService',
      dialect: 'plain',
      auth,
    });
    expect(plain.endpoints.plain).toBe('https://proxy.example.com/scene7/api/IpsApiService');
  });

  it.each([
    'http://127.0.0.1:8080',
    'http://127.0.0.1:8080/',
    ' http://127.0.0.1:8080/scene7',
    'http://127.0.0.1:8080/scene7/services/',
    'http://127.0.0.1:8080/scene7/services/IpsApiService',
    'http://127.0.0.1:8080/scene7/services/IpsApiService?wsdl',
  ])('are completed where only their beginning is given: %s', (endpoint) => {
    expect(createIpsClient({ endpoint, auth }).endpoints).toEqual({
      soap: 'http://127.0.0.1:8080/scene7/services/IpsApiService',
      plain: 'http://127.0.0.1:8080/scene7/api/IpsApiService',
      upload: 'http://127.0.0.1:8080/scene7/UploadFile',
    });
    expect(createIpsClient({ endpoint, auth, dialect: 'plain' }).endpoints.plain).toBe(
      'http://127.0.0.1:8080/scene7/api/IpsApiService',
    );
  });

  it('that cannot be are refused when the client is made', () => {
    expect(() => createIpsClient({ auth })).toThrow(/^region: expected a region or an endpoint$/);
    expect(() => createIpsClient({ region: 'mars' as Region, auth })).toThrow(
      'region: expected "na", "emea" or "apac", found "mars"',
    );
    expect(() => createIpsClient({ region: 'na', stage: 'test' as Stage, auth })).toThrow(
      /^stage: expected "production" or "staging", found "test"$/,
    );
    expect(() => createIpsClient({ endpoint: 'localhost', auth })).toThrow(
      'endpoint: expected the http or https URL of the SOAP service, found "localhost"; ' +
        'did you mean http://localhost/scene7/services/IpsApiService?',
    );
    expect(() => createIpsClient({ endpoint: 's7sps1apissl.scene7.com', auth })).toThrow(
      'did you mean https://s7sps1apissl.scene7.com/scene7/services/IpsApiService?',
    );
    expect(() => createIpsClient({ endpoint: 'localhost:8080/scene7/', auth })).toThrow(
      'did you mean http://localhost:8080/scene7/services/IpsApiService?',
    );
    expect(() => createIpsClient({ endpoint: 'somewhere nice', auth })).toThrow(/found "somewhere nice"$/);
    expect(() => createIpsClient({ endpoint: 'http://ann:secret@localhost', auth })).toThrow(
      /^endpoint: expected a URL without credentials/,
    );
    expect(() => createIpsClient({ endpoint: 'ftp://localhost/', auth })).toThrow(
      /^endpoint: expected the http or https URL/,
    );
    expect(() => createIpsClient({ region: 'na' } as never)).toThrow(/^auth: expected /);
    expect(() => createIpsClient({ region: 'na', auth, timeout: 0 })).toThrow(
      'timeout: expected a number of milliseconds above 0, found 0',
    );
    expect(() => createIpsClient({ region: 'na', auth, concurrency: -1 })).toThrow(
      /^concurrency: expected a whole number from 1, found -1$/,
    );
  });
});
