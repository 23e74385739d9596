import { describe, expect, it } from 'vitest';
import { parseS3Location } from '../src/files/s3/s3-location.js';

const KEYS = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
const parse = (url: string, environment: NodeJS.ProcessEnv = {}) =>
  parseS3Location(url, { ...KEYS, ...environment });

describe('the URL of a store', () => {
  it.each([
    ['s3://shoes', {}, 'https://shoes.s3.us-east-1.amazonaws.com', '', 'us-east-1'],
    ['s3://shoes/', { AWS_REGION: 'eu-west-1' }, 'https://shoes.s3.eu-west-1.amazonaws.com', '', 'eu-west-1'],
    ['s3://shoes/a?region=eu-west-1', {}, 'https://shoes.s3.eu-west-1.amazonaws.com', 'a/', 'eu-west-1'],
    ['s3://my.shoes', {}, 'https://s3.us-east-1.amazonaws.com/my.shoes', '', 'us-east-1'],
    [
      's3://shoes/a/b/',
      { AWS_ENDPOINT_URL: 'http://minio:9000/' },
      'http://minio:9000/shoes',
      'a/b/',
      'us-east-1',
    ],
    [
      's3://shoes?endpoint=http://one:1',
      { AWS_ENDPOINT_URL_S3: 'http://two:2', AWS_DEFAULT_REGION: 'auto' },
      'http://one:1/shoes',
      '',
      'auto',
    ],
    [
      's3://shoes?addressing=virtual',
      { AWS_ENDPOINT_URL_S3: 'https://s3.example.com', AWS_ENDPOINT_URL: 'https://other.example.com' },
      'https://shoes.s3.example.com',
      '',
      'us-east-1',
    ],
    ['s3://shoes?endpoint=https://host/gateway/', {}, 'https://host/gateway/shoes', '', 'us-east-1'],
  ] as const)('%s with %o', (url, environment, bucketUrl, prefix, region) => {
    expect(parse(url, environment)).toEqual({
      bucketUrl,
      prefix,
      region,
      bucket: new URL(url).host,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: undefined },
    });
  });

  it.each([
    ['shoes', 'found text that is not a URL'],
    ['https://shoes.s3.amazonaws.com', 'found the scheme "https:"'],
    ['s3://key:hidden@shoes/', 'belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
    ['s3://shoes?endpoint=https://key:hidden@host', 'found a user or password in the endpoint'],
    ['s3://shoes?endpoint=host', 'found an endpoint that is not a URL'],
    ['s3://shoes?endpoint=ftp://host', 'found the endpoint "ftp://host"'],
    ['s3://shoes?secret=hidden', 'found the parameter "secret"'],
    ['s3://Sh_oes', 'found the bucket "Sh_oes"'],
    ['s3://shoes/../b c', 'found the prefix "b%20c"'],
    ['s3://shoes/a//b', 'found the prefix "a//b"'],
    ['s3://shoes?region=eu%20west', 'found the region "eu west"'],
    ['s3://shoes?addressing=other', 'found the addressing "other"'],
    ['s3://shoes#part', 'found a fragment'],
  ])('%s is refused, and secrets in it are not repeated', (url, problem) => {
    expect(() => parse(url)).toThrow(problem);
    expect(() => parse(url)).toThrow('expected a URL such as s3://my-bucket/ips?endpoint=');
    expect(() => parse(url)).not.toThrow('hidden');
  });

  it('needs keys, which the environment has', () => {
    expect(() => parseS3Location('s3://shoes', {})).toThrow('AWS_ACCESS_KEY_ID is missing');
    expect(() => parseS3Location('s3://shoes', { AWS_ACCESS_KEY_ID: 'key' })).toThrow(
      'AWS_SECRET_ACCESS_KEY is missing',
    );
    expect(parse('s3://shoes', { AWS_SESSION_TOKEN: 'token' }).credentials.sessionToken).toBe('token');
  });
});
