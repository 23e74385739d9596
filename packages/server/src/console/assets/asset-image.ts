import { ConcurrencyLimit } from '../../http/concurrency-limit.js';
import type { ConsoleOptions } from '../console-options.js';
import { ConsoleError } from '../problem.js';
import type { Session } from '../session.js';
import { servedPath } from './delivery.js';

/** Bytes of a picture of a foreign endpoint. */
const MOST_BYTES = 16 * 2 ** 20;

/** Milliseconds for a whole picture, however slowly it arrives. */
const PATIENCE = 20_000;

/** Pictures at once, and in line for that, which bounds the memory that they take. */
const downloads = new ConcurrencyLimit(8, 500);

/** A picture for the browser. */
export interface AssetImage {
  readonly mediaType: string;
  readonly data: Uint8Array;
}

/** Beginnings of the formats that browsers get, in hexadecimal. Anything else could be a page. */
const FORMATS: readonly (readonly [mediaType: string, magic: RegExp])[] = [
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  ['image/gif', /^474946383[79]61/],
  ['image/webp', /^52494646.{8}57454250/],
];

/**
 * The picture of an asset: rendered from its file by the own server, published or not; otherwise as the service delivers it.
 *
 * @throws ConsoleError if there is none.
 */
export async function assetImage(
  { own }: ConsoleOptions,
  session: Session,
  handle: string,
  commands: string,
): Promise<AssetImage> {
  // The service decides whether the user may see the asset.
  const { assetArray = [] } = await session.client.getAssets({
    assetHandleArray: [handle],
    responseFieldArray: ['assetHandle', 'ipsImageUrl', 'type'].map((name) => `assetArray/items/${name}`),
  });
  const [asset] = assetArray;
  if (asset === undefined) throw none(handle);
  const found =
    own === undefined
      ? await downloaded(session, asset.ipsImageUrl, commands)
      : await own.render(session.company.companyHandle, handle, commands);
  if (found === undefined) throw none(handle);
  return found;
}

function none(handle: string): ConsoleError {
  return new ConsoleError('notFound', `${handle} has no picture`);
}

async function downloaded(
  { client }: Session,
  path: string | undefined,
  commands: string,
): Promise<AssetImage | undefined> {
  const served = servedPath(path);
  if (served === undefined) return undefined;
  const url = new URL(served, client.endpoints.soap);
  // The path may have steps upwards, to what is no picture.
  if (!url.pathname.startsWith('/is/')) return undefined;
  url.search = commands === '' ? url.search : `?${commands}`;
  return downloads.run(async () => {
    const { body, length } = await client.download(url.href, {
      timeout: PATIENCE,
      signal: AbortSignal.timeout(PATIENCE),
      // The endpoint must not choose which hosts this machine asks.
      otherHosts: false,
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    // Leaving the loop ends the connection.
    for await (const chunk of body) {
      size += chunk.length;
      if (size > MOST_BYTES || (length ?? 0) > MOST_BYTES) return undefined;
      chunks.push(chunk);
    }
    const data = Buffer.concat(chunks);
    const mediaType = FORMATS.find(([, magic]) => magic.test(data.subarray(0, 16).toString('hex')))?.[0];
    return mediaType === undefined ? undefined : { mediaType, data };
  });
}
