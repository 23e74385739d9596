/**
 * Characters that control a terminal, and characters that change the direction of text and could disguise a name.
 */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Makes control characters visible, except line breaks and tabs. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => (/[\n\t]/.test(character) ? character : visible(character)));
}

/** Makes all control characters visible, which keeps the text on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\n/g, '␊').replace(/\t/g, '␉');
}

/** Escapes tabs, line breaks and backslashes in a tab-separated value. */
export function tsvValue(text: string): string {
  return text
    .replace(/\\/g, '\\\\')
    .replace(/\t/g, '\\t')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(UNSAFE, visible);
}

/** Escapes control characters in JSON text, except the line breaks between its parts. */
export function printableJson(json: string): string {
  return json.replace(UNSAFE, (character) => (character === '\n' ? character : escaped(character)));
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : escaped(character);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
