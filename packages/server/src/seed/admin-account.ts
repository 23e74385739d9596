/** The administrator of a running server. */
export interface AdminAccount {
  readonly email: string;
  /** Empty if it is not known, because it was stored at an earlier start. */
  readonly password: string;
}

/**
 * Where the password of a server's administrator comes from: `given` in the options, the `default`, `generated` at this start, or
 * `stored` at an earlier start and different from the given or the default one.
 */
export type PasswordSource = 'given' | 'default' | 'generated' | 'stored';

/** The administrator to create. */
export interface AdminOptions {
  readonly email: string;
  /**
   * The password, or a function that is called only when one is needed: to create the administrator, or to reset the password. Default:
   * `admin-password` on a loopback address, otherwise a random one.
   */
  readonly password?: string | (() => string | Promise<string>) | undefined;
}
