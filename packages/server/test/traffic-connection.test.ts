// The requests of one connection, without a network.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../src/http/traffic/connection.js';
import { OverloadError } from '../src/http/traffic/overload-error.js';
import { rawAnswer } from '../src/http/traffic/raw-answer.js';
import { SharedLimit } from '../src/http/traffic/shared-limit.js';
import { FakeExchange, FakeSocket } from './support/fake-connections.js';

const content = { mediaType: 'text/plain', text: 'no\n' };

let socket: FakeSocket;
let connection: Connection;
beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') });
  socket = new FakeSocket();
  connection = new Connection(socket.real, 'a');
});
afterEach(() => vi.useRealTimers());

/** Adds a request. */
function add(more: ConstructorParameters<typeof FakeExchange>[1] = {}): FakeExchange {
  const exchange = new FakeExchange(socket, more);
  connection.add(exchange);
  return exchange;
}

describe('requests', () => {
  it('begin one after the other, and nothing is read while one waits', () => {
    expect([connection.isBusy, connection.waiting]).toEqual([false, 0]);
    const first = add();
    expect([first.calls, connection.isBusy, socket.paused]).toEqual([['begin'], true, false]);
    const second = add();
    const third = add();
    expect([second.calls, connection.waiting, socket.paused]).toEqual([[], 2, true]);
    first.fakeResponse.finish();
    expect([first.calls, second.calls, third.calls]).toEqual([['begin', 'end'], ['left', 'begin'], []]);
    expect([connection.waiting, socket.paused]).toEqual([1, true]);
    second.fakeResponse.finish();
    expect([third.calls, connection.waiting, socket.paused]).toEqual([['left', 'begin'], 0, false]);
    socket.paused = true;
    third.fakeResponse.finish();
    expect([connection.isBusy, socket.paused, socket.ended]).toEqual([false, false, undefined]);
  });

  it('are not read while more wait, although Node.js resumes the socket when one begins', () => {
    const first = add();
    const second = add();
    const third = add();
    const resume = vi.spyOn(socket, 'resume');
    first.fakeResponse.finish();
    expect(resume).not.toHaveBeenCalled();
    const fourth = add();
    third.begin = () => socket.resume();
    second.fakeResponse.finish();
    expect([socket.paused, fourth.calls]).toEqual([true, []]);
  });

  it('do not begin on a socket that is closed or cannot be written to', () => {
    for (const gone of [{ destroyed: true }, { writable: false }]) {
      socket = new FakeSocket();
      connection = new Connection(socket.real, 'a');
      const first = add();
      const second = add();
      Object.assign(socket, gone);
      first.fakeResponse.finish();
      expect([first.calls, second.calls, socket.paused]).toEqual([['begin', 'end'], [], true]);
    }
  });

  it('release what they hold once when the socket is closed', () => {
    const first = add();
    const second = add();
    connection.closed();
    expect([first.calls, second.calls]).toEqual([['begin', 'end'], ['left']]);
    expect([connection.isBusy, connection.waiting]).toEqual([false, 0]);
    // Node.js closes the response as well.
    first.fakeResponse.close();
    expect(first.calls).toEqual(['begin', 'end']);
    connection.closed();
    expect(first.calls).toEqual(['begin', 'end']);
  });

  it('that are arriving are found, whether or not they have begun', () => {
    expect(connection.arriving).toBeUndefined();
    const first = add({ complete: false });
    expect(connection.arriving).toBe(first.request);
    first.fakeRequest.complete = true;
    expect(connection.arriving).toBeUndefined();
    const second = add({ complete: false });
    expect(connection.arriving).toBe(second.request);
  });
});

describe('the turn', () => {
  it('is that of the server unless the client has to send or to read', () => {
    expect(connection.turn).toBe('server');
    const exchange = add();
    expect(connection.turn).toBe('server');
    exchange.fakeRequest.complete = false;
    expect(connection.turn).toBe('client-sends');
    exchange.fakeRequest.readableLength = 99;
    expect(connection.turn).toBe('client-sends');
    exchange.fakeRequest.readableLength = 100;
    expect(connection.turn).toBe('server');
    exchange.fakeRequest.readableLength = 0;
    socket.paused = true;
    expect(connection.turn).toBe('server');
    socket.writableLength = 1;
    expect(connection.turn).toBe('client-reads');
  });
});

