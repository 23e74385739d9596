import type { Right } from './rights.js';

/** An entry of a permission set for one of the viewer's groups. */
export interface Entry {
  readonly groupId: number;
  readonly right: Right;
  readonly isAllowed: boolean;
  readonly isOverride: boolean;
}

/** A folder with a permission set. */
export interface FolderSet {
  /** In lower case, by the rules of the database, with a trailing slash. */
  readonly path: string;
  readonly entries: readonly Entry[];
}

/**
 * What the permission sets of folders say about each path. In byte order, the paths in a folder are one range. `bounds` are the beginnings
 * of ranges within which the same set decides; the decisions have one element more, for the paths before the first bound.
 */
export interface FolderRules {
  readonly bounds: readonly string[];
  /** For each range, whether one of the groups may. */
  allowed(right: Right): readonly boolean[];
  /** For each range, what one group is told; `null` if nothing. */
  decisions(right: Right, groupId: number): readonly (boolean | null)[];
}

/** What a set decides, by group and right. */
type Decisions = ReadonlyMap<string, boolean>;

interface Open {
  readonly path: string;
  readonly decisions: Decisions;
}

/**
 * Evaluates the sets of folders.
 *
 * The nearest set at or above a folder decides. An entry of it that does not override gives way to what the folder above says about the same
 * group and right, if that says anything. A set lets nothing through for which it has no entry.
 *
 * @param sets - By path in byte order, so that a folder comes before those in it.
 */
export function folderRules(sets: readonly FolderSet[]): FolderRules {
  const bounds: string[] = [];
  const ranges: (Decisions | undefined)[] = [undefined];
  const open: Open[] = [];
  const begin = (bound: string, decisions: Decisions | undefined): void => {
    bounds.push(bound);
    ranges.push(decisions);
  };
  const close = (until: string | undefined): void => {
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      if (until?.startsWith(last.path) === true) return;
      open.pop();
      begin(afterFolder(last.path), open.at(-1)?.decisions);
    }
  };
  for (const { path, entries } of sets) {
    close(path);
    const decisions = decide(entries, open.at(-1)?.decisions);
    open.push({ path, decisions });
    begin(path, decisions);
  }
  close(undefined);
  return {
    bounds,
    allowed: (right) => ranges.map((range) => range !== undefined && someGroupMay(range, right)),
    decisions: (right, groupId) => ranges.map((range) => range?.get(keyOf(groupId, right)) ?? null),
  };
}

function decide(entries: readonly Entry[], above: Decisions | undefined): Decisions {
  return new Map(
    entries.map(({ groupId, right, isAllowed, isOverride }) => {
      const key = keyOf(groupId, right);
      return [key, isOverride ? isAllowed : (above?.get(key) ?? isAllowed)];
    }),
  );
}

function someGroupMay(decisions: Decisions, right: Right): boolean {
  for (const [key, isAllowed] of decisions) if (isAllowed && key.endsWith(` ${right}`)) return true;
  return false;
}

const keyOf = (groupId: number, right: Right): string => `${groupId} ${right}`;

/** The first text in byte order after all paths in a folder: the character after the slash is `0`. */
const afterFolder = (path: string): string => `${path.slice(0, -1)}0`;
