import type { FolderNode } from '../api/contract.ts';

/** What is known of one folder's children. */
export type Children = readonly FolderNode[] | 'loading' | { readonly problem: string };

/** A line of the tree. */
export interface TreeRow {
  readonly path: string;
  readonly name: string;
  readonly folderHandle: string | undefined;
  /** From 1, as `aria-level`. */
  readonly level: number;
  readonly isOpen: boolean;
  readonly hasChildren: boolean;
  /** Its place among its siblings, from 1, and how many there are. */
  readonly position: number;
  readonly siblings: number;
  /** Shown instead of children: why there are none yet. */
  readonly note: string | undefined;
}

/** The lines of a tree whose folders are read as they are opened. `children` are by path; the root has the path `''`. */
export function treeRows(
  root: { readonly name: string; readonly path: string; readonly folderHandle?: string | undefined },
  children: ReadonlyMap<string, Children>,
  open: ReadonlySet<string>,
): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (
    node: { path: string; name: string; folderHandle: string | undefined; hasChildren: boolean },
    level: number,
    position: number,
    siblings: number,
  ): void => {
    const isOpen = open.has(node.path) && node.hasChildren;
    const known = children.get(node.path);
    rows.push({ ...node, level, isOpen, position, siblings, note: isOpen ? noteOf(known) : undefined });
    if (!isOpen || !Array.isArray(known)) return;
    // Array.isArray does not narrow a readonly array out of the union.
    const nodes = known as readonly FolderNode[];
    nodes.forEach(({ path, name, folderHandle, hasSubfolders }, index) => {
      add({ path, name, folderHandle, hasChildren: hasSubfolders }, level + 1, index + 1, nodes.length);
    });
  };
  add({ ...root, folderHandle: root.folderHandle, hasChildren: true }, 1, 1, 1);
  return rows;
}

function noteOf(children: Children | undefined): string | undefined {
  if (children === undefined || children === 'loading') return 'reading…';
  return 'problem' in children ? children.problem : undefined;
}

/** What a key does in a tree, as the pattern for trees of WAI-ARIA describes it. */
export type TreeMove =
  | { readonly kind: 'focus'; readonly path: string }
  | { readonly kind: 'open'; readonly path: string }
  | { readonly kind: 'close'; readonly path: string };

export function treeMove(rows: readonly TreeRow[], path: string, key: string): TreeMove | undefined {
  const index = rows.findIndex((row) => row.path === path);
  const row = rows[index];
  if (row === undefined) return undefined;
  const focus = (target: TreeRow | undefined): TreeMove | undefined =>
    target === undefined ? undefined : { kind: 'focus', path: target.path };
  switch (key) {
    case 'ArrowDown':
      return focus(rows[index + 1]);
    case 'ArrowUp':
      return focus(rows[index - 1]);
    case 'Home':
      return focus(rows[0]);
    case 'End':
      return focus(rows.at(-1));
    case 'ArrowRight':
      if (!row.hasChildren) return undefined;
      if (!row.isOpen) return { kind: 'open', path };
      return rows[index + 1]?.level === row.level + 1 ? focus(rows[index + 1]) : undefined;
    case 'ArrowLeft':
      if (row.isOpen) return { kind: 'close', path };
      return focus(rows.slice(0, index).findLast(({ level }) => level < row.level));
    default:
      return undefined;
  }
}

/** A folder and those above it, the root first: `MyCompany/`, `MyCompany/Shoes/`. */
export function pathsTo(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, index) => `${names.slice(0, index + 1).join('/')}/`);
}
