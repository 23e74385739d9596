// The processes of a service that several of them share, with the time that each one lived.
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createIpsClient, type IpsClient } from '@ips-sdk/client';
import { BIN } from '../server.ts';

export const ADMIN = { user: 'admin@example.com', password: 'admin-password' };

/** The key with which all processes sign notices. */
export const SECRET = 'a secret of all processes';

/** Milliseconds in which a process must listen, and in which one that got SIGTERM must end. */
const LIMIT = { start: 60_000, drain: 60_000 };

/** What a process does. */
export type Role = 'api' | 'worker';

/** The life of a process. */
export interface Life {
  /** Also its `serverName`. */
  readonly name: string;
  readonly role: Role;
  readonly child: ChildProcess;
  readonly url: string;
  readonly began: number;
  ended: number | undefined;
  ending: 'killed' | 'drained' | undefined;
}

/** Starts processes, ends them, and replaces them. */
export class Fleet {
  /** Of all processes so far, in the order of their start. */
  readonly lives: Life[] = [];
  /** What processes did that they must not do. */
  readonly problems: string[] = [];
  readonly #args: Readonly<Record<Role | 'both', readonly string[]>>;
  readonly #logs: string;
  readonly #counts = { api: 0, worker: 0 };

  /** @param logs - The directory of their logs. */
  constructor(args: Readonly<Record<Role | 'both', readonly string[]>>, logs: string) {
    this.#args = args;
    this.#logs = logs;
  }

  living(role: Role): Life[] {
    return this.lives.filter((life) => life.role === role && life.ending === undefined);
  }

  /** Starts a process, and waits until it is ready. */
  async start(role: Role): Promise<Life> {
    this.#counts[role] += 1;
    const name = `${role}-${this.#counts[role]}`;
    const log = join(this.#logs, `${name}.log`);
    const began = Date.now();
    const child = spawn(
      process.execPath,
      [
        ...[BIN, role, '--port', '0', '--log-level', 'info', '--server-name', name],
        ...this.#args.both,
        ...this.#args[role],
      ],
      {
        stdio: ['ignore', 'pipe', openSync(log, 'a')],
        env: { ...process.env, IPS_ADMIN_PASSWORD: ADMIN.password, IPS_NOTIFICATION_SECRET: SECRET },
      },
    );
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT.start);
    const url = await new Promise<string>((resolve, reject) => {
      if (child.stdout === null) return reject(new Error(`${name} has no output`));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /^listening on (\S+)$/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('close', (code, signal) =>
        reject(new Error(`${name} ended with ${signal ?? code} before it listened: ${tail(log)}`)),
      );
    });
    clearTimeout(timer);
    const life: Life = { name, role, child, url, began, ended: undefined, ending: undefined };
    child.once('close', (code, signal) => {
      life.ended = Date.now();
      if (life.ending === undefined)
        this.problems.push(`${name} ended by itself with ${signal ?? code}: ${tail(log)}`);
    });
    this.lives.push(life);
    return life;
  }

  /** Kills a process: it gets to know nothing of it. */
  async kill(life: Life): Promise<void> {
    life.ending = 'killed';
    const end = ended(life.child);
    life.child.kill('SIGKILL');
    await end;
  }

  /** Asks a process to end. It must do so with success, in time. */
  async drain(life: Life): Promise<void> {
    life.ending = 'drained';
    const end = ended(life.child);
    const timer = setTimeout(() => life.child.kill('SIGKILL'), LIMIT.drain);
    life.child.kill('SIGTERM');
    await end;
    clearTimeout(timer);
    const { exitCode, signalCode } = life.child;
    if (exitCode !== 0) this.problems.push(`${life.name}: SIGTERM ended it with ${signalCode ?? exitCode}`);
  }

  /** Ends all processes at once. */
  async end(): Promise<void> {
    await Promise.all(this.lives.filter(({ ended: at }) => at === undefined).map((life) => this.kill(life)));
  }
}

/** Clients of the api processes that live, chosen as by a balancer that knows which ones do. */
export class Front {
  readonly #fleet: Fleet;
  readonly #clients = new Map<string, IpsClient>();
  #turn = 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** @throws Error when no api process lives. */
  url(): string {
    const living = this.#fleet.living('api');
    this.#turn += 1;
    const next = living[this.#turn % living.length];
    if (next === undefined) throw new Error('no api process lives');
    return next.url;
  }

  client(company: string): IpsClient {
    const url = this.url();
    const key = `${url} ${company}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = createIpsClient({
      region: 'na',
      endpoint: `${url}/scene7/services/IpsApiService`,
      auth: ADMIN,
      company,
    });
    this.#clients.set(key, client);
    return client;
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('close', () => resolve()));
}

/** The end of a log. */
const tail = (log: string): string => readFileSync(log, 'utf8').slice(-2000);
