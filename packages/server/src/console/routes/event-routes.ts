import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ConsoleEvent, JobEventData } from '../api.js';
import type { ConsoleParts } from '../console-parts.js';
import { rowShower } from '../jobs/shown-row.js';
import { toJson } from '../json.js';
import type { FeedEvent } from '../live/board-feed.js';
import type { NumberedEvent } from '../live/event-log.js';
import type { Feed } from '../live/feeds.js';
import { ConsoleError } from '../problem.js';
import { one, type Query } from '../query-string.js';
import { presentedSession } from '../request-guard.js';
import type { Session } from '../session.js';

/** Milliseconds between two signs of life, which keep proxies from closing the stream and show broken connections. */
const HEARTBEAT = 15_000;
/** Rows in an event. */
const MOST_ROWS = 200;
/** Bytes that a viewer may leave unread. One who does not read is disconnected, and comes back when it does. */
const MOST_UNREAD = 4 * 2 ** 20;

/** `events`: what changes, as server-sent events. */
export function eventRoutes(api: FastifyInstance, parts: ConsoleParts): void {
  const { sessions, feeds, options } = parts;
  const open = new Set<PassThrough>();
  api.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });

  api.get('/events', async (request, reply) => {
    const id = presentedSession(request);
    const session = id === undefined ? undefined : sessions.use(id);
    if (session === undefined) throw new ConsoleError('login', 'log in first');
    const { streams, streamsPerSession } = options.limits;
    if (open.size >= streams || session.streams >= streamsPerSession)
      throw new ConsoleError('tooMany', 'too many event streams are open', { retryAfter: 30 });
    session.streams += 1;
    let feed: Feed;
    try {
      feed = await feeds.of(session);
    } catch (error) {
      session.streams -= 1;
      throw error;
    }
    const stream = new PassThrough();
    open.add(stream);
    const job = one(request.query as Query, 'job');
    const last = request.headers['last-event-id'];
    const viewer = new Viewer(parts, session, feed, stream, job);
    const leave = feed.live.addViewer();
    const quiet = viewer.start(typeof last === 'string' ? last : undefined);
    const heartbeat = setInterval(() => viewer.comment('alive'), HEARTBEAT).unref();
    stream.once('close', () => {
      clearInterval(heartbeat);
      quiet();
      leave();
      open.delete(stream);
      session.streams -= 1;
    });
    request.raw.once('close', () => stream.destroy());
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store, no-transform')
      .header('x-accel-buffering', 'no')
      .send(stream);
  });
}

/** One open stream. */
class Viewer {
  readonly #parts: ConsoleParts;
  readonly #session: Session;
  readonly #feed: Feed;
  readonly #stream: PassThrough;
  readonly #job: string | undefined;
  #logLength: number | undefined;
  #jobRevision: string | undefined;

  constructor(
    parts: ConsoleParts,
    session: Session,
    feed: Feed,
    stream: PassThrough,
    job: string | undefined,
  ) {
    this.#parts = parts;
    this.#session = session;
    this.#feed = feed;
    this.#stream = stream;
    this.#job = job;
  }

  /** Sends what a connection begins with, and then what happens. */
  start(last: string | undefined): () => void {
    const { events, live, board } = this.#feed;
    // Milliseconds after which the browser connects again by itself.
    this.#write('retry: 2000\n\n');
    const missed = last === undefined ? undefined : events.since(last);
    this.#send(
      {
        type: 'hello',
        isComplete: missed !== undefined,
        at: new Date(board.now).toISOString(),
        ...(live.interval === undefined ? {} : { interval: Math.round(live.interval) }),
      },
      missed?.[0] === undefined ? events.last : last,
    );
    if (missed === undefined && live.outage !== undefined)
      this.#send({ type: 'outage', ...outageOf(live.outage) }, events.last);
    for (const event of missed ?? []) this.#pass(event);
    const offs = [
      events.listen((event) => this.#pass(event)),
      this.#session.onEnd((reason) => {
        this.#send({ type: 'session', reason });
        this.#stream.end();
      }),
      this.#parts.uploads.listen(this.#session, (state) => this.#send({ type: 'upload', state })),
    ];
    if (this.#job !== undefined) void this.#jobChanged(this.#job);
    return () => {
      for (const off of offs) off();
    };
  }

  comment(text: string): void {
    this.#write(`: ${text}\n\n`);
  }

  #pass({ id, event }: NumberedEvent): void {
    const shown = this.#shown(event);
    if (shown !== undefined) this.#send(shown, id);
    if (event.type === 'change' && this.#job !== undefined) void this.#jobChanged(this.#job);
  }

  #shown(event: FeedEvent): ConsoleEvent | undefined {
    const { board } = this.#feed;
    const at = new Date(board.now).toISOString();
    if (event.type === 'outage') return { type: 'outage', ...outageOf(event) };
    if (event.type === 'test' && !this.#session.identity.isIpsAdmin) return undefined;
    if (event.type !== 'change') return { type: event.type, at };
    const { changed, added, removed } = event.change;
    const show = rowShower(this.#parts.options, this.#session, board.now);
    const rows = changed.slice(0, MOST_ROWS);
    const listed = new Set(rows.map(({ handle }) => handle));
    return {
      type: 'jobs',
      changed: rows.map(show),
      added: added.filter((handle) => listed.has(handle)),
      removed: removed.slice(0, MOST_ROWS * 5),
      isPartial: changed.length > rows.length || removed.length > MOST_ROWS * 5,
      stages: board.stages,
      at: new Date(event.change.at).toISOString(),
    };
  }

  /** Sends the progress of the job of this stream, and the rows that its log has got. */
  async #jobChanged(handle: string): Promise<void> {
    const { board, logs, samples } = this.#feed;
    const row = board.rows.get(handle);
    if (row === undefined) return;
    const isActive = row.stage === 'active';
    if (!isActive && this.#jobRevision === row.revision) return;
    this.#jobRevision = row.revision;
    try {
      const { rows } = row.stage === 'scheduled' ? { rows: [] } : await logs.read(handle);
      const from = this.#logLength;
      this.#logLength = rows.length;
      const fresh = from === undefined ? [] : rows.slice(from);
      const show = rowShower(this.#parts.options, this.#session, board.now);
      const sample = samples.of(handle).at(-1);
      const event: JobEventData = {
        type: 'job',
        handle,
        row: show(row),
        log: fresh.slice(-MOST_ROWS),
        isLogPartial: from === undefined || fresh.length > MOST_ROWS,
        ...(sample === undefined ? {} : { sample }),
      };
      this.#send(event);
    } catch {
      // The feed reports an outage; the next change tries again.
      this.#jobRevision = undefined;
    }
  }

  #send(event: ConsoleEvent, id?: string): void {
    const number = id === undefined ? '' : `id: ${id.replace(/[\r\n]/g, '')}\n`;
    this.#write(`${number}event: ${event.type}\ndata: ${toJson(event)}\n\n`);
  }

  #write(text: string): void {
    if (this.#stream.writableEnded || this.#stream.destroyed) return;
    if (this.#stream.writableLength > MOST_UNREAD) this.#stream.destroy();
    else this.#stream.write(text);
  }
}

function outageOf({
  since,
  message,
  nextAttempt,
}: {
  readonly since: number;
  readonly message: string;
  readonly nextAttempt: number;
}) {
  return { since: new Date(since).toISOString(), message, nextAttempt: new Date(nextAttempt).toISOString() };
}
