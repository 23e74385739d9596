/** Quotes text as a single shell word. */
export function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

/** The command that sets an environment variable: in PowerShell on Windows, in a POSIX shell elsewhere. */
export function assignment(name: string, value: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `$env:${name} = '${value.replace(/'/g, "''")}'`;
  return `export ${name}=${quoted(value)}`;
}
