import type { AgentOptions } from 'node:https';

/** How connections are secured. Certificates are always checked, unless `dangerouslyTrustAnyCertificate` is set. */
export interface TlsOptions {
  /** Certificates to trust in addition to those of the system, in PEM. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** The client's certificate and key, in PEM. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  readonly passphrase?: string | undefined;
  /** Trust any certificate. Anyone in between can then read passwords, so use it only to test against your own server. */
  readonly dangerouslyTrustAnyCertificate?: boolean | undefined;
}

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

function isOne(ca: TlsOptions['ca']): ca is string | Buffer {
  return typeof ca === 'string' || Buffer.isBuffer(ca);
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
  const text = Buffer.isBuffer(value) ? value.toString('latin1') : value;
  if (typeof text !== 'string')
    throw new TypeError(
      `${option} is ${value === null ? 'null' : `a ${typeof value}`}; expected ${what} in PEM, as text or a Buffer`,
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
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

/** Certificates given to Node would replace those of the system, so both are given. */
async function withSystemCertificates(ca: NonNullable<TlsOptions['ca']>): Promise<(string | Buffer)[]> {
  const tls = await import('node:tls');
  const system = tls.getCACertificates?.('default') ?? tls.rootCertificates;
  return [...system, ...(isOne(ca) ? [ca] : ca)];
}
