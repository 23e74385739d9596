import type { IpsClient } from '@ips-sdk/client';
import type { Company } from '@ips-sdk/types';
import type { SessionEvent, UserInfo } from './api.js';
import type { ConsolePlace } from './console-options.js';

/** A company that the user can switch to, with the role there. */
export interface Membership {
  readonly company: Company;
  readonly role: string | undefined;
}

/** What a login found out. */
export interface Identity {
  readonly user: UserInfo;
  readonly isIpsAdmin: boolean;
  readonly memberships: readonly Membership[];
}

/** A browser that is logged in. The password is only inside the clients, and only in memory. */
export class Session {
  readonly id: string;
  readonly csrf: string;
  readonly place: ConsolePlace;
  readonly identity: Identity;
  readonly createdAt: number;
  lastUsed: number;
  current: Membership;
  /** Open event streams. */
  streams = 0;
  readonly #makeClient: (company: Company, contract: 'default' | 'smartCrops') => IpsClient;
  readonly #clients = new Map<string, IpsClient>();
  #isEnded = false;
  readonly #onEnd = new Set<(reason: SessionEvent['reason']) => void>();

  constructor(given: {
    readonly id: string;
    readonly csrf: string;
    readonly place: ConsolePlace;
    readonly identity: Identity;
    readonly current: Membership;
    readonly now: number;
    readonly makeClient: (company: Company, contract: 'default' | 'smartCrops') => IpsClient;
  }) {
    this.id = given.id;
    this.csrf = given.csrf;
    this.place = given.place;
    this.identity = given.identity;
    this.current = given.current;
    this.createdAt = given.now;
    this.lastUsed = given.now;
    this.#makeClient = given.makeClient;
  }

  /** A client with the user's credentials, in the session's company. */
  get client(): IpsClient {
    return this.#clientOf('default');
  }

  /** The same, with a contract that has smart crops. */
  get cropClient(): IpsClient {
    return this.#clientOf('smartCrops');
  }

  get company(): Company {
    return this.current.company;
  }

  /** The role in the current company. */
  get role(): string | undefined {
    return this.identity.isIpsAdmin ? 'IpsAdmin' : this.current.role;
  }

  /** The user with the role in the current company. */
  get user(): UserInfo {
    return { ...this.identity.user, role: this.role };
  }

  /** Calls when the session ends or changes in a way that its pages must know of. */
  onEnd(listener: (reason: SessionEvent['reason']) => void): () => void {
    this.#onEnd.add(listener);
    return () => this.#onEnd.delete(listener);
  }

  notify(reason: SessionEvent['reason']): void {
    for (const listener of [...this.#onEnd]) listener(reason);
  }

  #clientOf(contract: 'default' | 'smartCrops'): IpsClient {
    const { company } = this.current;
    const key = `${contract} ${company.companyHandle}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = this.#makeClient(company, contract);
    this.#clients.set(key, client);
    return client;
  }

  /** Whether it has ended. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  async close(): Promise<void> {
    this.#isEnded = true;
    for (const client of this.#clients.values()) await client.close();
    this.#clients.clear();
  }
}
