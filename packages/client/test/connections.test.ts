import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIpsClient, type TlsOptions } from '@ips-sdk/client';
import { codec } from '@ips-sdk/wire';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { listen, startService, stop } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf } from './support/clients.js';
import { startTcp } from './support/tcp-service.js';

const STOP = { jobHandle: 'j|6|Nightly|' };
const VARIABLES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'NODE_TLS_REJECT_UNAUTHORIZED'];
const before = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));

afterEach(() => {
  for (const name of VARIABLES) {
    const value = before[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}

/** A proxy that forwards requests and tunnels, and records them. */
async function startProxy() {
  const asked: { method: string; url: string; authorization: string | undefined }[] = [];
  const note = (request: IncomingMessage): void =>
    void asked.push({
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers['proxy-authorization'],
    });
  const server = createHttpServer((request, response) => {
    note(request);
    const { port, pathname } = new URL(request.url ?? '');
    const onward = connect(Number(port), '127.0.0.1', () => {
      onward.write(
        `POST ${pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\nContent-Type: text/xml\r\nContent-Length: ${request.headers['content-length']}\r\n\r\n`,
      );
      request.pipe(onward, { end: false });
    });
    onward.pipe(response.socket as NodeJS.WritableStream);
  });
  server.on('connect', (request: IncomingMessage, socket) => {
    note(request);
    const onward = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    for (const one of [socket, onward]) one.on('error', () => undefined);
  });
  await listen(server);
  onTestFinished(() => stop(server));
  return { asked, port: portOf(server) };
}

/** A service over TLS, with a certificate that its own authority signed. */
async function startSecureService() {
  const folder = await mkdtemp(join(tmpdir(), 'ips-client-tls-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  const pem = await readFile(cert, 'utf8');
  const server = createTlsServer({ key: await readFile(key), cert: pem }, (request, response) => {
    request.resume();
    request.once('end', () =>
      response.writeHead(200, { 'Content-Type': 'text/xml' }).end(codec.encodeResponse('stopJob', {})),
    );
  });
  await listen(server);
  onTestFinished(() => stop(server as never));
  return {
    endpoint: `https://localhost:${portOf(server)}/scene7/services/IpsApiService`,
    port: portOf(server),
    pem,
  };
}

const openssl = spawnSync('openssl', ['version']).status === 0;

describe('a proxy', () => {
  it('that the environment names is used, with its credentials, unless no_proxy lists the host', async () => {
    const service = await startService({ stopJob: () => ({}) });
    const proxy = await startProxy();
    process.env['http_proxy'] = `http://ann:pw@127.0.0.1:${proxy.port}`;
    await clientOf(service).stopJob(STOP);
    expect(proxy.asked).toEqual([
      {
        method: 'POST',
        url: service.endpoint,
        authorization: `Basic ${Buffer.from('ann:pw').toString('base64')}`,
      },
    ]);
    process.env['no_proxy'] = '127.0.0.1';
    await clientOf(service).stopJob(STOP);
    expect(proxy.asked).toHaveLength(1);
    expect(service.requests).toHaveLength(2);
  });

  it.skipIf(!openssl)(
    'tunnels to a service over TLS, whose certificate is checked all the same',
    async () => {
      const service = await startSecureService();
      const proxy = await startProxy();
      process.env['https_proxy'] = `http://127.0.0.1:${proxy.port}`;
      await clientOf(service, { tls: { ca: service.pem } }).stopJob(STOP);
      expect(proxy.asked).toEqual([
        { method: 'CONNECT', url: `localhost:${service.port}`, authorization: undefined },
      ]);
      expect(await errorOf(clientOf(service).stopJob(STOP))).toMatchObject({
        name: 'ConnectionError',
        untrusted: true,
      });
    },
  );

  it('that is no proxy for HTTP is an error without its password', async () => {
    const service = await startService({ stopJob: () => ({}) });
    process.env['http_proxy'] = 'socks5://ann:s3cret@127.0.0.1:1';
    const error = await errorOf(clientOf(service).stopJob(STOP));
    expect(error).toMatchObject({ name: 'ConfigError', setting: 'http_proxy' });
    expect(error.message).toMatch(/^http_proxy: expected the http or https URL of a proxy .* scheme socks5$/);
    expect(error.message).not.toContain('s3cret');
  });
});

describe.skipIf(!openssl)('a certificate', () => {
  it('that nobody vouches for is refused, once, and whatever the environment says', async () => {
    const service = await startSecureService();
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const retries: unknown[] = [];
    const ips = clientOf(service, { hooks: { onRetry: (event) => void retries.push(event) } });
    expect(await errorOf(ips.getActiveJobs())).toMatchObject({
      name: 'ConnectionError',
      untrusted: true,
      notSent: true,
    });
    expect(retries).toEqual([]);
  });

  it('is trusted when its authority is given, or when checking is turned off by its telling name', async () => {
    const service = await startSecureService();
    await clientOf(service, { tls: { ca: service.pem } }).stopJob(STOP);
    await clientOf(service, { tls: { ca: [Buffer.from(service.pem)] } }).stopJob(STOP);
    await clientOf(service, { tls: { ca: new TextEncoder().encode(service.pem) } }).stopJob(STOP);
    // No amount of waiting makes a certificate trusted.
    const waiting = clientOf(service).jobs.get({ name: 'Publish' }).wait();
    expect(await errorOf(waiting)).toMatchObject({ name: 'ConnectionError', untrusted: true });
    await clientOf(service, { tls: { dangerouslyTrustAnyCertificate: true } }).stopJob(STOP);
  });
});

describe('certificates and keys', () => {
  const made = (tls: unknown) => () =>
    createIpsClient({ region: 'na', auth: { user: 'a', password: 'b' }, tls: tls as TlsOptions });

  it.each([
    [
      'the path of a file',
      { ca: '/etc/ssl/own-ca.pem' },
      /^tls\.ca: expected certificates in PEM format, found the path "\/etc\/ssl\/own-ca\.pem"/,
    ],
    [
      'a Windows path',
      { ca: 'C:\\certs\\ca.pem' },
      /^tls\.ca: expected .* found the path .*: pass the content of the file/,
    ],
    ['junk', { ca: 'junk' }, /^tls\.ca: expected certificates in PEM format, which starts with -----BEGIN$/],
    ['nothing', { ca: '' }, /^tls\.ca: expected certificates in PEM/],
    ['one of a list', { ca: [Buffer.from('junk')] }, /^tls\.ca\[0\]: expected certificates/],
    ['a number', { ca: 5 }, /^tls\.ca/],
    [
      'a key in place of a certificate',
      { cert: '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----' },
      /^tls\.cert: expected .* found no complete certificate/,
    ],
    [
      'a certificate that was cut',
      { ca: '-----BEGIN CERTIFICATE-----\nMIIB' },
      /^tls\.ca: expected .* found no complete certificate/,
    ],
    [
      'a certificate of junk',
      { ca: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----' },
      /^tls\.ca: expected .* found an unreadable one at position 1$/,
    ],
    [
      'a key of junk',
      { key: '-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----' },
      /^tls\.key: expected a private key in PEM format, found an unreadable key$/,
    ],
  ])('are refused at once: %s', (_name, tls, message) => {
    expect(made(tls)).toThrow(TypeError);
    expect(made(tls)).toThrow(message);
  });
});

describe('another protocol', () => {
  it('is said so, and not tried again: TLS to a server of plain HTTP', async () => {
    const service = await startService({ getActiveJobs: () => ({ jobArray: [] }) });
    let tries = 0;
    const ips = clientOf(
      { endpoint: service.endpoint.replace('http:', 'https:') },
      { hooks: { onRequest: () => void (tries += 1) } },
    );
    const error = await errorOf(ips.getActiveJobs());
    expect(error).toMatchObject({ name: 'ConnectionError', otherProtocol: true, untrusted: false });
    expect(error.message).toBe('getActiveJobs: the server does not use TLS; try the URL with http');
    expect(tries).toBe(1);
  });

  it('is not tried again either where no HTTP is spoken', async () => {
    const service = await startTcp((socket) => void socket.end('220 mail.example.com ESMTP\r\n'));
    const error = await errorOf(clientOf(service).getActiveJobs());
    expect(error).toMatchObject({ name: 'ConnectionError', otherProtocol: true });
    expect(service.connections()).toBe(1);
  });
});

describe.skipIf(!openssl)('a proxy without a scheme', () => {
  it('is one of HTTP, as for curl', async () => {
    const service = await startSecureService();
    const proxy = await startProxy();
    process.env['https_proxy'] = `127.0.0.1:${proxy.port}`;
    await clientOf(service, { tls: { ca: service.pem } }).stopJob(STOP);
    expect(proxy.asked).toEqual([
      { method: 'CONNECT', url: `localhost:${service.port}`, authorization: undefined },
    ]);
  });
});
