import type { IpsClient } from '@ips-sdk/client';
import { isRestricted } from '../../access/permissions/viewer.js';
import type { ConsoleOptions } from '../console-options.js';
import type { OwnServer } from '../own/own-server.js';
import type { Session } from '../session.js';
import { BoardFeed } from './board-feed.js';
import { EventLog } from './event-log.js';
import { JobBoard } from './job-board.js';
import { LogBook } from './log-book.js';
import { Samples } from './samples.js';

/** Milliseconds for which the proof that a session may read jobs holds. */
const PROOF = 5 * 60_000;

/** What viewers of a company share. */
export interface Feed {
  readonly live: BoardFeed;
  readonly board: JobBoard;
  readonly events: EventLog;
  readonly logs: LogBook;
  readonly samples: Samples;
  readonly own: OwnServer | undefined;
}

interface OpenFeed extends Feed {
  readonly sessions: Set<Session>;
}

/**
 * One feed for each profile and company that a session looks at. It reads with the credentials of one of these sessions, so users whom
 * permissions restrict have their own.
 */
export class Feeds {
  readonly #options: ConsoleOptions;
  readonly #feeds = new Map<string, OpenFeed>();
  readonly #proofs = new WeakMap<Session, Map<string, number>>();

  constructor(options: ConsoleOptions) {
    this.#options = options;
  }

  /**
   * The feed of the session's company.
   *
   * @throws IpsFault if the session may not read jobs there: it must not see with the eyes of others what the service hides from it.
   */
  async of(session: Session): Promise<Feed> {
    await this.#prove(session);
    const key = keyOf(session);
    const open = this.#feeds.get(key) ?? this.#open(key, session);
    if (!open.sessions.has(session)) {
      open.sessions.add(session);
      const off = session.onEnd(() => {
        off();
        open.sessions.delete(session);
        if (open.sessions.size > 0) return;
        open.live.close();
        if (this.#feeds.get(key) === open) this.#feeds.delete(key);
      });
    }
    return open;
  }

  /** After a reset: what was read is gone. */
  forget(): void {
    for (const { board, logs, live } of this.#feeds.values()) {
      board.forget();
      logs.forget();
      void live.poke();
    }
  }

  close(): void {
    for (const { live } of this.#feeds.values()) live.close();
    this.#feeds.clear();
  }

  #open(key: string, { company: { companyHandle } }: Session): OpenFeed {
    const { own, limits, intervals, log } = this.#options;
    const sessions = new Set<Session>();
    const client = (): IpsClient => {
      const viewer = [...sessions].find((session) => keyOf(session) === key);
      if (viewer === undefined) throw new Error('nobody looks at the company any more');
      return viewer.client;
    };
    const board = new JobBoard({ client, companyHandle, own, mostLogs: limits.logs });
    const live = new BoardFeed(board, own, intervals, log);
    const logs = new LogBook(client);
    const samples = new Samples();
    const open = { live, board, logs, samples, own, events: new EventLog(live), sessions };
    live.listen((event) => {
      if (event.type === 'change') samples.add(board.active, event.change.at);
    });
    this.#feeds.set(key, open);
    return open;
  }

  async #prove(session: Session): Promise<void> {
    const proofs = this.#proofs.get(session) ?? new Map<string, number>();
    this.#proofs.set(session, proofs);
    const { companyHandle } = session.company;
    if (Date.now() - (proofs.get(companyHandle) ?? 0) < PROOF) return;
    await session.client.jobs.active();
    proofs.set(companyHandle, Date.now());
  }
}

/** Sessions with the same key see the same. */
const keyOf = ({ place, company, role, user }: Session): string =>
  JSON.stringify([place.name, company.companyHandle, ...(isRestricted(role) ? [user.userHandle] : [])]);
