// Checks signatures of requests by the description of Signature Version 4 in the documentation of Amazon S3, with none of the code that makes
// them. It accepts those of curl.
import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A request with a signature. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Whether a request has the signature of a secret, in its headers or its query. */
export function isSignedWith(secret: string, { method, url, headers }: SignedRequest): boolean {
  const { pathname, searchParams } = new URL(url, 'http://host');
  const presigned = searchParams.get('X-Amz-Signature');
  const [, credential = '', names = '', given = ''] =
    presigned === null
      ? (/^AWS4-HMAC-SHA256 Credential=(\S+), ?SignedHeaders=(\S+), ?Signature=(\w+)$/.exec(
          headers.authorization ?? '',
        ) ?? [])
      : [
          '',
          searchParams.get('X-Amz-Credential') ?? '',
          searchParams.get('X-Amz-SignedHeaders') ?? '',
          presigned,
        ];
  const [, ...scope] = credential.split('/');
  const [day = '', region = '', service = '', end = ''] = scope;
  const query = [...searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1));
  const canonical = [
    method,
    decodeURIComponent(pathname).split('/').map(encoded).join('/'),
    query.map((pair) => pair.join('=')).join('&'),
    ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    presigned === null ? headers['x-amz-content-sha256'] : 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const date = presigned === null ? headers['x-amz-date'] : searchParams.get('X-Amz-Date');
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  const key = [day, region, service, end].reduce<string | Buffer>(
    (last, part) => hmac(last, part),
    `AWS4${secret}`,
  );
  return given === hmac(key, text).toString('hex');
}
