import { redactXml } from '../redaction.js';

/** A call that the server received, without its secrets. */
export interface RecordedRequest {
  /** Numbers calls in order of their responses, from 1. */
  readonly id: number;
  /** When the call arrived, by the clock of the server. */
  readonly at: Date;
  /** Name of the operation, such as `submitJob`; empty if the request could not be read. */
  readonly operation: string;
  /** `soap` and `plain` are the two forms of the service, `upload` is the upload servlet. */
  readonly transport: 'soap' | 'plain' | 'upload';
  /** E-mail address of the user whose credentials the request presents; `undefined` without any. */
  readonly user: string | undefined;
  /** HTTP status of the response; 0 if a test had the connection dropped. */
  readonly status: number;
  /** The fault in the response; `undefined` without one. */
  readonly fault: { readonly code: number; readonly reason: string } | undefined;
  /** Milliseconds from the arrival of the request to its response. */
  readonly duration: number;
  /**
   * XML of the request, in which `••••••` replaces secrets. Of an upload, its parts `auth` and `uploadParams`, then the names and sizes of
   * its files. Empty if the server refused to read it.
   */
  readonly request: string;
  /** XML of the response, without secrets. */
  readonly response: string;
  /** Whether only the first 100,000 bytes of the request or characters of the response are kept. */
  readonly isTruncated: boolean;
}

/** Which of the recorded requests to return: those that match everything that is given. */
export interface RequestFilter {
  /** Name of an operation. */
  readonly operation?: string | undefined;
  /** E-mail address of the caller, regardless of case. */
  readonly user?: string | undefined;
  /** HTTP status of the response. */
  readonly status?: number | undefined;
  /** Code of the fault in the response. */
  readonly fault?: number | undefined;
  /** Calls that arrived at this time or later, by the clock of the server. */
  readonly since?: Date | undefined;
  /** Calls after the one with this `id`. */
  readonly after?: number | undefined;
  /** At most this many, the latest. Default: all. */
  readonly limit?: number | undefined;
}

/** A call to record, as it was on the wire: with its secrets. */
export interface JournalCall
  extends Omit<RecordedRequest, 'id' | 'isTruncated' | 'request'>,
    Record<'request', Uint8Array | string> {
  /** The character encoding of `request`, if it has bytes. Default: UTF-8. */
  readonly charset?: string | undefined;
}

interface JournalRecord {
  readonly call: JournalCall;
  readonly id: number;
  readonly isTruncated: boolean;
  readonly bytes: number;
  /** What is shown of it, once it has been. */
  shown?: RecordedRequest;
}

/** Bytes or characters of a document that are kept. */
const KEPT = 100_000;

/** Bytes of all documents that are kept, about. */
const KEPT_IN_ALL = 32 * 1024 * 1024;

/** The latest calls, in memory, for those who test clients. */
export class RequestJournal {
  /** How many calls it keeps. */
  static readonly capacity = 1000;
  #records: JournalRecord[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #ignored: RegExp;
  #last = 0;
  #bytes = 0;
  #dropped = 0;

  /** @param ignoredApp - Calls with this `appName` are omitted. */
  constructor(ignoredApp: string) {
    this.#ignored = new RegExp(`<(?:[\\w.-]+:)?appName>${ignoredApp}<`);
  }

  get length(): number {
    return this.#records.length;
  }

  /** Calls that were forgotten for lack of space since the journal was last cleared. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The calls that match, in the order of their ids. */
  find(filter: RequestFilter = {}): readonly RecordedRequest[] {
    const found = this.#records.filter((record) => matches(record, filter));
    return found.slice(filter.limit === undefined ? 0 : Math.max(0, found.length - filter.limit)).map(shown);
  }

  /** How many calls match, regardless of the limit. */
  count(filter: RequestFilter = {}): number {
    return this.#records.filter((record) => matches(record, filter)).length;
  }

  get(id: number): RecordedRequest | undefined {
    const record = this.#records.find((one) => one.id === id);
    return record && shown(record);
  }

  add(call: JournalCall): void {
    const { request, response } = call;
    // The header comes first.
    if (this.#ignored.test(textOf(request.slice(0, 5000), call.charset))) return;
    const kept = { request: cut(request), response: cut(response) };
    const bytes = kept.request.length + 2 * kept.response.length;
    this.#last += 1;
    const isTruncated = kept.request !== request || kept.response !== response;
    this.#records.push({ call: { ...call, ...kept }, id: this.#last, isTruncated, bytes });
    this.#bytes += bytes;
    while (this.#records.length > RequestJournal.capacity || this.#bytes > KEPT_IN_ALL) {
      this.#bytes -= this.#records.shift()?.bytes ?? 0;
      this.#dropped += 1;
    }
    for (const listener of [...this.#listeners]) listener();
  }

  /** Forgets all calls. Ids continue. */
  clear(): void {
    this.#records = [];
    this.#bytes = 0;
    this.#dropped = 0;
    for (const listener of [...this.#listeners]) listener();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function matches({ call, id }: JournalRecord, filter: RequestFilter): boolean {
  const { operation, user, status, fault, since, after } = filter;
  return (
    (operation === undefined || call.operation === operation) &&
    (user === undefined || call.user?.trim().toLowerCase() === user.trim().toLowerCase()) &&
    (status === undefined || call.status === status) &&
    (fault === undefined || call.fault?.code === fault) &&
    (since === undefined || call.at >= since) &&
    (after === undefined || id > after)
  );
}

function shown(record: JournalRecord): RecordedRequest {
  const { call, id, isTruncated } = record;
  const { charset, request, response, ...rest } = call;
  record.shown ??= {
    id,
    ...rest,
    request: redactXml(textOf(request, charset)),
    response: redactXml(response),
    isTruncated,
  };
  return record.shown;
}

/** The part of a document that is kept, in memory of its own: a part of a string or a buffer would keep all of it. */
function cut<Text extends Uint8Array | string>(text: Text): Text {
  if (text.length <= KEPT) return text;
  const part = Buffer.from(text.slice(0, KEPT));
  // The type checker does not see that the result has the type of the argument.
  return (typeof text === 'string' ? part.toString('utf8') : part) as Text;
}

function textOf(text: Uint8Array | string, charset = 'utf-8'): string {
  if (typeof text === 'string') return text;
  try {
    return new TextDecoder(charset).decode(text);
  } catch {
    // A request in an encoding that does not exist cannot be read by the service either, but may contain anything.
    return '';
  }
}
