/** The query of `GET permissions`: a folder or an asset. */
export interface PermissionsQuery {
  /** Path. Default: the root. */
  readonly folder?: string | undefined;
  /** Handle. */
  readonly asset?: string | undefined;
}

/** The answer to `GET permissions`. */
export interface PermissionsAnswer {
  /** The role, or the service, does not show permissions to the user. The rest is empty then. */
  readonly isRefused: boolean;
  /**
   * Whose set applies. `own`: the folder's or the asset's own; `folder`: that of the folder in `from`; `none`: there is no set up to the root,
   * and portal users see nothing.
   */
  readonly source: 'own' | 'folder' | 'none';
  /** Path of the folder that has the set; only for `folder`. */
  readonly from?: string | undefined;
  /** Groups that are not listed have no access. */
  readonly groups: readonly PermittedGroup[];
  /** `false` if the company has no group to give permissions to. */
  readonly hasGroups: boolean;
  /** Show the permissions, and set them as they are, to be changed. */
  readonly shell: readonly string[];
}

/** A group that a permission set mentions. */
export interface PermittedGroup {
  readonly groupHandle: string;
  readonly name: string;
  /** Read, Write and Delete, in this order. */
  readonly rights: readonly PermittedRight[];
}

export interface PermittedRight {
  readonly right: 'Read' | 'Write' | 'Delete';
  /** What is effective. */
  readonly isAllowed: boolean;
  /**
   * Why. `override`: the entry applies whatever the folders above say; `default`: it applies because they say nothing; `above`: it gives way to
   * the folder in `from`; `missing`: there is no entry, which denies.
   */
  readonly reason: 'override' | 'default' | 'above' | 'missing';
  /** Path of the folder that decides; only for `above`. */
  readonly from?: string | undefined;
}
