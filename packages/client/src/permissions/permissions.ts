import type { Permission } from '@ips-sdk/types';
import type { Caller } from '../caller.js';
import { checkedCallOptions, EXPLAIN, PERMISSION_TARGET, WALK } from '../check-options.js';
import { ConfigError } from '../config-error.js';
import { walkFolders } from '../folders.js';
import type { WalkOptions } from '../list-options.js';
import { checked } from '../option-checks.js';
import type { CallOptions } from '../options.js';
import { decide, type PermissionPlace, RIGHTS } from './decide.js';
import { explainRight, isRestricted } from './explain-right.js';
import type {
  AssetPermissions,
  ExplainSubject,
  FolderPermissions,
  PermissionExplanation,
  PermissionTarget,
  TargetPermissions,
} from './permission-types.js';

const ASSET_FIELDS = ['assetHandle', 'name', 'folder', 'permissions'].map(
  (name) => `assetArray/items/${name}`,
);

/**
 * Lists and explains permissions of folders and assets. All methods need a role that is not restricted by permissions, such as
 * `ImagePortalAdmin`.
 *
 * @example
 * ```ts
 * for await (const { path, from, permissions } of ips.permissions.walk()) {
 *   if (path === from) console.log(path, permissions?.length); // MyCompany/ 3
 * }
 * const { rights } = await ips.permissions.explain({ user: 'pat@example.com', folder: 'MyCompany/Shoes/' });
 * const [read] = rights;
 * console.log(read?.isAllowed, read?.decision?.groupName, read?.decision?.place); // true Download MyCompany/
 * ```
 */
export class Permissions {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Walks the folder tree from the top down, with the permissions that apply to each folder.
   *
   * @throws IpsFault when the first folder does not exist.
   */
  walk(options: WalkOptions = {}): AsyncGenerator<FolderPermissions, void, undefined> {
    return this.#walk(checked(WALK, options));
  }

