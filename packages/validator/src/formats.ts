import { isBase64, isDateTime } from '@ips-sdk/types/lexical';

/** Whether a value is a date and time: text, or in requests also a `Date`. */
export function isDateTimeInput(value: unknown): boolean {
  if (typeof value === 'string') return isDateTime(value);
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** Whether a value is binary data: base64 text, or in requests also bytes. */
export function isBase64Input(value: unknown): boolean {
  return typeof value === 'string' ? isBase64(value) : value instanceof Uint8Array;
}

/** Matches the URLs of almost every request; others are checked more closely. */
const PLAIN_URL =
  /^https?:\/\/[a-z0-9][a-z0-9.-]*[a-z0-9](?::\d{1,4})?(?:\/[\w\-.~:/?#[\]@!$&'()*+,;=%]*)?$/i;

/** Whether a text is an absolute URL. Spaces and other unsafe characters must be escaped. */
export function isUri(text: string): boolean {
  return PLAIN_URL.test(text) || (/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text) && URL.canParse(text));
}

/** Whether a text looks like an e-mail address: something, an @, and a host. */
export function isEmail(text: string): boolean {
  return text.length <= 320 && /^[^\s@<>"]+@[^\s@<>"]+$/.test(text);
}
