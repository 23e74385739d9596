import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import { isLoopback } from '../net/loopback.js';
import type { Logins } from '../passwords/logins.js';
import { generatePassword } from '../passwords/password-rules.js';
import type { AdminAccount, AdminOptions, PasswordSource } from './admin-account.js';

const DEFAULT: { readonly email: string; readonly password: string } = {
  email: 'admin@example.com',
  password: 'admin-password',
};

/** Its queue in the pool of hashes. */
const KEY = 'start';

/** The options of the server that decide about its administrator. */
export interface AdministratorOptions {
  readonly admin?: AdminOptions | undefined;
  readonly resetAdmin?: boolean | undefined;
  readonly host?: string | undefined;
  readonly publicUrl?: string | undefined;
}

/** Decides about the administrator's password, and hashes it at most once. */
export class Administrator {
  readonly #logins: Logins;
  readonly #options: AdministratorOptions;
  readonly #email: string;
  #password = '';
  #source: PasswordSource = 'stored';
  #hash: Promise<string> | undefined;

  constructor(logins: Logins, options: AdministratorOptions) {
    this.#logins = logins;
    this.#options = options;
    this.#email = options.admin?.email ?? DEFAULT.email;
  }

  get account(): AdminAccount {
    return { email: this.#email, password: this.#password };
  }

  get passwordSource(): PasswordSource {
    return this.#source;
  }

  /**
   * The hash to store in an empty database.
   *
   * @throws RangeError for an empty password.
   */
  hashForEmpty(): Promise<string> {
    this.#hash ??= this.#choose();
    return this.#hash;
  }

  /**
   * The hash to store in a database; `undefined` when the administrator exists and keeps the password.
   *
   * @throws RangeError for an empty password.
   */
  async hashFor(db: Db): Promise<string | undefined> {
    const { admin: given, resetAdmin } = this.#options;
    const logins = this.#logins;
    const [user] = await db.select().from(t.users).where(equalsIgnoreCase(t.users.email, this.#email));
    if (user === undefined || resetAdmin === true) return this.hashForEmpty();
    const isGiven = typeof given?.password === 'string';
    const password = isGiven ? String(given.password) : DEFAULT.password;
    if (await logins.hasher.verify(password, user.passwordHash, KEY)) {
      logins.remember(this.#email, password, user.passwordHash);
      this.#password = password;
      this.#source = isGiven ? 'given' : 'default';
      this.#hash = Promise.resolve(user.passwordHash);
    }
    return undefined;
  }

  async #choose(): Promise<string> {
    const wanted = this.#options.admin?.password;
    const chosen = typeof wanted === 'function' ? await wanted() : wanted;
    if (chosen === '') throw new RangeError('admin.password: expected a password, found an empty string');
    this.#source = chosen !== undefined ? 'given' : this.#mayBeDefault ? 'default' : 'generated';
    this.#password = chosen ?? (this.#mayBeDefault ? DEFAULT.password : generatePassword());
    const hash = await this.#logins.hasher.hash(this.#password, KEY);
    this.#logins.remember(this.#email, this.#password, hash);
    return hash;
  }

  /**
   * Whether a public password is acceptable: only this machine can reach the server, and no reset was
   * requested.
   */
  get #mayBeDefault(): boolean {
    const { host, publicUrl, resetAdmin } = this.#options;
    const isPrivate = isLoopback(host ?? '127.0.0.1');
    return (
      isPrivate && resetAdmin !== true && (publicUrl === undefined || isLoopback(new URL(publicUrl).hostname))
    );
  }
}
