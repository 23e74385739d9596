// What a company has, as searchAssets lists it.
import type { Asset } from '@ips-sdk/types';
import type { Connection } from './call.js';

/** The assets of a company by name, or those below one of its folders. */
export async function listedAssets(
  connection: Connection,
  companyHandle: string,
  folder?: string,
): Promise<Asset[]> {
  const { assetArray } = await connection.call('searchAssets', {
    companyHandle,
    ...(folder === undefined ? {} : { folder }),
    includeSubfolders: true,
    recordsPerPage: 1000,
    sortBy: 'Name',
  });
  return assetArray ?? [];
}

/** The paths of assets' files: `Shoes/New/red.png`. */
export const pathsOf = (assets: readonly Asset[]): string[] =>
  assets.map(({ folder, fileName }) => `${folder}${fileName}`);
