import { createIpsServer } from '../create-server.js';
import type { IpsServer } from '../ips-server.js';
import type { JobOutcome } from '../jobs/job-outcome.js';
import { type Checks, callback, checkOptions, name as filled, text } from '../option-checks.js';
import { SERVER } from '../server-option-checks.js';
import { RecentLog } from './recent-log.js';
import type { TestClientOptions, TestServer, TestServerOptions } from './test-server.js';

const DEFAULTS = {
  jobClock: 'instant',
  passwordCost: 4,
  console: false,
  allowPrivateAddresses: true,
} as const satisfies TestServerOptions;

const { role: _role, ...CHECKS } = SERVER;

const OPTIONS: Checks<TestServerOptions> = { ...CHECKS, setup: callback };

/** A server that is started when it is needed, and started again when it cannot be reset. */
export class ManagedServer implements TestServer {
  readonly #options: TestServerOptions;
  readonly #log = new RecentLog();
  #server: IpsServer | undefined;
  #starting: Promise<void> | undefined;

  /** @throws RangeError if an option is unknown or invalid. */
  constructor(options: TestServerOptions) {
    checkOptions(OPTIONS, options, 'options');
    this.#options = options;
  }

  /** Starts the server, unless it runs. Whoever calls meanwhile waits for the same start. */
  async start(): Promise<void> {
    this.#starting ??= this.#start();
    try {
      await this.#starting;
    } catch (error) {
      // The next one tries again.
      this.#starting = undefined;
      throw error;
    }
  }

  get server(): IpsServer {
    if (this.#server === undefined)
      throw new Error('the IPS server is not running: use it in tests, beforeEach and afterEach');
    return this.#server;
  }

  get url(): string {
    return this.server.url;
  }

  get endpoint(): string {
    return this.server.endpoints.soap;
  }

  get client(): TestClientOptions {
    const { admin, companyHandle, endpoints } = this.server;
    return {
      endpoint: endpoints.soap,
      auth: { user: admin.email, password: admin.password },
      companyHandle,
      app: { name: 'tests', version: '1' },
    };
  }

  get company(): string {
    return this.server.company;
  }

  get companyHandle(): string {
    return this.server.companyHandle;
  }

  get clock(): IpsServer['clock'] {
    return this.server.clock;
  }

  imageUrl(name: string, commands?: string): string {
    filled(name, 'name');
    if (commands !== undefined) text(commands, 'commands');
    const url = `${this.server.endpoints.images}${pathOf(name)}`;
    return commands === undefined || commands === '' ? url : `${url}?${commands}`;
  }

  contentUrl(name: string): string {
    return this.imageUrl(name).replace('/is/image/', '/is/content/');
  }

  waitForJob(jobHandle: string, options?: { readonly timeout?: number | undefined }): Promise<JobOutcome> {
    return this.server.waitForJob(jobHandle, options);
  }

  async reset(): Promise<void> {
    await this.start();
    try {
      this.server.chaos({});
      await this.server.reset();
    } catch {
      // A test may have stopped it, or broken its database.
      await this.stop();
      await this.start();
    }
    this.#log.clear();
  }

  log(): readonly string[] {
    return this.#log.lines;
  }

  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const server = this.#server;
    this.#server = undefined;
    this.#starting = undefined;
    await server?.stop();
  }

  async #start(): Promise<void> {
    const { setup, ...options } = this.#options;
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const server = await createIpsServer({ ...DEFAULTS, logger: this.#log.logger, ...given });
    this.#server = server;
    if (setup === undefined) return;
    try {
      await setup(this);
      await server.markState();
    } catch (error) {
      this.#server = undefined;
      await server.stop();
      throw error;
    }
  }
}

/** A name as part of a path; the colon of a smart crop stays. */
function pathOf(name: string): string {
  return encodeURIComponent(name).replaceAll('%3A', ':');
}
