import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConsoleEvent } from '../src/api/contract.ts';
import { EventHub } from '../src/live/event-hub.ts';
import { readEventStream } from '../src/live/event-stream.ts';
import { LiveConnection, type LiveState, waitBefore } from '../src/live/live-connection.ts';

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function streamOf(...chunks: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(encode(chunk));
      controller.close();
    },
  });
}

describe('reading a stream of events', () => {
  const read = async (...chunks: string[]) => {
    const events = [];
    for await (const event of readEventStream(streamOf(...chunks))) events.push(event);
    return events;
  };

  it('reads fields, comments, several lines of data, and all kinds of line ends', async () => {
    expect(
      await read(': ping\n\nid: 7\nevent: jobs\ndata: one\ndata: two\n\n', 'data:x\r\n\r\ndata: y\r\r'),
    ).toEqual([
      { id: '7', event: 'jobs', data: 'one\ntwo' },
      { id: '7', event: 'message', data: 'x' },
      { id: '7', event: 'message', data: 'y' },
    ]);
  });

  it('joins what is cut anywhere, inside characters and line ends too', async () => {
    const bytes = encode('id: 1\r\ndata: caf\u00e9\r\n\r\n');
    const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const events = [];
    for await (const event of readEventStream(pieces)) events.push(event);
    expect(events).toEqual([{ id: '1', event: 'message', data: 'café' }]);
  });

  it('leaves out an event that the end of the stream cuts off', async () => {
    expect(await read('data: whole\n\ndata: half\n')).toHaveLength(1);
  });
});

describe('the connection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A host that sends the given responses in order, and records the requests. */
  function connectTo(...answers: ((signal: AbortSignal) => Response)[]) {
    const requests: { url: string; lastId: string | null }[] = [];
    const states: LiveState[] = [];
    const events: ConsoleEvent[] = [];
    const onLoggedOut = vi.fn();
    const connection = new LiveConnection({
      random: () => 1,
      onState: (state) => states.push(state),
      onEvent: (event) => events.push(event),
      onLoggedOut,
      fetch: async (url, init) => {
        requests.push({ url: String(url), lastId: new Headers(init?.headers).get('last-event-id') });
        const answer = answers.shift();
        if (answer !== undefined) return answer(init?.signal ?? new AbortController().signal);
        return new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        });
      },
    });
    return { connection, requests, states, events, onLoggedOut };
  }

  const stream =
    (...chunks: string[]) =>
    () =>
      new Response(streamOf(...chunks));
  const hello = 'id: a-1\ndata: {"type":"hello","isComplete":true}\n\n';

  /** It says hello, and then nothing until it is aborted. */
  const open = (signal: AbortSignal): Response =>
    new Response(
      new ReadableStream({
        start: (controller) => {
          controller.enqueue(encode(hello));
          signal.addEventListener('abort', () => controller.error(new DOMException('aborted', 'AbortError')));
        },
      }),
    );

  it('reconnects after the end of a stream, from the last event on', async () => {
    const { connection, requests, states, events } = connectTo(stream(hello));
    connection.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(events).toEqual([{ type: 'hello', isComplete: true }]);
    expect(states).toEqual(['connecting', 'live', 'reconnecting']);
    await vi.advanceTimersByTimeAsync(500);
    expect(requests).toEqual([
      { url: '/console/api/events', lastId: null },
      { url: '/console/api/events', lastId: 'a-1' },
    ]);
    connection.stop();
  });

  it('waits longer after each failure, and not at all once the network is back', async () => {
    const down = () => {
      throw new TypeError('network');
    };
    const { connection, requests } = connectTo(down, down, down);
    connection.start();
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(500);
    await vi.advanceTimersByTimeAsync(999);
    expect(requests).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(requests).toHaveLength(3);
    connection.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(requests).toHaveLength(4);
    connection.stop();
  });

  it('gives up a connection that is silent for too long', async () => {
    const { connection, states } = connectTo(open);
    connection.start();
    await vi.advanceTimersByTimeAsync(44_000);
    expect(states.at(-1)).toBe('live');
    await vi.advanceTimersByTimeAsync(2000);
    expect(states.at(-1)).toBe('reconnecting');
    connection.stop();
  });

  it('asks for nothing while it is paused, and resumes after the last event', async () => {
    const { connection, requests, states } = connectTo(open);
    connection.start();
    await vi.advanceTimersByTimeAsync(0);
    connection.pause();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(requests).toHaveLength(1);
    expect(states.at(-1)).toBe('paused');
    connection.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(requests[1]).toEqual({ url: '/console/api/events', lastId: 'a-1' });
    connection.stop();
  });

  it('stops when the session has ended', async () => {
    const refused = () =>
      new Response('{"error":{"code":"login","message":"log in first"}}', { status: 401 });
    const { connection, requests, onLoggedOut } = connectTo(refused);
    connection.start();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(onLoggedOut).toHaveBeenCalledOnce();
    expect(requests).toHaveLength(1);
    expect(connection.state).toBe('off');
  });

  it('adds the log of a job by another stream', async () => {
    const { connection, requests } = connectTo();
    connection.start();
    connection.watchJob('j|6|Spring shoes|');
    await vi.advanceTimersByTimeAsync(0);
    expect(requests.at(-1)?.url).toBe('/console/api/events?job=j%7C6%7CSpring%20shoes%7C');
    connection.stop();
  });

  it('never waits longer than 15 s', () => {
    expect(waitBefore(0, () => 0)).toBe(250);
    expect(waitBefore(50, () => 1)).toBe(15_000);
  });
});

describe('handing on events', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  // Only the type matters here.
  const jobs = { type: 'jobs' } as ConsoleEvent;

  it('handles a burst at once, and what concerns the session immediately', () => {
    const hub = new EventHub();
    const got: string[] = [];
    hub.subscribe(({ type }) => got.push(type));
    hub.push(jobs);
    hub.push(jobs);
    expect(got).toEqual([]);
    hub.push({ type: 'session', reason: 'expired' });
    expect(got).toEqual(['jobs', 'jobs', 'session']);
  });

  it('holds events back for the interval that was chosen', () => {
    const hub = new EventHub();
    const got: string[] = [];
    hub.subscribe(({ type }) => got.push(type));
    hub.setInterval(5000);
    hub.push(jobs);
    vi.advanceTimersByTime(4999);
    expect(got).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(got).toEqual(['jobs']);
  });
});
