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
