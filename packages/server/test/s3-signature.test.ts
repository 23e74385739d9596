// Signatures of the client against those that the documentation of Amazon S3 publishes, and against curl.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AwsV4Signer } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3FileStore } from '../src/files/s3/s3-file-store.js';
import { parseS3Location } from '../src/files/s3/s3-location.js';
import { keyOf } from '../src/files/stored-files.js';
import { BUCKET, FaultProxy, S3_KEYS, type S3Service, startS3 } from './support/s3-service.js';
import { isSignedWith } from './support/s3-signature.js';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and sigv4-query-string-auth.html */
const PUBLISHED = [
  {
    name: 'GET Bucket Lifecycle',
    url: '/?lifecycle',
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    name: 'Get Bucket (List Objects)',
    url: '/?max-keys=2&prefix=J',
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
  {
    name: 'GET Object by query',
    url: '/test.txt?X-Amz-Expires=86400',
    isQuery: true,
    signature: 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  },
];

describe('a signature of the documentation', () => {
  it.each(PUBLISHED)('$name is made and accepted', async ({ url, signature, isQuery = false }) => {
    const signed = await new AwsV4Signer({
      method: 'GET',
      url: `https://examplebucket.s3.amazonaws.com${url}`,
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: SECRET,
      service: 's3',
      region: 'us-east-1',
      datetime: '20130524T000000Z',
      ...(isQuery ? { signQuery: true } : { headers: { 'x-amz-content-sha256': EMPTY } }),
    }).sign();
    const found = isQuery
      ? signed.url.searchParams.get('X-Amz-Signature')
      : /Signature=(\w+)/.exec(signed.headers.get('authorization') ?? '')?.[1];
    expect(found).toBe(signature);
    const request = {
      method: 'GET',
      url: `${signed.url.pathname}${signed.url.search}`,
      headers: { host: signed.url.host, ...Object.fromEntries(signed.headers) },
    };
    expect(isSignedWith(SECRET, request)).toBe(true);
    expect(isSignedWith('another', request)).toBe(false);
    expect(isSignedWith(SECRET, { ...request, method: 'PUT' })).toBe(false);
    expect(isSignedWith(SECRET, { ...request, url: `${request.url}&more=1` })).toBe(false);
  });
});

describe('with curl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ips-s3-curl-'));
  let service: S3Service;
  let proxy: FaultProxy;
  beforeAll(async () => {
    service = await startS3();
    proxy = await FaultProxy.start(service.url);
  });
  afterAll(async () => {
    await proxy.stop();
    await service.stop();
    rmSync(folder, { recursive: true });
  });

  it('an object is what the store has written, and its URL opens without keys', async (context) => {
    const { stdout: version } = spawnSync('curl', ['--version'], { encoding: 'utf8' });
    if (!/^curl (?:[89]|7\.(?:8[6-9]|9))/.test(version ?? '')) context.skip('no curl that signs for S3');
    const store = new S3FileStore({
      location: parseS3Location(`s3://${BUCKET}/curl?endpoint=${proxy.url}`, S3_KEYS),
      directory: folder,
      maxCopyBytes: 1e6,
      presignedDownloads: true,
    });
    const { hash } = await store.put(Buffer.from('red shoes'));
    const run = promisify(execFile);
    const url = `${proxy.url}/${BUCKET}/curl/${keyOf(hash)}`;
    const signedBy = async (secret: string): Promise<string> =>
      (
        await run('curl', [
          ...['-s', '--user', `S3RVER:${secret}`, '--aws-sigv4', 'aws:amz:us-east-1:s3'],
          // Older versions leave it out.
          ...['-H', `x-amz-content-sha256: ${EMPTY}`, url],
        ])
      ).stdout;
    expect(await signedBy('S3RVER')).toBe('red shoes');
    expect(await signedBy('WRONG')).toContain('SignatureDoesNotMatch');
    const disposition = `attachment; filename*=UTF-8''red%20shoes%20%28%C3%A9%29.txt`;
    const link = (await store.downloadUrl(hash, { mediaType: 'text/plain', disposition })) ?? '';
    const { stdout } = await run('curl', ['-s', '-i', link]);
    expect(stdout).toMatch(/^HTTP\/1.1 200/);
    expect(stdout.toLowerCase()).toContain(`content-disposition: ${disposition.toLowerCase()}`);
    expect(stdout).toContain('red shoes');
    expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('300');
    expect(link).not.toContain('+');
    const { stdout: changed } = await run('curl', ['-s', link.replace('text%2Fplain', 'text%2Fhtml')]);
    expect(changed).toContain('SignatureDoesNotMatch');
    await store.close();
  });
});
