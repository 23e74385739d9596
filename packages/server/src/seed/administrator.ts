import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { UserRow } from '../db/rows.js';
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
  #check: Promise<void> = Promise.resolve();

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
   * The hash to store in a database; `undefined` when the administrator exists and keeps the password. Whether that is the given one is
   * known after {@link checked}.
   *
   * @throws RangeError for an empty password.
   */
  async hashFor(db: Db): Promise<string | undefined> {
    const user = await this.#unchanged(db);
    if (user === undefined) return this.hashForEmpty();
    // A thread checks the password, while the server starts.
    this.#check = this.#verify(user.passwordHash);
    this.#check.catch(() => undefined);
    return undefined;
  }

  /**
   * The hash to store after a reset; `undefined` when the administrator exists and keeps the password.
   *
   * @throws RangeError for an empty password.
   */
  async hashAfterReset(db: Db): Promise<string | undefined> {
    return (await this.#unchanged(db)) === undefined ? this.hashForEmpty() : undefined;
  }

  /** The administrator of a database, if it exists and is not to be reset. */
  async #unchanged(db: Db): Promise<UserRow | undefined> {
    if (this.#options.resetAdmin === true) return undefined;
    const [user] = await db.select().from(t.users).where(equalsIgnoreCase(t.users.email, this.#email));
    return user;
  }

  /**
   * Compares the hash that the database has after it was filled: another server may have created the administrator in the meantime, whose
   * password counts then.
   */
  async stored(hash: string): Promise<void> {
    if (this.#hash === undefined || (await this.#hash) === hash) return;
    this.#hash = undefined;
    this.#password = '';
    this.#source = 'stored';
    this.#check = this.#verify(hash);
    this.#check.catch(() => undefined);
  }

  /** Waits until the password of an existing administrator has been compared. */
  checked(): Promise<void> {
    return this.#check;
  }

  async #verify(hash: string): Promise<void> {
    const logins = this.#logins;
    const given = this.#options.admin?.password;
    const isGiven = typeof given === 'string';
    const password = isGiven ? given : DEFAULT.password;
    if (!(await logins.hasher.verify(password, hash, KEY))) return;
    logins.remember(this.#email, password, hash);
    this.#password = password;
    this.#source = isGiven ? 'given' : 'default';
    this.#hash = Promise.resolve(hash);
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
