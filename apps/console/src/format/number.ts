const whole = new Intl.NumberFormat('en-US');
const oneDecimal = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `18,022`. A number that JavaScript cannot represent keeps all its digits. */
export function formatNumber(value: number | string): string {
  if (typeof value === 'number') return whole.format(value);
  return /^-?\d+$/.test(value) ? whole.format(BigInt(value)) : value;
}

/** `5.4`. */
export function formatRate(value: number): string {
  return oneDecimal.format(value);
}

/** `212.0 MB`, `1.9 GB`; 1 MB are 1,000,000 bytes. */
export function formatBytes(bytes: number | string): string {
  const value = Number(bytes);
  if (!Number.isFinite(value)) return String(bytes);
  for (const [unit, size] of [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
  ] as const) {
    if (value >= size) return `${oneDecimal.format(value / size)} ${unit}`;
  }
  return value >= 1e3 ? `${oneDecimal.format(value / 1e3)} kB` : `${whole.format(value)} B`;
}

/** `1 job`, `1,284 jobs`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}
