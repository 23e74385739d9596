/** Where something was found. */
export interface Found {
  /** The file of the exchange; the first one where there are several. */
  readonly file: string;
  readonly operation: string;
  /** Where in the answer, with `[]` for any item: `getActiveJobsReturn.jobArray[].triggerTime`. */
  readonly path: string;
  /** How often. */
  readonly count: number;
}

/** Makes one finding of those that differ only in the item or the exchange in which they were found. */
export function groupFindings<T extends Found>(found: readonly T[], kindOf: (finding: T) => string): T[] {
  const groups = new Map<string, T>();
  for (const each of found) {
    const path = each.path.replace(/\[\d+\]/g, '[]');
    const key = JSON.stringify([each.operation, path, kindOf(each)]);
    const first = groups.get(key);
    groups.set(key, first === undefined ? { ...each, path } : { ...first, count: first.count + each.count });
  }
  return [...groups.values()];
}
