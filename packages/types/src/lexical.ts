const DIGIT_0 = 48;
const PLUS = 43;
const HYPHEN = 45;
const DOT = 46;
const COLON = 58;
const T = 84;
const Z = 90;

function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i += 1) {
    const digit = text.charCodeAt(i) - DIGIT_0;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Returns whether a string is an `xsd:dateTime` with a four-digit year: `2014-04-03T09:30:00[.fraction][Z|±hh:mm]`.
 * `24:00:00` is the end of a day. The string is read character by character, because the check runs for every date in every response.
 */
export function isDateTime(text: string): boolean {
  if (text.length < 19) return false;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (
    year < 1 ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysInMonth(year, month) ||
    hour < 0 ||
    minute < 0 ||
    minute > 59 ||
    second < 0 ||
    second > 59
  ) {
    return false;
  }
  if (hour > 24 || (hour === 24 && (minute !== 0 || second !== 0))) return false;
  if (
    text.charCodeAt(4) !== HYPHEN ||
    text.charCodeAt(7) !== HYPHEN ||
    text.charCodeAt(10) !== T ||
    text.charCodeAt(13) !== COLON ||
    text.charCodeAt(16) !== COLON
  )
    return false;
  let at = 19;
  if (text.charCodeAt(at) === DOT) {
    at += 1;
    const start = at;
    while (digits(text, at, 1) >= 0) at += 1;
    if (at === start) return false;
  }
  if (at === text.length) return true;
  const sign = text.charCodeAt(at);
  if (sign === Z) return at + 1 === text.length;
  if (sign !== PLUS && sign !== HYPHEN) return false;
  const offsetHour = digits(text, at + 1, 2);
  const offsetMinute = digits(text, at + 4, 2);
  if (
    text.charCodeAt(at + 3) !== COLON ||
    at + 6 !== text.length ||
    offsetHour < 0 ||
    offsetMinute < 0 ||
    offsetMinute > 59
  ) {
    return false;
  }
  return offsetHour < 14 || (offsetHour === 14 && offsetMinute === 0);
}

/** Returns whether a date and time has an offset from UTC. */
export function hasOffset(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last === 90 || text[text.length - 6] === '+' || text[text.length - 6] === '-';
}

/** Returns whether a string is Base64 in groups of four characters. Line breaks are allowed. */
export function isBase64(text: string): boolean {
  const compact = /\s/.test(text) ? text.replace(/[\t\n\r ]+/g, '') : text;
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
}
