import type { Dialect } from '@ips-sdk/wire';
import { ConfigError } from './config-error.js';
import { redactXml } from './redact.js';

/** The region of an account: North America, Europe with the Middle East and Africa, or Asia Pacific. */
export type Region = 'na' | 'emea' | 'apac';

/** The live service, or the one for testing. */
export type Stage = 'production' | 'staging';

/** The URLs of the service. */
export interface Endpoints {
  /** The SOAP service. */
  readonly soap: string;
  /** The service without SOAP envelopes. */
  readonly plain: string;
  /** The UploadFile servlet. */
  readonly upload: string;
}

/** The options that locate the service. */
interface ServiceLocation {
  readonly region?: Region | undefined;
  readonly stage?: Stage | undefined;
  readonly endpoint?: string | undefined;
  readonly uploadEndpoint?: string | undefined;
  readonly dialect?: Dialect | undefined;
}

const REGION_NUMBERS: Readonly<Record<Region, number>> = { na: 1, emea: 3, apac: 5 };

/**
 * Returns the URLs of a region and stage.
 *
 * @throws ConfigError when the region or the stage is unknown.
 * @example
 * ```ts
 * import { endpointsOf } from '@ips-sdk/client';
 *
 * console.log(endpointsOf('emea', 'staging').soap);
 * // https://s7sps3apissl-staging.scene7.com/scene7/services/IpsApiService
 * ```
 */
export function endpointsOf(region: Region, stage: Stage = 'production'): Endpoints {
  const number = Object.hasOwn(REGION_NUMBERS, region) ? REGION_NUMBERS[region] : undefined;
  if (number === undefined)
    throw new ConfigError('region', `expected "na", "emea" or "apac", found ${JSON.stringify(region)}`);
  if (stage !== 'production' && stage !== 'staging')
    throw new ConfigError('stage', `expected "production" or "staging", found ${JSON.stringify(stage)}`);
  const suffix = stage === 'staging' ? '-staging' : '';
  const api = `https://s7sps${number}apissl${suffix}.scene7.com`;
  return {
    soap: `${api}/scene7/services/IpsApiService`,
    plain: `${api}/scene7/api/IpsApiService`,
    upload: `https://s7sps${number}ssl${suffix}.scene7.com/scene7/UploadFile`,
  };
}

const SOAP_PATH = '/scene7/services/IpsApiService';

/** Incomplete paths of the SOAP service. */
const BEGINNINGS = /^\/(?:scene7\/?|scene7\/services\/?)?$/;

/**
 * Completes the URL of the SOAP service from the URL of its WSDL or from the beginning of its URL, such as the origin. A URL with any other
 * path is returned unchanged.
 *
 * @throws ConfigError when the text is not an http or https URL. The message suggests the probable URL.
 * @example
 * ```ts
 * import { completeEndpoint } from '@ips-sdk/client';
 *
 * console.log(completeEndpoint('http://127.0.0.1:8080')); // http://127.0.0.1:8080/scene7/services/IpsApiService
 * ```
 */
export function completeEndpoint(text: string): string {
  const url = httpUrl(text);
  if (BEGINNINGS.test(url.pathname)) return new URL(SOAP_PATH, url.origin).href;
  if (/\/services\/[^/]+$/.test(url.pathname) && /^\?wsdl$/i.test(url.search)) url.search = '';
  return url.href;
}

function httpUrl(text: string): URL {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  // `localhost:8080` parses as a URL with the scheme localhost.
  const guess = /^[\w.-]+(?::\d+)?(?:\/\S*)?$/.test(trimmed)
    ? `${schemeFor(trimmed)}://${trimmed}`
    : undefined;
  const meant =
    guess !== undefined && URL.canParse(guess) ? `; did you mean ${completeEndpoint(guess)}?` : '';
  throw new ConfigError(
    'endpoint',
    `expected the http or https URL of the SOAP service, found ${JSON.stringify(redactXml(text))}${meant}`,
  );
}

/** A server on this machine or in a private network is assumed to have no TLS. */
function schemeFor(host: string): string {
  return /^(?:localhost|127\.|10\.|192\.168\.|[\w-]+(?::|\/|$))/.test(host) ? 'http' : 'https';
}

/**
 * Derives the other URLs of the service from its SOAP URL: they differ only in the path.
 *
 * @throws ConfigError when the text is not an http or https URL.
 */
function endpointsBeside(soap: string): Endpoints {
  const given = httpUrl(soap);
  const url = given.username === '' && given.password === '' ? new URL(completeEndpoint(soap)) : given;
  if (url.username !== '' || url.password !== '') {
    // The message leaves out the URL itself, which contains a secret.
    throw new ConfigError(
      'endpoint',
      'expected a URL without credentials; give them as auth: { basic: { user, password } }',
    );
  }
  const base = url.pathname.replace(/\/services\/[^/]*\/?$/, '');
  const at = (path: string): string => new URL(`${base}${path}`, url.origin).href;
  // A URL of another form is used unchanged. The others then have the default paths of the service.
  const known = base !== url.pathname;
  return {
    soap: url.href,
    plain: known ? at('/api/IpsApiService') : new URL('/scene7/api/IpsApiService', url.origin).href,
    upload: known ? at('/UploadFile') : new URL('/scene7/UploadFile', url.origin).href,
  };
}

/**
 * The service URLs of a client.
 *
 * @throws ConfigError when the options name no valid service.
 */
export function resolveEndpoints(options: ServiceLocation): Endpoints {
  if (options.endpoint === undefined && options.region === undefined) {
    throw new ConfigError('region', 'expected a region or an endpoint');
  }
  const found =
    options.endpoint === undefined
      ? endpointsOf(options.region ?? 'na', options.stage)
      : endpointsBeside(options.endpoint);
  const { soap, plain, upload } = found;
  // With the plain dialect, the endpoint is the URL of the plain form.
  const given = options.dialect === 'plain' && options.endpoint !== undefined && !/\/services\//.test(soap);
  return { soap, plain: given ? soap : plain, upload: options.uploadEndpoint ?? upload };
}
