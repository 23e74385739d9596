/** How connections are secured. Certificates are always checked, unless `dangerouslyTrustAnyCertificate` is set. */
export interface TlsOptions {
  /** Certificates to trust in addition to those of the system, in PEM. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** The client's certificate and key, in PEM. */
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
  readonly passphrase?: string | undefined;
  /** Trust any certificate. Anyone in between can then read passwords, so use it only to test against your own server. */
  readonly dangerouslyTrustAnyCertificate?: boolean | undefined;
}

/**
 * The same as Node takes them.
 *
 * @internal
 */
export interface NodeTlsOptions extends Omit<TlsOptions, 'ca' | 'cert' | 'key'> {
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
}

/** @internal */
export function nodeTlsOptions({ ca, cert, key, ...rest }: TlsOptions): NodeTlsOptions {
  return {
    ...rest,
    ca: typeof ca === 'object' && !(ca instanceof Uint8Array) ? ca.map(pem) : ca && pem(ca),
    cert: cert && pem(cert),
    key: key && pem(key),
  };
}

function pem(value: string | Uint8Array): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
