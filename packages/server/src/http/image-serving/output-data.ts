import { readFile } from 'node:fs/promises';
import type { Lookups } from '../../db/recent-lookups.js';
import type { PublicationRow } from '../../db/rows.js';
import { profileSpace } from '../../images/color-profile.js';
import { holdsCmyk, holdsXmp } from '../../images/encode-image.js';
import {
  formatOf,
  type OutputProfile,
  type RenderRequest,
  RenderRequestError,
} from '../../images/render-request.js';
import { xmpPacketOf } from '../../publish/find-objects.js';
import type { FoundImage } from '../../publish/find-published.js';
import type { Services } from '../../services.js';

/** Media type of the files of color profiles. */
const PROFILE = 'application/vnd.iccprofile';

/** The names of the profile that the image library has. */
const SRGB = /^(?:srgb|srgb iec61966-2\.1)$/i;

const TYPES: Readonly<Record<string, OutputProfile['type']>> = { 'RGB ': 'rgb', CMYK: 'cmyk' };

/**
 * The color profile that `icc` names.
 *
 * @throws RenderRequestError for one that is not published, or that does not fit `fmt`.
 */
export async function profileOf(
  { files, lookups }: Pick<Services, 'files'> & { readonly lookups: Lookups },
  render: RenderRequest,
  find: (name: string) => Promise<PublicationRow | undefined>,
): Promise<OutputProfile | undefined> {
  const [given] = render.image.values.icc ?? [];
  if (given === undefined || given.trim() === '') return undefined;
  const name = given.trim();
  const fail = (expected: string): never => {
    throw new RenderRequestError(`icc: found '${name.slice(0, 100)}', expected ${expected}`);
  };
  const found = await find(name);
  let profile: OutputProfile | undefined;
  if (found?.mediaType === PROFILE) {
    const path = await files.path(found.file);
    const space = await lookups.get(`profile\n${found.file}`, async () => profileSpace(await readFile(path)));
    const type = TYPES[space ?? ''];
    if (type === undefined)
      return fail(`a profile for RGB or CMYK colors, not for ${space?.trim() ?? 'none'}`);
    profile = { path, type, name };
  } else if (SRGB.test(name)) profile = { path: 'srgb', type: 'rgb', name: 'sRGB' };
  if (profile === undefined) return fail('the name of a published ICC profile, or sRGB');
  const asked = render.image.values.fmt?.[1];
  if (asked !== undefined && asked !== profile.type)
    return fail(`a profile for the ${asked} pixels that fmt asks for, not for ${profile.type} pixels`);
  const format = formatOf(render);
  if (profile.type === 'cmyk' && !holdsCmyk(format))
    return fail(`a profile for RGB colors: images of the format ${format} cannot have CMYK pixels`);
  return profile;
}

/** The XMP packet of what layer 0 shows, if the request asks for it and the format can contain it. */
export async function xmpOf(
  { db, lookups }: Pick<Services, 'db'> & { readonly lookups: Lookups },
  render: RenderRequest,
  main: FoundImage | undefined,
  objects: ReadonlyMap<string, PublicationRow>,
): Promise<string | undefined> {
  const { values, layers } = render.image;
  if (values.xmpEmbed !== true || !holdsXmp(formatOf(render))) return undefined;
  const src = layers[0]?.values.src;
  const shown = src === undefined ? main?.publication : objects.get(src.trim());
  if (shown === undefined) return undefined;
  return lookups.get(`xmp\n${shown.assetId}`, () => xmpPacketOf(db, shown.assetId));
}