  async *#walk(options: WalkOptions): AsyncGenerator<FolderPermissions, void, undefined> {
    const { folderPath, depth: _, assetTypeArray: __, ...call } = options;
    const above: FolderPermissions[] =
      folderPath === undefined ? [] : (await this.#chain(folderPath, call)).slice(0, -1);
    const first = above.length;
    for await (const { folder, depth: level, permissions } of walkFolders(this.#caller, options)) {
      above.length = first + level;
      const { path = '', folderHandle = '', permissionSetHandle } = folder;
      // A folder that follows another one names the same set.
      const parent = above.at(-1);
      const isFollowing =
        permissionSetHandle !== undefined && parent?.permissionSetHandle === permissionSetHandle;
      const from = permissionSetHandle === undefined ? undefined : isFollowing ? parent.from : path;
      const row = { path, folderHandle, depth: level, from, permissionSetHandle, permissions };
      above.push(row);
      yield row;
    }
  }

  /**
   * Returns the permissions that apply to an asset; `undefined` if it does not exist.
   *
   * @param asset - Handle of the asset.
   */
  async asset(asset: string, options: CallOptions = {}): Promise<AssetPermissions | undefined> {
    const found = await this.#asset(asset, checkedCallOptions(options));
    if (found === undefined) return undefined;
    const { chain, ...own } = found;
    const from = own.isOwn ? 'asset' : chain.at(-1)?.from;
    const { assetHandle, name, folder, permissions } = own;
    return { assetHandle, name, folder, from, permissions };
  }

  /**
   * Returns what each group may do with a folder or an asset, by the nearest set and, where its entries do not override, the sets above.
   *
   * @example
   * ```ts
   * const { from, groups } = await ips.permissions.groups({ folder: 'MyCompany/Shoes/' });
   * const [group] = groups;
   * console.log(from, group?.groupName, group?.rights.map(({ result }) => result)); // MyCompany/ Download [ 'allowed', 'denied', 'denied' ]
   * ```
   *
   * @throws IpsFault when the folder does not exist, or the caller may not see it.
   * @throws RangeError when the asset does not exist.
   * @throws ConfigError when the target names both an asset and a folder. Nothing is sent.
   */
  async groups(target: PermissionTarget = {}, options: CallOptions = {}): Promise<TargetPermissions> {
    const { asset, folder } = oneTarget(checked(PERMISSION_TARGET, target));
    const places = await this.#places({ asset, folder }, checkedCallOptions(options));
    const nearest = places.find(({ permissions }) => permissions !== undefined);
    const { permissions = [], place: from } = nearest ?? {};
    const byGroup = Map.groupBy(permissions, ({ groupHandle = '' }) => groupHandle);
    const groups = [...byGroup].map(([groupHandle, entries]) => {
      const groupName = entries.find((entry) => entry.groupName !== undefined)?.groupName;
      const rights = RIGHTS.map((right) => ({
        right,
        groupHandle,
        groupName,
        entry: entries.find(({ permissionType }) => permissionType === right),
        ...decide(places, groupHandle, right),
      }));
      return { groupHandle, groupName, rights };
    });
    return { target: places[0]?.place ?? asset ?? folder ?? '', from, groups };
  }

  /**
   * Explains what a user may do with a folder or an asset: which group, and the set of which folder, decides.
   *
   * @throws IpsFault when the user or the folder does not exist, or the caller may not see them.
   * @throws RangeError when the asset does not exist.
   * @throws ConfigError when the subject names both an asset and a folder. Nothing is sent.
   */
  async explain(subject: ExplainSubject, options: CallOptions = {}): Promise<PermissionExplanation> {
    const { user, asset, folder } = oneTarget(checked(EXPLAIN, subject));
    const call = checkedCallOptions(options);
    const [person, places] = await Promise.all([
      this.#user(user, call),
      this.#places({ asset, folder }, call),
    ]);
    const company = (await this.#caller.companyHandle()) ?? '';
    const rights = RIGHTS.map((right) => explainRight(right, { ...person, company, places }));
    return { ...person, places, rights };
  }

  async #user(
    user: string,
    call: CallOptions,
  ): Promise<Pick<PermissionExplanation, 'user' | 'userHandle' | 'role' | 'groups'>> {
    const named = user.includes('|') ? { userHandle: user } : { email: user };
    const { userInfo } = await this.#caller.call('getUserInfo', named, call);
    const { userHandle, email, isIpsAdmin } = userInfo;
    const company = await this.#caller.companyHandle();
    const { membershipArray } = await this.#caller.call('getCompanyMembership', { userHandle }, call);
    const membership = membershipArray.find(
      (each) => each.company.companyHandle === company && each.isActive,
    );
    const role = isIpsAdmin ? 'IpsAdmin' : membership?.role;
    const { groupArray } = isRestricted(role)
      ? await this.#caller.call('getGroupMembership', { userHandle }, call)
      : { groupArray: [] };
    return { user: email, userHandle, role, groups: groupArray };
  }

  async #places(
    { asset, folder }: Pick<ExplainSubject, 'asset' | 'folder'>,
    call: CallOptions,
  ): Promise<PermissionPlace[]> {
    if (asset === undefined) return placesOf(await this.#chain(folder, call));
    const found = await this.#asset(asset, call);
    if (found === undefined) throw new RangeError(`asset: no asset has the handle ${JSON.stringify(asset)}`);
    const own = { place: found.assetHandle, permissions: found.isOwn ? found.permissions : undefined };
    return [own, ...placesOf(found.chain)];
  }

  /** The folders from the root to a folder, each with the set that applies. */
  async #chain(path: string | undefined, call: CallOptions): Promise<FolderPermissions[]> {
    const read = async (
      folderPath: string | undefined,
    ): Promise<Omit<FolderPermissions, 'from' | 'depth'>> => {
      const at = folderPath === undefined ? {} : { folderPath };
      const { folders, permissionSetArray = [] } = await this.#caller.call(
        'getFolderTree',
        { ...at, depth: 0 },
        call,
      );
      const { folderHandle = '', permissionSetHandle } = folders ?? {};
      const set = permissionSetArray.find((each) => each.permissionSetHandle === permissionSetHandle);
      const permissions = permissionSetHandle === undefined ? undefined : (set?.permissionArray ?? []);
      return { path: folders?.path ?? folderPath ?? '', folderHandle, permissionSetHandle, permissions };
    };
    // The last folder is read first: a path of many folders that do not exist is one call.
    const [root, last] = await Promise.all([read(undefined), path === undefined ? undefined : read(path)]);
    const below = path?.startsWith(root.path) ? path.slice(root.path.length) : (path ?? '');
    const names = below.split('/').filter((name) => name !== '');
    const paths = names.map((_, index) => `${root.path}${names.slice(0, index + 1).join('/')}/`);
    const between = await Promise.all(paths.slice(0, -1).map(read));
    const folders = [root, ...between, ...(last === undefined || paths.length === 0 ? [] : [last])];
    let above: { readonly from: string | undefined; readonly set: string | undefined } | undefined;
    return folders.map((folder, depth) => {
      const set = folder.permissionSetHandle;
      const from = set === undefined ? undefined : set === above?.set ? above.from : folder.path;
      above = { from, set };
      return { ...folder, depth, from };
    });
  }

  async #asset(asset: string, call: CallOptions) {
    const { assetArray = [] } = await this.#caller.call(
      'getAssets',
      { assetHandleArray: [asset], responseFieldArray: ASSET_FIELDS },
      call,
    );
    const [found] = assetArray;
    if (found === undefined) return undefined;
    const { assetHandle = asset, name = '', folder = '', permissions } = found;
    const chain = await this.#chain(folder, call);
    const isOwn = permissions !== undefined && !isSameSet(permissions, chain.at(-1)?.permissions);
    return { assetHandle, name, folder, permissions, isOwn, chain };
  }
}

/** @throws ConfigError for an asset and a folder. */
function oneTarget<T extends PermissionTarget>(target: T): T {
  if (target.asset !== undefined && target.folder !== undefined)
    throw new ConfigError('asset', 'cannot be combined with folder; give one of them');
  return target;
}

/** From the last folder up to the root, only with the sets of their own. */
function placesOf(chain: readonly FolderPermissions[]): PermissionPlace[] {
  return chain
    .map(({ path, from, permissions }) => ({
      place: path,
      permissions: from === path ? permissions : undefined,
    }))
    .reverse();
}

function isSameSet(one: readonly Permission[], other: readonly Permission[] | undefined): boolean {
  const keys = (set: readonly Permission[]): string =>
    set
      .map(({ groupHandle, permissionType, isAllowed, isOverride }) =>
        [groupHandle, permissionType, isAllowed === true, isOverride === true].join(' '),
      )
      .sort()
      .join('\n');
  return other !== undefined && keys(one) === keys(other);
}
