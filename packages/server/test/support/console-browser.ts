// A browser as far as the console's host can see it: it keeps the cookie, sends the token, and reads event streams.
import { request as send } from 'node:http';
import type { ApiProblem, ConsoleEvent, LoginRequest, SessionInfo } from '../../src/console/api.js';

/** An answer to a browser. */
export interface BrowserAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
}

/** What a request may have besides its path. */
export interface BrowserRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A query: lists become repeated parameters. */
export type QueryValues = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** An event with its number. */
export interface ReceivedEvent {
  readonly id: string | undefined;
  readonly event: ConsoleEvent;
}

export class ConsoleBrowser {
  readonly url: string;
  cookie: string | undefined;
  csrf = '';
  readonly #streams = new Set<EventStream>();

  constructor(url: string) {
    this.url = url;
  }

  /** Sends a request as it is, with headers that `fetch` would not allow. */
  async raw(
    path: string,
    { method = 'GET', headers = {}, body }: BrowserRequest = {},
  ): Promise<BrowserAnswer> {
    const url = new URL(path, this.url);
    return new Promise((resolve, reject) => {
      const request = send(
        url,
        { method, headers: { ...(this.cookie === undefined ? {} : { cookie: this.cookie }), ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            const bytes = Buffer.concat(chunks);
            const set = response.headers['set-cookie']?.[0];
            if (set !== undefined) this.cookie = /Max-Age=0/.test(set) ? undefined : set.split(';')[0];
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              bytes,
              text: bytes.toString(),
            });
          });
        },
      );
      request.once('error', reject);
      request.end(body);
    });
  }

  /** @throws ProblemError for an answer that is not the expected one. */
  async get<T>(path: string, query: QueryValues = {}): Promise<T> {
    return parsed<T>(await this.raw(`/console/api/${path}${queryString(query)}`));
  }

  /** @throws ProblemError */
  async post<T>(
    path: string,
    body: unknown = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const answer = await this.raw(`/console/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': this.csrf, ...headers },
      body: JSON.stringify(body),
    });
    return parsed<T>(answer);
  }

  async login(request: LoginRequest): Promise<SessionInfo> {
    const info = await this.post<SessionInfo>('login', request);
    this.csrf = info.csrf;
    return info;
  }

  /** Opens an event stream. */
  async events(query: QueryValues = {}, lastEventId?: string): Promise<EventStream> {
    const url = new URL(`/console/api/events${queryString(query)}`, this.url);
    const stream = new EventStream();
    await stream.open(url, {
      ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    });
    this.#streams.add(stream);
    return stream;
  }

  close(): void {
    for (const stream of this.#streams) stream.close();
  }
}

/** The problem that an answer has. */
export class ProblemError extends Error {
  readonly status: number;
  readonly problem: ApiProblem['error'];

  constructor(status: number, problem: ApiProblem['error']) {
    super(`${status} ${problem.code}: ${problem.message}`);
    this.status = status;
    this.problem = problem;
  }
}

/** The problem that a request ends in; throws if there is none. */
export async function problemIn(
  work: Promise<unknown>,
): Promise<ApiProblem['error'] & { readonly status: number }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ProblemError) return { ...error.problem, status: error.status };
    throw error;
  }
  throw new Error('the request succeeded');
}

export class EventStream {
  readonly received: ReceivedEvent[] = [];
  isEnded = false;
  #request: ReturnType<typeof send> | undefined;
  #wake: (() => void)[] = [];

  get last(): string | undefined {
    return this.received.findLast(({ id }) => id !== undefined)?.id;
  }

  async open(url: URL, headers: Readonly<Record<string, string>>): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#request = send(url, { headers }, (response) => {
        if (response.statusCode !== 200) {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('end', () => {
            const { error } = JSON.parse(Buffer.concat(chunks).toString()) as ApiProblem;
            reject(new ProblemError(response.statusCode ?? 0, error));
          });
          return;
        }
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            this.#take(text.slice(0, end));
            text = text.slice(end + 2);
          }
        });
        const ended = (): void => {
          this.isEnded = true;
          this.#awake();
        };
        response.once('end', ended);
        response.once('error', ended);
        resolve();
      });
      this.#request.once('error', (error) => {
        this.isEnded = true;
        this.#awake();
        reject(error);
      });
      this.#request.end();
    });
  }

  /** The first event that matches, of those that have arrived or will. */
  async next<Type extends ConsoleEvent['type']>(
    type: Type,
    matches: (event: Extract<ConsoleEvent, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<ConsoleEvent, { type: Type }>> {
    for (let seen = 0; ; ) {
      for (; seen < this.received.length; seen += 1) {
        const event = this.received[seen]?.event as Extract<ConsoleEvent, { type: Type }>;
        if (event.type === type && matches(event)) return event;
      }
      if (this.isEnded) throw new Error(`the stream ended without ${type}: ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  async ended(): Promise<void> {
    while (!this.isEnded) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  close(): void {
    this.#request?.destroy();
  }

  #take(block: string): void {
    const field = (name: string): string | undefined =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const data = field('data');
    if (data === undefined) return;
    this.received.push({ id: field('id'), event: JSON.parse(data) as ConsoleEvent });
    this.#awake();
  }

  #awake(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

function queryString(query: QueryValues): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) if (one !== undefined) parameters.append(name, String(one));
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function parsed<T>({ status, text }: BrowserAnswer): T {
  const value = JSON.parse(text) as T | ApiProblem;
  if (status >= 400) throw new ProblemError(status, (value as ApiProblem).error);
  return value as T;
}
