/** TLS settings. Certificates are verified unless `dangerouslyTrustAnyCertificate` is set. */
export interface TlsOptions {
  /** Certificates to trust in addition to the system's, in PEM format. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** Client certificate, in PEM format. */
  readonly cert?: string | Uint8Array | undefined;
  /** Private key of the client certificate, in PEM format. */
  readonly key?: string | Uint8Array | undefined;
  /** Passphrase of an encrypted `key`. */
  readonly passphrase?: string | undefined;
  /** Disables certificate verification. Anyone on the network path can then read passwords. Use it only with your own test server. */
  readonly dangerouslyTrustAnyCertificate?: boolean | undefined;
}
