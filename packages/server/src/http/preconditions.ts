// Conditional and range requests as defined in RFC 9110, sections 8.8, 13 and 14.

/** The validators of a representation. */
export interface Validators {
  /** An entity tag with its quotes, and with `W/` if it is weak. */
  readonly etag: string;
  readonly lastModified: Date | undefined;
}

/** Headers of a request. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Bytes of a representation, excluding `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Maximum ranges in one request. Requests with more get the whole representation. */
const MAX_RANGES = 64;

const DAYS = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';
const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const TIME = '\\d{2}:\\d{2}:\\d{2}';
const IMF_DATE = new RegExp(`^(?:${DAYS}), \\d{2} (?:${MONTHS}) \\d{4} ${TIME} GMT$`);
const RFC_850_DATE = new RegExp(`^[A-Z][a-z]{5,8}, \\d{2}-(?:${MONTHS})-\\d{2} ${TIME} GMT$`);
const ASCTIME_DATE = new RegExp(`^(?:${DAYS}) (?:${MONTHS}) [\\d ]\\d ${TIME} \\d{4}$`);

/**
 * The status of a conditional request: 304 or 412; `undefined` if the request proceeds.
 *
 * `If-Match` takes precedence over `If-Unmodified-Since`, and `If-None-Match` over `If-Modified-Since`.
 */
export function preconditionStatus(
  method: string,
  headers: Headers,
  validators: Validators,
): 304 | 412 | undefined {
  const reads = method === 'GET' || method === 'HEAD';
  const seconds = secondsOf(validators.lastModified);
  const ifMatch = text(headers['if-match']);
  const ifUnmodified = secondsOf(httpDate(text(headers['if-unmodified-since'])));
  if (ifMatch !== undefined) {
    if (!isAmong(ifMatch, validators.etag, isSameStrongly)) return 412;
  } else if (ifUnmodified !== undefined && seconds !== undefined && seconds > ifUnmodified) return 412;
  const ifNoneMatch = text(headers['if-none-match']);
  if (ifNoneMatch !== undefined) {
    if (isAmong(ifNoneMatch, validators.etag, isSameWeakly)) return reads ? 304 : 412;
    return undefined;
  }
  const ifModified = secondsOf(httpDate(text(headers['if-modified-since'])));
  return reads && ifModified !== undefined && seconds !== undefined && seconds <= ifModified
    ? 304
    : undefined;
}

/**
 * The part of a representation that a GET requests: `unsatisfiable` if it has no such bytes, `undefined` for the whole. Ranges that
 * overlap or touch are merged. Separate ranges, malformed ranges and units other than bytes get the whole.
 */
export function requestedRange(
  method: string,
  headers: Headers,
  validators: Validators,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const range = text(headers['range']);
  if (method !== 'GET' || range === undefined || !isRangeCurrent(text(headers['if-range']), validators)) {
    return undefined;
  }
  const set = /^bytes=(.*)$/i.exec(range)?.[1]?.split(',') ?? [];
  // A list may have empty elements.
  const specs = set.map((each) => each.replaceAll(/^[ \t]+|[ \t]+$/g, '')).filter((each) => each !== '');
  if (specs.length === 0 || specs.length > MAX_RANGES) return undefined;
  const parts: ByteRange[] = [];
  for (const spec of specs) {
    const [, first = '', last = ''] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
    if (first === '' && last === '') return undefined;
    if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
    const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
    const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
    if (start < end) parts.push({ start, end });
  }
  if (parts.length === 0) return 'unsatisfiable';
  return merged(parts);
}

/** Parses a date in one of the three formats of HTTP; `undefined` for anything else. */
export function httpDate(value: string | undefined): Date | undefined {
  if (value === undefined) return undefined;
  const isAsctime = ASCTIME_DATE.test(value);
  if (!isAsctime && !IMF_DATE.test(value) && !RFC_850_DATE.test(value)) return undefined;
  const date = new Date(isAsctime ? `${value} GMT` : value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Whether a range request applies: its `If-Range`, if any, matches the current state. */
function isRangeCurrent(ifRange: string | undefined, { etag, lastModified }: Validators): boolean {
  if (ifRange === undefined) return true;
  if (/^(?:W\/)?"/.test(ifRange)) return isSameStrongly(ifRange, etag);
  const date = secondsOf(httpDate(ifRange));
  return date !== undefined && date === secondsOf(lastModified);
}

/** Merges ranges into one; `undefined` if there are gaps. */
function merged(parts: readonly ByteRange[]): ByteRange | undefined {
  const [first, ...rest] = parts.toSorted((one, other) => one.start - other.start);
  if (first === undefined) return undefined;
  let { end } = first;
  for (const part of rest) {
    if (part.start > end) return undefined;
    end = Math.max(end, part.end);
  }
  return { start: first.start, end };
}

/** Whether a list of entity tags, or `*`, includes a tag. Of a malformed list, the part before the error counts. */
function isAmong(list: string, etag: string, isSame: (one: string, other: string) => boolean): boolean {
  if (list.trim() === '*') return true;
  const tags = /[ \t,]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)/y;
  for (let found = tags.exec(list); found !== null; found = tags.exec(list)) {
    if (isSame(found[1] ?? '', etag)) return true;
  }
  return false;
}

const isSameWeakly = (one: string, other: string): boolean =>
  one.replace(/^W\//, '') === other.replace(/^W\//, '');

const isSameStrongly = (one: string, other: string): boolean => one === other && !one.startsWith('W/');

/** Whole seconds, the precision of HTTP dates. */
function secondsOf(date: Date | undefined): number | undefined {
  return date === undefined ? undefined : Math.floor(date.getTime() / 1000);
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
