// What permissions should be, in the simplest form: a tree of nodes in memory, and the rules word for word. Tests compare the server with it.

/** What an entry says, by group and right: `2 Read`. */
export interface Said {
  readonly isAllowed: boolean;
  readonly isOverride: boolean;
}

export interface ModelEntry extends Said {
  readonly group: number;
  readonly right: string;
}

type ModelSet = Map<string, Said>;

export interface ModelNode {
  readonly kind: 'folder' | 'asset';
  name: string;
  parent: ModelNode | undefined;
  set: ModelSet | undefined;
  /** A deleted folder stays in the model, with the assets that went to the trash with it. */
  isDeleted: boolean;
}

const keyOf = (group: number, right: string): string => `${group} ${right}`;

/** What the sets decide about one group; `undefined` if nothing. */
function decide(group: number, right: string, node: ModelNode): boolean | undefined {
  const { set, parent } = node;
  if (set === undefined) return parent === undefined ? undefined : decide(group, right, parent);
  const entry = set.get(keyOf(group, right));
  if (entry === undefined) return undefined;
  if (entry.isOverride || parent === undefined) return entry.isAllowed;
  return decide(group, right, parent) ?? entry.isAllowed;
}

/** Whether somebody in some groups has a right. */
export const may = (groups: readonly number[], right: string, node: ModelNode): boolean =>
  groups.some((group) => decide(group, right, node) === true);

/** A company with its folders and assets. */
export class PermissionModel {
  readonly root: ModelNode;
  readonly nodes: ModelNode[];

  constructor(rootName: string) {
    this.root = { kind: 'folder', name: rootName, parent: undefined, set: undefined, isDeleted: false };
    this.nodes = [this.root];
  }

  /** Folders that exist, the root first. */
  get folders(): ModelNode[] {
    return this.nodes.filter(({ kind, isDeleted }) => kind === 'folder' && !isDeleted);
  }

  get assets(): ModelNode[] {
    return this.nodes.filter(({ kind }) => kind === 'asset');
  }

  /** Assets that are not in the trash. */
  get liveAssets(): ModelNode[] {
    return this.assets.filter(({ isDeleted }) => !isDeleted);
  }

  add(kind: ModelNode['kind'], name: string, parent: ModelNode): ModelNode {
    const node: ModelNode = { kind, name, parent, set: undefined, isDeleted: false };
    this.nodes.push(node);
    return node;
  }

  pathOf(folder: ModelNode): string {
    return `${folder.parent === undefined ? '' : this.pathOf(folder.parent)}${folder.name}/`;
  }

  childNamed(parent: ModelNode, name: string): ModelNode | undefined {
    return this.folders.find(
      (each) => each.parent === parent && each.name.toLowerCase() === name.toLowerCase(),
    );
  }

  isWithin(node: ModelNode | undefined, folder: ModelNode): boolean {
    return node !== undefined && (node === folder || this.isWithin(node.parent, folder));
  }

  replaceSet(node: ModelNode, entries: readonly ModelEntry[], children: boolean): void {
    node.set = withEntries(new Map(), entries);
    if (children) for (const each of this.#below(node)) each.set = undefined;
  }

  updateSet(node: ModelNode, entries: readonly ModelEntry[], children: boolean): void {
    node.set = withEntries(
      node.set ??
        new Map(
          [...(this.effectiveSet(node) ?? [])].map(([key, said]) => [key, { ...said, isOverride: false }]),
        ),
      entries,
    );
    if (children) {
      for (const each of this.#below(node)) if (each.set !== undefined) withEntries(each.set, entries);
    }
  }

  removeSet(node: ModelNode, children: boolean): void {
    node.set = undefined;
    if (!children) return;
    // Those of assets stay; a deleted folder speaks for its assets.
    for (const each of this.#below(node)) {
      if (each.kind === 'folder' && !each.isDeleted) each.set = undefined;
    }
  }

  deleteFolder(folder: ModelNode): void {
    for (const each of this.#below(folder)) each.isDeleted = true;
    folder.isDeleted = true;
  }

  deleteGroup(group: number): void {
    for (const { set } of this.nodes) {
      for (const key of set?.keys() ?? []) if (key.startsWith(`${group} `)) set?.delete(key);
    }
  }

  /** The set that applies to a node. */
  effectiveSet(node: ModelNode): ReadonlyMap<string, Said> | undefined {
    return node.set ?? (node.parent === undefined ? undefined : this.effectiveSet(node.parent));
  }

  #below(folder: ModelNode): ModelNode[] {
    return this.nodes.filter((node) => node !== folder && this.isWithin(node, folder));
  }
}

function withEntries(set: ModelSet, entries: readonly ModelEntry[]): ModelSet {
  for (const { group, right, ...said } of entries) set.set(keyOf(group, right), said);
  return set;
}
