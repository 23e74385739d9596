/** The value of a rank: 0.5 is the median, 0.95 what all but a twentieth do not exceed. */
export function quantile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * rank))] ?? Number.NaN;
}

/** The middle value, or the upper one of the two in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A number with about three digits. */
export function brief(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return Number(value.toFixed(digits)).toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** The median with the lowest and the highest value, such as `12 (10 … 19)`. */
export function withSpread(values: readonly number[]): string {
  return `${brief(median(values))} (${brief(Math.min(...values))} … ${brief(Math.max(...values))})`;
}
