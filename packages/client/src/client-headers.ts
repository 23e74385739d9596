import { readFileSync } from 'node:fs';
import type { Credentials, IpsClientOptions } from './options.js';

let version: string | undefined;

/** The version of this package, read on first use. */
function clientVersion(): string {
  version ??= (
    JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  ).version;
  return version;
}

/** The fields of `authHeader`. The versioned form requires the name and version of an application, so they are always set. */
export function authHeader(
  options: IpsClientOptions,
  credentials: Credentials,
  locale: string | undefined,
): Record<string, unknown> {
  const { name, version: appVersion } = options.app ?? { name: 'ips-sdk', version: clientVersion() };
  return {
    ...('user' in credentials ? { user: credentials.user, password: credentials.password } : {}),
    ...('accessToken' in credentials ? { accessToken: credentials.accessToken } : {}),
    ...('samlResponse' in credentials ? { samlResponse: credentials.samlResponse } : {}),
    ...(locale === undefined ? {} : { locale }),
    appName: name,
    appVersion,
    ...(options.gzip === false ? {} : { gzipResponse: true }),
  };
}

/** The HTTP headers of a request. */
export function httpHeaders(
  options: IpsClientOptions,
  credentials: Credentials,
  operation: string,
  body: string,
): Record<string, string> {
  const soap12 = options.soapVersion === '1.2' && options.dialect !== 'plain';
  return {
    'Content-Type': soap12
      ? `application/soap+xml; charset=UTF-8; action="${operation}"`
      : 'text/xml; charset=UTF-8',
    ...(soap12 ? {} : { SOAPAction: `"${operation}"` }),
    'Content-Length': String(Buffer.byteLength(body)),
    ...commonHeaders(options),
    ...('basic' in credentials ? { Authorization: basicAuthorization(credentials.basic) } : {}),
  };
}

/** The HTTP headers of a request to the servlet, apart from those of its body. The servlet reads credentials from the body. */
export function servletHeaders(options: IpsClientOptions): Record<string, string> {
  return commonHeaders(options);
}

function commonHeaders(options: IpsClientOptions): Record<string, string> {
  const { app } = options;
  return {
    'User-Agent': `ips-sdk-client/${clientVersion()}${app ? ` (${asciiOnly(app.name)}/${asciiOnly(app.version)})` : ''}`,
    Accept: 'text/xml, application/soap+xml, application/xml;q=0.9',
    'Accept-Encoding': options.gzip === false ? 'identity' : 'gzip',
  };
}

function basicAuthorization({
  user,
  password,
}: {
  readonly user: string;
  readonly password: string;
}): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Replaces characters that a header cannot contain, such as line breaks. */
function asciiOnly(text: string): string {
  return text.replace(/[^\x20-\x7e]|[()\\]/g, '?');
}
