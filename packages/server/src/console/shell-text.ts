// The same as a view or an action, from a shell.

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command with its arguments. */
export function shellLine(...parts: readonly string[]): string {
  return parts.map(shellWord).join(' ');
}
