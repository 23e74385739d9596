/** No name is longer; comparing longer texts would take long. */
const LONGEST = 100;

/**
 * Finds the candidate that a misspelled name probably means: the one with the fewest edits, at most a third of its length. Case is ignored.
 *
 * @returns `undefined` if no candidate is similar enough.
 * @example
 * ```ts
 * import { nearest } from '@ips-sdk/types/nearest';
 *
 * console.log(nearest('jobNmae', ['jobName', 'locale'])); // jobName
 * ```
 */
export function nearest(misspelled: string, candidates: Iterable<string>): string | undefined {
  if (misspelled.length > LONGEST) return undefined;
  const wanted = misspelled.toLowerCase();
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const most = Math.max(1, Math.floor(candidate.length / 3));
    if (Math.abs(candidate.length - misspelled.length) > most) continue;
    const edits = editsBetween(wanted, candidate.toLowerCase());
    if (edits > most || edits >= fewest) continue;
    best = candidate;
    fewest = edits;
  }
  return best;
}

/** The number of insertions, deletions, replacements and swaps of adjacent characters between two strings. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, (before[j - 2] ?? 0) + 1);
      row.push(edits);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
