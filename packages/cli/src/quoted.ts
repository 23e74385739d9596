/** A text as one word of a shell. */
export function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

/** The line that sets a variable of the environment: in PowerShell on Windows, in a POSIX shell elsewhere. */
export function assignment(name: string, value: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `$env:${name} = '${value.replace(/'/g, "''")}'`;
  return `export ${name}=${quoted(value)}`;
}
