import { isBase64, isDateTime } from '@ips-sdk/types/lexical';

/** Whether a value is a date and time: text or, in requests, a `Date`. */
export function isDateTimeInput(value: unknown): boolean {
  if (typeof value === 'string') return isDateTime(value);
  return value instanceof Date && hasWrittenYear(value);
}

/** Whether the year of a `Date` can be sent. XML has no year 0, and the service reads four digits. */
function hasWrittenYear(date: Date): boolean {
  const year = yearOf(date);
  return year >= 1 && year <= 9999;
}

/** The UTC year of a `Date`; `NaN` for an invalid one, or for an object that only inherits from a `Date`. */
export function yearOf(date: Date): number {
  try {
    return date.getUTCFullYear();
  } catch {
    return Number.NaN;
  }
}

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot carry.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
/** The same and all surrogates, which may be unpaired. A single test is enough for nearly every text. */
const SUSPECT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot carry.

/** Whether XML allows a text: it has no control characters, unpaired surrogates, U+FFFE or U+FFFF. */
export function isXmlText(text: string): boolean {
  return !SUSPECT.test(text) || (!FORBIDDEN.test(text) && text.isWellFormed());
}

/** Whether a value is binary data: base64 text or, in requests, bytes. */
export function isBase64Input(value: unknown): boolean {
  if (typeof value === 'string') return isBase64(value);
  // An object that only inherits from a byte array contains no bytes.
  return value instanceof Uint8Array && ArrayBuffer.isView(value);
}

/** Matches almost all URLs in requests. Others are checked more closely. */
const PLAIN_URL =
  /^https?:\/\/[a-z0-9][a-z0-9.-]*[a-z0-9](?::\d{1,4})?(?:\/[\w\-.~:/?#[\]@!$&'()*+,;=%]*)?$/i;

/** Whether a text is an absolute URL that XML allows. Spaces and other unsafe characters must be escaped. */
export function isUri(text: string): boolean {
  return (
    PLAIN_URL.test(text) ||
    (/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text) && isXmlText(text) && URL.canParse(text))
  );
}

/** Whether a text looks like an e-mail address (a local part, an @ and a host) that XML allows. */
export function isEmail(text: string): boolean {
  return text.length <= 320 && /^[^\s@<>"]+@[^\s@<>"]+$/.test(text) && isXmlText(text);
}
