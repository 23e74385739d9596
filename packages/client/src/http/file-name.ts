/** The longest name in bytes. File systems allow 255, and a program that writes a file may append a suffix. */
const MOST_BYTES = 200;

/** Names of devices on Windows, with any suffix. */
const DEVICES = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\s*(?:\.|$))/i;

/**
 * Makes a file name safe for all file systems: without separators, characters and device names that Windows
 * reserves, and leading or trailing dots and spaces, and short enough. Names come from servers and must not
 * escape the folder.
 *
 * @returns An empty string when nothing is left.
 */
export function safeFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, '_')
    .replace(/^\.+/, '_')
    // Windows drops trailing spaces and dots, which would change the name.
    .replace(/[. ]+$/, '')
    .replace(DEVICES, '$&_');
  const suffix = /(?<=.)\.[^.]{1,20}$/.exec(clean)?.[0] ?? '';
  const stem = clean.slice(0, clean.length - suffix.length);
  return `${shortened(stem, MOST_BYTES - Buffer.byteLength(suffix))}${suffix}`;
}

/** Truncates a text to whole characters. */
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
