// Numbers in words, for the descriptions of schedules.

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

/** The minimum number of values for a range instead of a list. */
const RANGE = 3;

/** The minimum number of values for an interval instead of a list. */
const RHYTHM = 4;

/** Values in ascending order: `1, 5 and 7`, `1 to 6`, `0 to 56 in steps of 7`. */
export function numbers(
  values: readonly number[],
  write: (value: number) => string | undefined = String,
): string {
  const text = (value: number | undefined): string => write(value ?? 0) ?? String(value);
  const distance = progression(values);
  if (distance !== undefined && distance > 1 && write === String)
    return `${text(values[0])} to ${text(values.at(-1))} in steps of ${distance}`;
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return and(
    runs.flatMap((run) => (run.length < RANGE ? run.map(text) : [`${text(run[0])} to ${text(run.at(-1))}`])),
  );
}

/** The distance between enough evenly spaced values; `undefined` for others. */
export function progression(values: readonly number[]): number | undefined {
  const [first = 0, second = 0] = values;
  const distance = second - first;
  if (values.length < (distance === 1 ? RANGE : RHYTHM)) return undefined;
  return values.every((value, index) => value === first + index * distance) ? distance : undefined;
}

/** The distance between values that are evenly spaced over a whole field, starting at 0. */
export function evenStep(values: readonly number[], size: number): number | undefined {
  const distance = size / values.length;
  return values.length > 1 && values.every((value, index) => value === index * distance)
    ? distance
    : undefined;
}

/** `every minute`, `every 5 minutes`. */
export function every(count: number, unit: string): string {
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

/** `third`, `22nd`. */
export function ordinal(value: number): string {
  const word = ORDINALS[value - 1];
  if (word !== undefined) return word;
  const endings: Readonly<Record<number, string>> = { 1: 'st', 2: 'nd', 3: 'rd' };
  const isTeen = Math.floor(value / 10) % 10 === 1;
  return `${value}${(isTeen ? undefined : endings[value % 10]) ?? 'th'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function and(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
