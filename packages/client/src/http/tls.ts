import type { AgentOptions } from 'node:https';
import type { TlsOptions } from './tls-options.js';

/** What a connection is made with. */
export type TlsSettings = Pick<AgentOptions, 'rejectUnauthorized' | 'ca' | 'cert' | 'key' | 'passphrase'>;

/**
 * Checks certificates and keys before anything is sent. OpenSSL would pass over certificates that it cannot read, and the connection
 * would fail later as untrusted.
 *
 * @throws TypeError naming the option that is wrong.
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
      code === 'ERR_MISSING_PASSPHRASE' ? 'it is encrypted; give tls.passphrase' : 'it cannot be read';
    throw new TypeError(`tls.key: expected a private key in PEM, but ${why}`, { cause: error });
  }
}

const CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

function checkCertificates(option: string, value: unknown): void {
  const text = pem(option, value, 'certificates');
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length === 0)
    throw new TypeError(`${option} holds no whole certificate; expected certificates in PEM`);
  for (const [i, one] of found.entries()) {
    try {
      new X509Certificate(one);
    } catch (error) {
      throw new TypeError(`${option}: its certificate number ${i + 1} cannot be read`, { cause: error });
    }
  }
}

/** The text of a PEM file. What is no PEM may be a secret, so the message shows it only where it looks like the path of a file. */
function pem(option: string, value: unknown, what: string): string {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  if (typeof text !== 'string')
    throw new TypeError(
      `${option} is ${value === null ? 'null' : `a ${typeof value}`}; expected ${what} in PEM, as text or bytes`,
    );
  if (text.includes('-----BEGIN ')) return text;
  const path = text.length < 300 && /^[^\n]*[./\\][^\n]*$/.test(text) && !/\s{2}/.test(text);
  throw new TypeError(
    path
      ? `${option} is ${JSON.stringify(text)}; expected ${what} in PEM, not the path of a file: give what readFileSync reads from it`
      : `${option}: expected ${what} in PEM, which begin with -----BEGIN`,
  );
}

/** The settings of connections. */
export async function tlsSettings(options: TlsOptions): Promise<TlsSettings> {
  const { dangerouslyTrustAnyCertificate, ca, cert, key, passphrase } = options;
  return {
    // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED in the environment has no effect.
    rejectUnauthorized: dangerouslyTrustAnyCertificate !== true,
    ...(ca === undefined ? {} : { ca: await withSystemCertificates(ca) }),
    ...(cert === undefined ? {} : { cert: forNode(cert) }),
    ...(key === undefined ? {} : { key: forNode(key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

/** Certificates given to Node would replace those of the system, so both are given. */
async function withSystemCertificates(ca: NonNullable<TlsOptions['ca']>): Promise<(string | Buffer)[]> {
  const tls = await import('node:tls');
  const system = tls.getCACertificates?.('default') ?? tls.rootCertificates;
  return [...system, ...(typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca).map(forNode)];
}

function forNode(pem: string | Uint8Array): string | Buffer {
  return typeof pem === 'string' ? pem : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength);
}
