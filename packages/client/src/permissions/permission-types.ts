import type { Group, Permission } from '@ips-sdk/types';
import type { GroupDecision, PermissionPlace, Right } from './decide.js';

/** The permissions that apply to a folder. */
export interface FolderPermissions {
  /** Path of the folder. */
  readonly path: string;
  /** Handle of the folder. */
  readonly folderHandle: string;
  /** Number of levels below the first folder, which has depth 0. */
  readonly depth: number;
  /** Path of the folder whose set applies: this one or one above it; `undefined` if none has a set. */
  readonly from: string | undefined;
  /** Handle of the set that applies. */
  readonly permissionSetHandle: string | undefined;
  /** The entries of that set; `undefined` without a set. An empty set allows nobody. */
  readonly permissions: readonly Permission[] | undefined;
}

/** The permissions that apply to an asset. */
export interface AssetPermissions {
  /** Handle of the asset. */
  readonly assetHandle: string;
  /** Name of the asset. */
  readonly name: string;
  /** Path of its folder. */
  readonly folder: string;
  /**
   * `asset` if the asset has a set of its own, else the path of the folder whose set applies; `undefined` without a set. An asset whose own
   * set equals the one of its folder cannot be distinguished from one without, and has the same effect.
   */
  readonly from: string | undefined;
  /** The entries that apply; `undefined` without a set. An empty set allows nobody. */
  readonly permissions: readonly Permission[] | undefined;
}

/** A folder or an asset. */
export interface PermissionTarget {
  /** Handle of the asset. */
  readonly asset?: string | undefined;
  /** Path of the folder. Default: the company's root. */
  readonly folder?: string | undefined;
}

/** The subject and the object of an explanation: a user, and a folder or an asset. */
export interface ExplainSubject extends PermissionTarget {
  /** Handle or email address of the user. */
  readonly user: string;
}

/** What the sets say about one group and right, and the entry of the nearest set. */
export interface GroupRight extends GroupDecision {
  readonly right: Right;
  /** The entry of the nearest set; `undefined` if it has none for the group and right, which denies it. */
  readonly entry: Permission | undefined;
}

/** What one group may do with a folder or an asset. */
export interface GroupPermissions {
  /** Handle of the group. */
  readonly groupHandle: string;
  /** Name of the group. */
  readonly groupName: string | undefined;
  /** Read, Write and Delete, in this order. */
  readonly rights: readonly GroupRight[];
}

/** The groups that the nearest set of a folder or an asset mentions, and what they may. */
export interface TargetPermissions {
  /** Path of the folder, or handle of the asset. */
  readonly target: string;
  /** Where the nearest set is: `target` itself, or the path of a folder above; `undefined` if there is no set, and no group has access. */
  readonly from: string | undefined;
  /** In the order of the set. Groups that are not mentioned have no access. */
  readonly groups: readonly GroupPermissions[];
}

/** Whether a user has a right, and why. */
export interface ExplainedRight {
  readonly right: Right;
  /** Whether the user has it. The role must admit the operation as well. */
  readonly isAllowed: boolean;
  /**
   * - `unrestricted`: permissions apply to other roles only.
   * - `shared`: everyone may read the shared company.
   * - `no-member`: the user has no active membership in the company.
   * - `no-group`: the user is in no group of the company.
   * - `allowed`, `denied`, `no-entry`, `no-set`: see {@link GroupDecision}. One group that is allowed is enough.
   */
  readonly reason: 'unrestricted' | 'shared' | 'no-member' | 'no-group' | GroupDecision['result'];
  /** The group that decides, and where; `undefined` if no set decides. */
  readonly decision: GroupDecision | undefined;
  /** What the sets say about each group of the user. */
  readonly groups: readonly GroupDecision[];
}

/** What a user may do with a folder or an asset, and why. */
export interface PermissionExplanation {
  /** Email address of the user. */
  readonly user: string;
  /** Handle of the user. */
  readonly userHandle: string;
  /** Role of the user in the company; `undefined` if the user has no active membership. */
  readonly role: string | undefined;
  /** Groups of the user in the company. */
  readonly groups: readonly Group[];
  /** The object and the folders above it, with their own sets, from the object up to the root folder. */
  readonly places: readonly PermissionPlace[];
  /** Read, Write and Delete, in this order. */
  readonly rights: readonly ExplainedRight[];
}
