import type { Permission } from '@ips-sdk/types';

/** What a permission allows. The three are independent: `Write` does not include `Read`. */
export type Right = 'Read' | 'Write' | 'Delete';

/** All rights. */
export const RIGHTS: readonly Right[] = ['Read', 'Write', 'Delete'];

/** A folder or an asset on the way from an object up to the root folder of the company. */
export interface PermissionPlace {
  /** Path of the folder, or handle of the asset. */
  readonly place: string;
  /** The set of this place itself; `undefined` if it follows the folder above. An empty set allows nobody. */
  readonly permissions: readonly Permission[] | undefined;
}

/** What the sets say about one group and right. */
export interface GroupDecision {
  /** Handle of the group. */
  readonly groupHandle: string;
  /** Name of the group. */
  readonly groupName: string | undefined;
  /**
   * - `allowed`, `denied`: an entry says so.
   * - `no-entry`: the set that applies has no entry for the group and right.
   * - `no-set`: neither the object nor a folder above it has a set.
   */
  readonly result: 'allowed' | 'denied' | 'no-entry' | 'no-set';
  /** Where the set that decides is: the path of a folder, or the handle of an asset. `undefined` for `no-set`. */
  readonly place: string | undefined;
}

type Found = Pick<GroupDecision, 'result' | 'place'>;

/**
 * What the sets say about one group and right. The nearest set decides. In it, an entry that does not override gives way to what the
 * sets above say.
 *
 * @param places - From the object up to the root folder.
 */
export function decide(places: readonly PermissionPlace[], groupHandle: string, right: Right): Found {
  // From the root down, because an entry may depend on the sets above.
  return places.reduceRight<Found>(
    (above, { place, permissions }, index) => {
      if (permissions === undefined) return above;
      const entry = permissions.find(
        (each) => each.groupHandle === groupHandle && each.permissionType === right,
      );
      if (entry === undefined) return { result: 'no-entry', place };
      const isOnTop = index === places.length - 1;
      const gives = entry.isOverride !== true && !isOnTop;
      if (gives && (above.result === 'allowed' || above.result === 'denied')) return above;
      return { result: entry.isAllowed === true ? 'allowed' : 'denied', place };
    },
    { result: 'no-set', place: undefined },
  );
}
