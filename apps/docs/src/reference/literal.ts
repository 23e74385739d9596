const WIDTH = 72;

/**
 * A value as TypeScript writes it, on one line where it is short.
 *
 * @param before - The number of characters before it on its line, without the indent.
 */
export function literal(value: unknown, indent = '', before = 0): string {
  const flat = inline(value);
  if (indent.length + before + flat.length <= WIDTH && !(depthOf(value) > 2)) return flat;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((entry) => `${deeper}${literal(entry, deeper)},\n`).join('')}${indent}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const lines = Object.entries(value).map(
      ([key, entry]) => `${deeper}${name(key)}: ${literal(entry, deeper, name(key).length + 2)},\n`,
    );
    return `{\n${lines.join('')}${indent}}`;
  }
  return flat;
}

function inline(value: unknown): string {
  if (typeof value === 'string') {
    return value.includes("'") && !value.includes('"')
      ? JSON.stringify(value)
      : `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  }
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, entry]) => `${name(key)}: ${inline(entry)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return String(value);
}

function name(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : inline(key);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
