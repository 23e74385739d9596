/** The place of a finding. */
export interface Found {
  /** File of the exchange, or of the first one. */
  readonly file: string;
  readonly operation: string;
  /** Path in the response, with `[]` for any item: `getActiveJobsReturn.jobArray[].triggerTime`. */
  readonly path: string;
  /** Number of occurrences. */
  readonly count: number;
}

/** Combines findings that differ only in the item or the exchange. */
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
