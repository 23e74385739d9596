/** Whether a path matches a pattern: `*` and `?` match within a name, `**` across folders, `{a,b}` is a choice. */
export function matchesGlob(path: string, pattern: string): boolean {
  return new RegExp(`^${source(pattern)}$`, 's').test(path.replaceAll('\\', '/'));
}

function source(pattern: string): string {
  return pattern.replace(/\*\*\/|\*\*|\*|\?|\{([^{}]*)\}|[\\^$.|+()[\]{}]/g, (token, choices?: string) => {
    if (choices !== undefined) return `(?:${choices.split(',').map(source).join('|')})`;
    switch (token) {
      case '**/':
        return '(?:[^/]+/)*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return `\\${token}`;
    }
  });
}
