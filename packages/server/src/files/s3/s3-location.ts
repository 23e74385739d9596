/** Keys of an account. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken: string | undefined;
}

/** A place for files in an S3-compatible service. */
export interface S3Location {
  /** The URL of the bucket, without a trailing slash. */
  readonly bucketUrl: string;
  readonly bucket: string;
  /** Begins every key: empty, or with a trailing slash. */
  readonly prefix: string;
  readonly region: string;
  readonly credentials: S3Credentials;
}

/** What a URL of a store looks like. */
const EXAMPLE = 's3://my-bucket/ips?endpoint=https://s3.example.com&region=eu-central-1';

/** The parameters of a URL of a store. */
const PARAMETERS = ['endpoint', 'region', 'addressing'];

/** The rule for names of buckets, without the few exceptions that services make themselves. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Reads the URL of a store, such as `s3://my-bucket/ips?endpoint=https://s3.example.com&region=eu-central-1`, with what it lacks from the
 * environment variables that the tools of AWS use: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,
 * `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, `AWS_REGION` and `AWS_DEFAULT_REGION`.
 *
 * @throws RangeError that names what is wrong. It contains no secrets.
 */
export function parseS3Location(text: string, environment: NodeJS.ProcessEnv): S3Location {
  const refuse = (problem: string): never => {
    throw new RangeError(`fileStore: ${problem}; expected a URL such as ${EXAMPLE}`);
  };
  // The text itself is not repeated where it may contain secrets.
  const url = URL.canParse(text) ? new URL(text) : refuse('found text that is not a URL');
  if (url.protocol !== 's3:') refuse(`found the scheme "${url.protocol}"`);
  if (url.username !== '' || url.password !== '' || url.host.includes('@'))
    refuse('found a user or password, which belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  if (!BUCKET.test(url.host)) refuse(`found the bucket "${url.host}"`);
  if (url.hash !== '') refuse('found a fragment');
  for (const name of url.searchParams.keys())
    if (!PARAMETERS.includes(name))
      refuse(`found the parameter "${name}", which is not ${PARAMETERS.join(', ')}`);
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
  if (!/^[\w.-]*(?:\/[\w.-]+)*$/.test(prefix) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(prefix))
    refuse(`found the prefix "${prefix}", which has more than letters, digits, "_", ".", "-" and "/"`);
  const region =
    url.searchParams.get('region') ??
    (environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || 'us-east-1');
  if (!/^[a-z0-9-]{2,40}$/.test(region)) refuse(`found the region "${region}"`);
  const endpoint =
    url.searchParams.get('endpoint') ??
    (environment['AWS_ENDPOINT_URL_S3'] || environment['AWS_ENDPOINT_URL'] || undefined);
  const addressing = url.searchParams.get('addressing') ?? (endpoint === undefined ? 'virtual' : 'path');
  if (addressing !== 'path' && addressing !== 'virtual')
    refuse(`found the addressing "${addressing}", which is not path or virtual`);
  const base = endpointOf(endpoint ?? `https://s3.${region}.amazonaws.com`, refuse);
  // Certificates of services do not cover names with further dots.
  if (addressing === 'virtual' && !url.host.includes('.')) base.hostname = `${url.host}.${base.hostname}`;
  else base.pathname = `${base.pathname.replace(/\/+$/, '')}/${url.host}`;
  return {
    bucketUrl: base.href.replace(/\/+$/, ''),
    bucket: url.host,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region,
    credentials: credentialsIn(environment),
  };
}

function endpointOf(text: string, refuse: (problem: string) => never): URL {
  const url = URL.canParse(text) ? new URL(text) : refuse('found an endpoint that is not a URL');
  if (url.username !== '' || url.password !== '') refuse('found a user or password in the endpoint');
  if (!/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    refuse(`found the endpoint "${text}"`);
  return url;
}

function credentialsIn(environment: NodeJS.ProcessEnv): S3Credentials {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId || !secretAccessKey) {
    const missing = accessKeyId ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID';
    throw new RangeError(
      `fileStore: set the keys of the S3-compatible service in the environment: ${missing} is missing`,
    );
  }
  return { accessKeyId, secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] || undefined };
}
