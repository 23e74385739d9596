/** A value of the given rank: 0.5 is the median, 0.95 what all but a twentieth do not exceed. */
export function quantile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * rank))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The median with the lowest and the highest value, such as `12 (10 … 19) ms`. */
export function withSpread(values: readonly number[], unit: string, digits = 0): string {
  const text = (value: number): string => value.toFixed(digits);
  return `${text(median(values))} (${text(Math.min(...values))} … ${text(Math.max(...values))}) ${unit}`;
}
