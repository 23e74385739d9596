import type { IpsClient, Right } from '@ips-sdk/client';
import type { Permission } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { Column } from '../output/columns.js';
import { findTarget, type Target } from './permission-target.js';

/** What one group may do with a folder or an asset. */
interface Row {
  readonly path: string;
  /** Where the set that applies is. */
  readonly from: string | undefined;
  readonly isOwn: boolean;
  readonly permissionSetHandle: string | undefined;
  readonly group: string | undefined;
  readonly groupHandle: string | undefined;
  readonly read: string | undefined;
  readonly write: string | undefined;
  readonly delete: string | undefined;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'PATH', value: ({ path }) => path, shrinks: true },
  { title: 'GROUP', value: ({ group }) => group ?? '(nobody)', shrinks: true },
  { title: 'READ', value: ({ read }) => read },
  { title: 'WRITE', value: ({ write }) => write },
  { title: 'DELETE', field: 'delete', value: (row) => row.delete },
  { title: 'FROM', value: ({ from }) => from, shrinks: true, optional: true },
];

/** The fields of the output. */
export const fields = [
  'path',
  'from',
  'isOwn',
  'permissionSetHandle',
  'group',
  'groupHandle',
  'read',
  'write',
  'delete',
];

/** `ips permission show` */
export async function run(
  context: Context,
  options: { readonly depth?: number; readonly all?: boolean },
  reference?: string,
): Promise<undefined> {
  const target = reference === undefined ? undefined : await findTarget(context, reference);
  const client = await context.client();
  const rows =
    target?.kind === 'asset'
      ? await rowsOfAsset(context, client, target)
      : rowsOfFolders(context, client, { ...options, path: target?.path });
  const printed = await context.print.rows(rows, COLUMNS, fields);
  if (printed === 0)
    context.note(
      `${reference ?? 'the company root'} has no permissions: users of an image portal see nothing in it`,
    );
  return undefined;
}

async function* rowsOfFolders(
  context: Context,
  client: IpsClient,
  options: { readonly depth?: number; readonly all?: boolean; readonly path: string | undefined },
): AsyncGenerator<Row> {
  const { path: folderPath, depth, all = false } = options;
  for await (const { path, from, depth: level, ...folder } of client.permissions.walk({
    depth,
    folderPath,
    signal: context.signal,
  })) {
    const { permissions, permissionSetHandle } = folder;
    const isOwn = from === path;
    if (permissions === undefined || !(isOwn || all || level === 0)) continue;
    yield* rowsOf({ path, from, isOwn, permissionSetHandle }, permissions);
  }
}

async function rowsOfAsset(context: Context, client: IpsClient, { handle }: Target): Promise<readonly Row[]> {
  const asset = await client.permissions.asset(handle, { signal: context.signal });
  if (asset === undefined) throw noAsset(handle);
  const { folder, name, from, permissions } = asset;
  const place = { path: `${folder}${name}`, from, isOwn: from === 'asset', permissionSetHandle: undefined };
  return permissions === undefined ? [] : rowsOf(place, permissions);
}

/** The error for an asset that does not exist. */
export function noAsset(handle: string): CliError {
  return new CliError(
    EXIT.service,
    `no asset has the handle ${JSON.stringify(handle)}`,
    'ips asset search lists the assets',
  );
}

/** A row for each group; for a set without entries, one without a group. */
function rowsOf(
  place: Pick<Row, 'path' | 'from' | 'isOwn' | 'permissionSetHandle'>,
  permissions: readonly Permission[],
): Row[] {
  const byGroup = Map.groupBy(permissions, ({ groupHandle }) => groupHandle);
  if (byGroup.size === 0) byGroup.set(undefined, []);
  return [...byGroup].map(([groupHandle, entries]) => {
    const shown = (right: Right): string | undefined => wordOf(entries, right);
    return {
      ...place,
      group: entries[0]?.groupName ?? groupHandle,
      groupHandle,
      read: shown('Read'),
      write: shown('Write'),
      delete: shown('Delete'),
    };
  });
}

/** An entry that does not override applies by default: unless the folder above decides differently. */
function wordOf(entries: readonly Permission[], right: Right): string | undefined {
  const entry = entries.find(({ permissionType }) => permissionType === right);
  if (entry === undefined) return undefined;
  const word = entry.isAllowed === true ? 'allow' : 'deny';
  return entry.isOverride === true ? word : `${word} by default`;
}
