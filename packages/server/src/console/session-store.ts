import { randomBytes } from 'node:crypto';
import type { ConsoleLimits } from './console-options.js';
import { ConsoleError } from './problem.js';
import type { Session } from './session.js';

/** How often ended sessions are looked for, in milliseconds. */
const SWEEP = 60_000;

/** Sessions of one user in excess of this end, oldest first. */
const MOST_PER_USER = 50;

/** The sessions, in memory only: a restart ends them. */
export class SessionStore {
  readonly #limits: ConsoleLimits;
  readonly #now: () => number;
  readonly #sessions = new Map<string, Session>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: ConsoleLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
    this.#timer = setInterval(() => this.#sweep(), SWEEP).unref();
  }

  get now(): number {
    return this.#now();
  }

  /** A new random identifier, or token. */
  token(): string {
    return randomBytes(32).toString('base64url');
  }

  /** @throws ConsoleError if there are too many sessions. */
  add(session: Session): void {
    this.#sweep();
    const own = [...this.#sessions.values()].filter(
      ({ identity, place }) =>
        identity.user.email === session.identity.user.email && place.name === session.place.name,
    );
    for (const old of own.slice(0, Math.max(0, own.length - MOST_PER_USER + 1))) this.end(old, 'expired');
    if (this.#sessions.size >= this.#limits.sessions)
      throw new ConsoleError('tooMany', 'too many sessions are open; try again later', { retryAfter: 60 });
    this.#sessions.set(session.id, session);
  }

  /** The session of an identifier, which counts as used. */
  use(id: string): Session | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined) return undefined;
    if (this.#now() >= this.expiryOf(session)) {
      this.end(session, 'expired');
      return undefined;
    }
    session.lastUsed = this.#now();
    return session;
  }

  /** When a session ends without another request. */
  expiryOf({ createdAt, lastUsed }: Session): number {
    return Math.min(lastUsed + this.#limits.idle, createdAt + this.#limits.lifetime);
  }

  has(session: Session): boolean {
    return this.#sessions.get(session.id) === session;
  }

  end(session: Session, reason: 'expired' | 'loggedOut' | 'refused'): void {
    if (!this.#sessions.delete(session.id)) return;
    session.notify(reason);
    void session.close();
  }

  endAll(): void {
    for (const session of [...this.#sessions.values()]) this.end(session, 'expired');
  }

  close(): void {
    clearInterval(this.#timer);
    this.endAll();
  }

  #sweep(): void {
    for (const session of [...this.#sessions.values()])
      if (this.#now() >= this.expiryOf(session)) this.end(session, 'expired');
  }
}
