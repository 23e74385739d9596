import type { IpsClient } from '@ips-sdk/client';
import type { Asset } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import type { Affected, Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { quoted } from '../quoted.js';
import { expandStdin } from './read-input.js';

/** An asset from the command line. */
export interface NamedAsset {
  readonly handle: string;
  /** The folder and name, if known. */
  readonly name: string | undefined;
}

/** Handles contain a bar; asset names never do. */
function isHandle(text: string): boolean {
  return text.includes('|');
}

const FIELDS = ['assetHandle', 'name', 'folder', 'type'].map((name) => `assetArray/items/${name}`);

/**
 * Finds assets by handle or by exact name.
 *
 * @param options - `trash`: names refer to assets in the trash.
 * @throws CliError if no asset or several assets have a name.
 */
export async function findAssets(
  context: Context,
  given: readonly string[],
  { trash = false }: { readonly trash?: boolean | undefined } = {},
): Promise<NamedAsset[]> {
  const references = await expandStdin(context, given);
  const client = await context.client();
  const names = references.filter((one) => !isHandle(one));
  const assets = trash
    ? await trashedAssets(client, names, context.signal)
    : await assetsByName(client, names, context.signal);
  const byName = new Map<string, Asset[]>();
  for (const asset of assets) {
    const name = asset.name ?? '';
    byName.set(name, [...(byName.get(name) ?? []), asset]);
  }
  return references.map((reference) => {
    if (isHandle(reference)) return { handle: reference, name: undefined };
    const [asset, ...others] = byName.get(reference) ?? [];
    if (asset?.assetHandle === undefined) {
      // An asset is usually named after its file, without the extension.
      const stem = reference.replace(/(?<=.)\.\w{1,5}$/, '');
      throw new CliError(
        EXIT.service,
        `no asset is named ${JSON.stringify(reference)}${trash ? ' in the trash' : ''}`,
        stem === ''
          ? `ips asset search${trash ? ' --trash' : ''} lists the assets`
          : `ips asset search ${quoted(stem)}${trash ? ' --trash' : ''} finds similar names`,
      );
    }
    if (others.length > 0) {
      const handles = [asset, ...others].map(
        ({ assetHandle, type, folder }) => `  ${assetHandle}  ${type ?? ''} in ${folder ?? ''}`,
      );
      throw new CliError(
        EXIT.usage,
        `${handles.length} assets are named ${JSON.stringify(reference)}:\n${handles.join('\n')}`,
        'give the handle of one of them',
      );
    }
    return { handle: asset.assetHandle, name: labelOf(asset) };
  });
}

async function assetsByName(
  client: IpsClient,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Asset[]> {
  const all: Asset[] = [];
  for (let i = 0; i < names.length; i += 500) {
    const nameArray = names.slice(i, i + 500);
    const { assetArray = [] } = await client.getAssetsByName(
      { nameArray, responseFieldArray: FIELDS },
      { signal },
    );
    all.push(...assetArray);
  }
  return all;
}

/** Searches for assets in the trash one by one, because `getAssetsByName` does not find them. */
async function trashedAssets(
  client: IpsClient,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Asset[]> {
  const search = async (value: string): Promise<Asset[]> => {
    const input = {
      includeSubfolders: true,
      trashState: 'InTrash',
      systemFieldMatchMode: 'MatchAll',
      systemFieldConditionArray: [{ field: 'Name', op: 'Equals', value }],
      responseFieldArray: ['totalRows', ...FIELDS],
    };
    const all: Asset[] = [];
    for await (const asset of client.paginate('searchAssets', input, { signal }))
      if (asset.name === value) all.push(asset);
    return all;
  };
  return (await Promise.all(names.map(search))).flat();
}

/** Looks up the names of assets given by handle, to show them. */
export async function withNames(client: IpsClient, assets: readonly NamedAsset[]): Promise<Affected[]> {
  const unnamed = assets.filter(({ name }) => name === undefined).map(({ handle }) => handle);
  const names = new Map<string, string>();
  for (let i = 0; i < unnamed.length; i += 500) {
    const assetHandleArray = unnamed.slice(i, i + 500);
    const { assetArray = [] } = await client.getAssets({ assetHandleArray, responseFieldArray: FIELDS });
    for (const asset of assetArray) names.set(asset.assetHandle ?? '', labelOf(asset));
  }
  return assets.map(({ handle, name }) => ({ handle, name: name ?? names.get(handle) }));
}

function labelOf({ name = '', folder = '' }: Asset): string {
  return `${folder}${name}`;
}

/** Normalizes a folder path: with a trailing slash, but no leading slash. */
export function folderPath(text: string): string {
  return `${text.replace(/^\/+|\/+$/g, '')}/`;
}

/**
 * The handle of a folder given by path or handle.
 *
 * @throws CliError if the folder does not exist.
 */
export async function findFolder(context: Context, reference: string): Promise<string> {
  if (reference.includes('|')) return reference;
  const client = await context.client();
  const path = folderPath(reference);
  const { folders } = await client
    .getFolderTree({ folderPath: path, depth: 0 }, { signal: context.signal })
    .catch((error: Error & { reason?: unknown }) => {
      // The service returns a fault for an unknown path.
      if (error.name !== 'IpsFault' || !/folderPath/.test(String(error.reason))) throw error;
      return { folders: undefined };
    });
  if (folders?.folderHandle !== undefined) return folders.folderHandle;
  throw new CliError(
    EXIT.service,
    `no such folder: ${JSON.stringify(path)}`,
    'ips folder tree lists the folders',
  );
}

/** The error for a missing argument or option. */
export function needed(what: string, hint: string): CliError {
  return new CliError(EXIT.usage, `missing ${what}`, hint);
}
