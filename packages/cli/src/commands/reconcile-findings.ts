import type { InventoryRow } from './asset-inventory.js';
import { type Expected, placeOf } from './reconcile-inventory.js';

/** The kinds of differences between a company and an inventory. */
export type FindingKind =
  /** The asset does not exist. */
  | 'missing'
  /** The asset exists only under a numbered name: red-1. */
  | 'numbered'
  /** The asset is not marked for publish. */
  | 'unpublished'
  /** The asset exists, and a numbered duplicate too. */
  | 'duplicated'
  /** The asset is not marked for publish, but its duplicate is. */
  | 'onlyDuplicatePublished'
  /** The asset is in a different folder. */
  | 'elsewhere';

/** The fix that `--apply` makes. */
export type Fix = 'upload' | 'rename' | 'publish' | 'rename and publish';

/** A difference. */
export interface Finding {
  readonly finding: FindingKind;
  readonly name: string;
  /** The expected folder and file name below the root, as far as known. */
  readonly path: string;
  /** The handle of the asset itself. */
  readonly handle: string | undefined;
  readonly duplicate: string | undefined;
  readonly duplicateHandle: string | undefined;
  readonly fix: Fix | undefined;
  readonly expected: Expected;
}

/** Compares the expected assets with those of the company. */
export class Reconciliation {
  readonly #byName = new Map<string, InventoryRow[]>();
  readonly #numbered = new Map<string, InventoryRow[]>();
  readonly #roots: readonly string[];
  readonly #expected: readonly Expected[];
  readonly #names: ReadonlySet<string>;

  /** @param root - The path of the company's root folder. */
  constructor(expected: readonly Expected[], root: string) {
    this.#expected = expected;
    this.#roots = [root];
    this.#names = new Set(expected.map(({ name }) => name.toLowerCase()));
  }

  /** Adds an asset of the company. Keeps only assets related to the inventory, to limit memory. */
  see(row: InventoryRow): void {
    const name = row.name.toLowerCase();
    if (this.#names.has(name)) {
      push(this.#byName, name, row);
      return;
    }
    const base = /^(.+)[-_]\d{1,4}$/.exec(name)?.[1];
    if (base !== undefined && this.#names.has(base)) push(this.#numbered, base, row);
  }

  /** The differences, in the order of the inventory. */
  *findings(): Generator<Finding> {
    for (const expected of this.#expected) yield* this.#findingsOf(expected);
  }

  *#findingsOf(expected: Expected): Generator<Finding> {
    const key = expected.name.toLowerCase();
    const asset = this.#find(expected, this.#byName.get(key) ?? []);
    const duplicates = (this.#numbered.get(key) ?? []).filter((row) => mayBe(row, expected));
    const finding = (kind: FindingKind, duplicate?: InventoryRow, fix?: Fix): Finding => ({
      finding: kind,
      name: expected.name,
      path: `${expected.folder ?? ''}${expected.fileName}`,
      handle: asset?.handle,
      duplicate: duplicate?.name,
      duplicateHandle: duplicate?.handle,
      fix,
      expected,
    });
    if (asset === undefined) {
      const [only, ...others] = duplicates;
      if (only === undefined) {
        yield finding('missing', undefined, expected.source === undefined ? undefined : 'upload');
      } else if (others.length === 0) {
        yield finding('numbered', only, isDue(expected, only) ? 'rename and publish' : 'rename');
      } else {
        // Only the user can decide which one is right.
        for (const duplicate of duplicates) yield finding('numbered', duplicate);
      }
      return;
    }
    let reported: InventoryRow | undefined;
    if (isDue(expected, asset)) {
      reported = duplicates.find(({ publishState }) => publishState === 'MarkedForPublish');
      yield finding(reported === undefined ? 'unpublished' : 'onlyDuplicatePublished', reported, 'publish');
    }
    for (const duplicate of duplicates) if (duplicate !== reported) yield finding('duplicated', duplicate);
    const { folder } = placeOf(asset.path, this.#roots);
    if (expected.folder !== undefined && folder.toLowerCase() !== expected.folder.toLowerCase())
      yield finding('elsewhere');
  }

  /** Of several assets with the same name, which some types allow, picks the one in the expected folder, or with the same extension. */
  #find(expected: Expected, rows: readonly InventoryRow[]): InventoryRow | undefined {
    const { folder, fileName } = expected;
    return (
      rows.find((row) => {
        const place = placeOf(row.path, this.#roots);
        return place.folder === folder && place.fileName === fileName;
      }) ??
      rows.find((row) => sameExtension(row.path, fileName)) ??
      rows[0]
    );
  }
}

/** Whether an asset should be published but is not marked for publish. */
function isDue(expected: Expected, row: InventoryRow): boolean {
  return expected.publish && row.publishState === 'NotMarkedForPublish';
}

/** Whether an asset with a numbered name may be a duplicate. A different extension or size rules it out. */
function mayBe(row: InventoryRow, { fileName, size }: Expected): boolean {
  if (!sameExtension(row.path, fileName)) return false;
  return size === undefined || row.size === undefined || Number(row.size) === size;
}

function sameExtension(a: string, b: string): boolean {
  const [one, two] = [a, b].map((path) => /\.(\w{1,5})$/.exec(path)?.[1]?.toLowerCase());
  return one === undefined || two === undefined || one === two;
}

function push(map: Map<string, InventoryRow[]>, key: string, row: InventoryRow): void {
  const rows = map.get(key);
  if (rows === undefined) map.set(key, [row]);
  else rows.push(row);
}
