import type { AgentOptions } from 'node:https';
import { ConfigError } from '../config-error.js';
import type { TlsOptions } from './tls-options.js';

/** TLS settings of a connection. */
export type TlsSettings = Pick<AgentOptions, 'rejectUnauthorized' | 'ca' | 'cert' | 'key' | 'passphrase'>;

/**
 * Checks certificates and keys before anything is sent. OpenSSL skips unreadable certificates, and the connection would later fail as
 * untrusted.
 *
 * @throws ConfigError naming the option.
 */
export function checkTls({ ca, cert, key, passphrase }: TlsOptions): void {
  if (Array.isArray(ca)) for (const [i, one] of ca.entries()) checkCertificates(`tls.ca[${i}]`, one);
  else if (ca !== undefined) checkCertificates('tls.ca', ca);
  if (cert !== undefined) checkCertificates('tls.cert', cert);
  if (key === undefined) return;
  const text = pem('tls.key', key, 'a private key');
  try {
    process.getBuiltinModule('node:crypto').createPrivateKey({ key: text, passphrase });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ERR_MISSING_PASSPHRASE' ? 'an encrypted key without tls.passphrase' : 'an unreadable key';
    throw new ConfigError('tls.key', `expected a private key in PEM format, found ${why}`, error);
  }
}

const CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

function checkCertificates(option: string, value: unknown): void {
  const text = pem(option, value, 'certificates');
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length === 0)
    throw new ConfigError(option, 'expected certificates in PEM format, found no complete certificate');
  for (const [i, one] of found.entries()) {
    try {
      new X509Certificate(one);
    } catch (error) {
      throw new ConfigError(
        option,
        `expected certificates in PEM format, found an unreadable one at position ${i + 1}`,
        error,
      );
    }
  }
}

/** The text of a PEM file. Any other text may be a secret, so the message shows it only if it looks like a path. */
function pem(option: string, value: unknown, what: string): string {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  if (typeof text !== 'string')
    throw new ConfigError(
      option,
      `expected ${what} in PEM format as a string or bytes, found ${value === null ? 'null' : `a ${typeof value}`}`,
    );
  if (text.includes('-----BEGIN ')) return text;
  const path = text.length < 300 && /^[^\n]*[./\\][^\n]*$/.test(text) && !/\s{2}/.test(text);
  throw new ConfigError(
    option,
    path
      ? `expected ${what} in PEM format, found the path ${JSON.stringify(text)}: pass the content of the file, from readFileSync`
      : `expected ${what} in PEM format, which starts with -----BEGIN`,
  );
}

/** Converts options to settings for Node. */
export async function tlsSettings(options: TlsOptions): Promise<TlsSettings> {
  const { dangerouslyTrustAnyCertificate, ca, cert, key, passphrase } = options;
  return {
    // Set explicitly to override NODE_TLS_REJECT_UNAUTHORIZED.
    rejectUnauthorized: dangerouslyTrustAnyCertificate !== true,
    ...(ca === undefined ? {} : { ca: await withSystemCertificates(ca) }),
    ...(cert === undefined ? {} : { cert: forNode(cert) }),
    ...(key === undefined ? {} : { key: forNode(key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

/** Adds the system's certificates, which Node would otherwise replace. */
async function withSystemCertificates(ca: NonNullable<TlsOptions['ca']>): Promise<(string | Buffer)[]> {
  const tls = await import('node:tls');
  const system = tls.getCACertificates?.('default') ?? tls.rootCertificates;
  return [...system, ...(typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca).map(forNode)];
}

function forNode(pem: string | Uint8Array): string | Buffer {
  return typeof pem === 'string' ? pem : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength);
}