describe('a slow request', () => {
  const look = (elapsed: number, bytes: number): boolean => {
    socket.bytesRead += bytes;
    return connection.isTooSlow(elapsed, { grace: 3000, rate: 10 });
  };

  it('is one below the rate after more than the grace', () => {
    // What came before the request is not its own.
    expect(look(1000, 500)).toBe(false);
    add({ complete: false });
    expect([look(1000, 0), look(1000, 0), look(1000, 0)]).toEqual([false, false, false]);
    expect(look(1, 30)).toBe(true);
    // 30.01 bytes are the rate of 3001 milliseconds.
    expect(look(0, 1)).toBe(false);
  });

  it('at exactly the rate is fast enough', () => {
    add({ complete: false });
    expect(look(4000, 40)).toBe(false);
    expect(look(1000, 9)).toBe(true);
  });

  it('is not one whose server is at work, or that is no request', () => {
    expect(look(10_000, 0)).toBe(false);
    const exchange = add({ complete: true });
    expect(look(10_000, 0)).toBe(false);
    expect([exchange.sendingTime, exchange.receivedBytes]).toEqual([0, 0]);
    exchange.fakeRequest.complete = false;
    expect(look(500, 7)).toBe(false);
    expect([exchange.sendingTime, exchange.receivedBytes]).toEqual([500, 7]);
  });
});

describe('a client that has closed its side', () => {
  it('gets its responses, except for images and those that have begun', () => {
    expect(connection.answersHalfClosed).toBe(true);
    const first = add({ url: '/scene7/services' });
    expect(connection.answersHalfClosed).toBe(true);
    first.fakeRequest.url = '/IS/image/a';
    expect(connection.answersHalfClosed).toBe(false);
    for (const url of ['/is/imagery', '/x/is/image/a', undefined]) {
      first.fakeRequest.url = url;
      expect(connection.answersHalfClosed).toBe(true);
    }
    const second = add({ url: '/is/image' });
    expect(connection.answersHalfClosed).toBe(false);
    second.fakeRequest.url = '/';
    expect(connection.answersHalfClosed).toBe(true);
    first.fakeResponse.headersSent = true;
    expect(connection.answersHalfClosed).toBe(false);
  });
});

