import { isDeepStrictEqual } from 'node:util';
import { ManagedServer } from './managed-server.js';
import type { TestServerOptions } from './test-server.js';

/** Servers that run at once, for sets of options. */
const MOST_SERVERS = 3;

/** A server that a test uses. */
export interface Lease {
  /** Resolves to the server when it is as at its beginning. */
  readonly ready: Promise<ManagedServer>;
  /** Ends the use. */
  end(): void;
}

interface Entry {
  readonly options: TestServerOptions;
  readonly managed: ManagedServer;
  /** The name of the test that uses it. */
  user: string | undefined;
  isUsed: boolean;
}

/** Servers that the tests of a worker share, one for each set of options: starting one takes longer than most tests. */
export class ServerPool {
  /** The one that was used last is the last. */
  #entries: Entry[] = [];

  /**
   * Takes the server for some options, which is started or reset.
   *
   * @param user - The name of the test.
   * @throws Error if another test uses it.
   */
  take(options: TestServerOptions, user: string): Lease {
    const entry = this.#entries.find((each) => isDeepStrictEqual(each.options, options)) ?? {
      options,
      managed: new ManagedServer(options),
      user: undefined,
      isUsed: false,
    };
    if (entry.user !== undefined)
      throw new Error(
        `"${entry.user}" and "${user}" use one IPS server at the same time, and a reset would disturb the other: run them one after the other, or start a server of its own in each with startTestServer() of @ips-sdk/server/testing`,
      );
    entry.user = user;
    this.#entries = [...this.#entries.filter((each) => each !== entry), entry];
    return {
      ready: this.#prepare(entry),
      end: () => {
        if (entry.user === user) entry.user = undefined;
      },
    };
  }

  /** Stops all servers. */
  async stop(): Promise<void> {
    const entries = this.#entries;
    this.#entries = [];
    await Promise.all(entries.map(({ managed }) => managed.stop()));
  }

  async #prepare(entry: Entry): Promise<ManagedServer> {
    const idle = this.#entries.filter(({ user }) => user === undefined);
    const surplus = idle.slice(0, Math.max(0, this.#entries.length - MOST_SERVERS));
    this.#entries = this.#entries.filter((each) => !surplus.includes(each));
    await Promise.all(surplus.map(({ managed }) => managed.stop()));
    if (entry.isUsed) await entry.managed.reset();
    else await entry.managed.start();
    entry.isUsed = true;
    return entry.managed;
  }
}
