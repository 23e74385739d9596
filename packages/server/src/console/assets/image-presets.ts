import type { ImageFormat } from '@ips-sdk/types';
import { isCallable } from '../../publish/image-formats.js';
import type { Session } from '../session.js';
import { unlessRefused } from './unless-refused.js';

/** The image presets of the company that image URLs can call; none if the endpoint or the role has none. */
export async function imagePresets({ client }: Session): Promise<readonly ImageFormat[]> {
  const formats = await unlessRefused([], async () => (await client.getImageFormats()).imageFormatArray);
  return formats.filter(({ name }) => isCallable(name ?? ''));
}
