/** The most bytes of a name: file systems take 255, and what writes a file may need some for a suffix. */
const MOST_BYTES = 200;

/** Names that are devices on Windows, with any suffix. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\s*(?:\.|$))/i;

/**
 * A name that every file system takes as the name of one file: without separators, characters that Windows refuses, names of its
 * devices, dots and blanks at its ends, and not too long. Names come from outside and must not lead out of a folder.
 *
 * @returns An empty text when nothing is left.
 */
export function safeFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, '_')
    .replace(/^\.+/, '_')
    // Windows drops blanks and dots at the end, so that another file would be meant.
    .replace(/[. ]+$/, '')
    .replace(DEVICES, '$&_');
  const suffix = /(?<=.)\.[^.]{1,20}$/.exec(clean)?.[0] ?? '';
  const stem = clean.slice(0, clean.length - suffix.length);
  return `${shortened(stem, MOST_BYTES - Buffer.byteLength(suffix))}${suffix}`;
}

/** The beginning of a text, in whole characters. */
function shortened(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let short = '';
  let length = 0;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    short += character;
  }
  return short.trimEnd();
}