describe('a connection that ends with a response', () => {
  const end = (status = 503, headers?: readonly string[]): void =>
    connection.endWith(status, content, headers);
  const answered = (status: number): unknown => expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status} `));

  it('sends it at once if no request is in progress, and reads no more', () => {
    expect(connection.isEnding).toBe(false);
    end(503, ['Retry-After: 2']);
    expect([connection.isEnding, socket.paused]).toEqual([true, true]);
    expect(socket.ended).toBe(rawAnswer(503, content, ['Retry-After: 2']).toString());
    socket.ended = undefined;
    end(400);
    expect(socket.ended).toBeUndefined();
  });

  it('is reset a second after the response unless the client closes it', () => {
    end();
    vi.advanceTimersByTime(5000);
    expect(socket.destroyed).toBe(false);
    socket.flushed();
    vi.advanceTimersByTime(999);
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(socket.destroyed).toBe(true);
    socket = new FakeSocket();
    connection = new Connection(socket.real, 'a');
    end();
    socket.flushed();
    socket.emit('close');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends it in place of that to a request that will never be complete', () => {
    add({ complete: false });
    end(408);
    expect([socket.ended, socket.destroyed]).toEqual([answered(408), false]);
  });

  it('is reset if the response to such a request has begun', () => {
    const { fakeResponse } = add({ complete: false });
    fakeResponse.headersSent = true;
    end(408);
    expect([socket.ended, socket.destroyed]).toEqual([undefined, true]);
  });

  it('sends it after those to earlier requests', () => {
    const first = add();
    const second = add();
    socket.paused = false;
    end(400);
    expect([socket.ended, socket.paused]).toEqual([undefined, true]);
    first.fakeResponse.finish();
    expect([second.calls, socket.ended, socket.paused]).toEqual([['left', 'begin'], undefined, true]);
    second.fakeResponse.finish();
    expect(socket.ended).toEqual(answered(400));
  });

  it('drops the waiting requests from the first that is not complete', () => {
    const first = add();
    const [second, third, fourth] = [add(), add({ complete: false }), add()];
    end(408);
    expect([second.calls, third.calls, fourth.calls]).toEqual([[], ['left'], ['left']]);
    expect(connection.waiting).toBe(1);
    first.fakeResponse.finish();
    second.fakeResponse.finish();
    expect([third.calls, socket.ended]).toEqual([['left'], answered(408)]);
  });

  it('drops even the only one that waits', () => {
    const first = add();
    const second = add({ complete: false });
    end(408);
    expect([second.calls, connection.waiting]).toEqual([['left'], 0]);
    first.fakeResponse.finish();
    expect(socket.ended).toEqual(answered(408));
  });
});

describe('a connection that drains', () => {
  it('is closed at once if it is idle', () => {
    connection.drain();
    expect(socket.destroyed).toBe(true);
  });

  it('is closed after the current response, which says so', () => {
    const { fakeResponse } = add();
    connection.drain();
    expect([socket.destroyed, fakeResponse.headers]).toEqual([false, { connection: 'close' }]);
    fakeResponse.finish();
    expect([socket.ended, socket.destroyed]).toEqual(['', false]);
  });

  it('is closed after a response whose headers are sent already', () => {
    const { fakeResponse } = add();
    fakeResponse.headersSent = true;
    connection.drain();
    expect([socket.destroyed, fakeResponse.headers]).toEqual([false, {}]);
    fakeResponse.finish();
    expect(socket.ended).toBe('');
  });
});

it('a raw response is complete', () => {
  expect(rawAnswer(503, { mediaType: 'text/plain', text: 'ü\n' }, ['Retry-After: 2']).toString()).toBe(
    [
      'HTTP/1.1 503 Service Unavailable',
      'Date: Thu, 01 Jan 2026 00:00:00 GMT',
      'Connection: close',
      'Content-Type: text/plain',
      'Content-Length: 3',
      'Retry-After: 2',
      '',
      'ü\n',
    ].join('\r\n'),
  );
  expect(rawAnswer(599, content).toString()).toMatch(
    /^HTTP\/1\.1 599 \r\n.*\r\nContent-Length: 3\r\n\r\nno\n$/s,
  );
});

describe('a shared limit', () => {
  it('is for all and for each address, and takes nothing that is too much', () => {
    const limit = new SharedLimit(10, 0.5);
    expect([limit.take('a', 6), limit.taken]).toEqual([false, 0]);
    expect([limit.take('a', 4), limit.take('a'), limit.take('a')]).toEqual([true, true, false]);
    expect([limit.take('b', 5), limit.take('c'), limit.taken]).toEqual([true, false, 10]);
    limit.give('a');
    expect([limit.taken, limit.take('b'), limit.take('c'), limit.taken]).toEqual([9, false, true, 10]);
    limit.give('b', 5);
    expect([limit.taken, limit.take('b', 5)]).toEqual([5, true]);
  });

  it('lets an address take at least one, and rounds its share down', () => {
    const small = new SharedLimit(10, 0.01);
    expect([small.take('a'), small.take('a')]).toEqual([true, false]);
    const odd = new SharedLimit(3, 0.5);
    expect([odd.take('a'), odd.take('a')]).toEqual([true, false]);
    const whole = new SharedLimit(2, 1);
    expect([whole.take('a', 2), whole.take('b')]).toEqual([true, false]);
  });

  it('counts what is forced, so that later ones are refused until it is released', () => {
    const limit = new SharedLimit(10, 0.5);
    limit.force('a', 4);
    limit.force('a', 8);
    expect([limit.taken, limit.take('a'), limit.take('b')]).toEqual([12, false, false]);
    limit.give('a', 8);
    expect([limit.taken, limit.take('a'), limit.take('a'), limit.take('b')]).toEqual([4, true, false, true]);
  });
});

it('an overloaded server says why, and when to try again', () => {
  expect(new OverloadError('stopping')).toMatchObject({
    message: 'the server is stopping',
    retryAfter: 10,
    statusCode: 503,
    reason: 'stopping',
    name: 'OverloadError',
  });
  expect(new OverloadError('bytes')).toMatchObject({
    message: 'the server is busy: too much data is in transfer; try again later',
    retryAfter: 2,
  });
  for (const reason of ['requests', 'waiting'] as const)
    expect(new OverloadError(reason).message).toBe(
      'the server is busy: too many requests at once; try again later',
    );
});
