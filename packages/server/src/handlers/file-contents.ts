import type { PerspectiveQuad, SearchStrings } from '@ips-sdk/types';
import type { Call } from '../access/call.js';
import { READ } from '../access/permissions/rights.js';
import { textsOf } from '../assets/page-texts.js';
import { permittedAsset } from '../assets/permitted-objects.js';
import type { AssetRow } from '../db/rows.js';
import type { PlacedLine, PlacedText } from '../db/schema/page-texts.js';
import { invalidParameter } from '../faults.js';
import { assetHandle } from '../handles.js';
import { type PathInImage, pathsOfImage } from '../images/paths-of-image.js';
import type { Quad } from '../images/photoshop-paths.js';
import type { Margins } from '../images/processing.js';
import type { AreaHandlers } from './handler.js';

/** An image with its file. */
type ImageRow = AssetRow & { readonly originalFile: string };

/** Operations that return what the files of assets contain beside pixels. */
export const fileContentHandlers: AreaHandlers = {
  getSearchStrings: async (input, call) => {
    const asset = await permittedAsset(call, input.assetHandle, READ);
    const lines = await textsOf(call.db, asset);
    // Earlier versions of this server kept the words of a document without their places.
    if (lines.length === 0 && asset.info['searchStrings'] !== undefined)
      call.services.log.info(
        { asset: assetHandle(asset.id) },
        'the places of the texts of this document are unknown: reprocess it with extractSearchWords',
      );
    return { searchStringsArray: lines.map(searchStrings) };
  },

  getPhotoshopPathNames: async (input, call) => {
    const image = await findImage(call, input.assetHandle);
    const paths = await pathsIn(call, image);
    return { pathNameArray: paths.map(({ name }) => name) };
  },

  getPhotoshopPath: async (input, call) => {
    const image = await findImage(call, input.assetHandle);
    const path = (await pathsIn(call, image)).find(({ name }) => name === input.pathName);
    if (path === undefined)
      throw invalidParameter('pathName', input.pathName, 'the name of a path of the image');
    if (path.quad === undefined) throw invalidParameter('pathName', input.pathName, 'a path with points');
    return { perspectiveQuad: quadRecord(path.quad) };
  },
};

/** @throws IpsFault 30001 when the company has no such image, 20009 when the caller may not read it. */
async function findImage(call: Call, handle: string): Promise<ImageRow> {
  const { type, originalFile, ...row } = await permittedAsset(call, handle, READ);
  if (type !== 'Image' || originalFile === null)
    throw invalidParameter('assetHandle', handle, 'an asset of type Image');
  return { ...row, type, originalFile };
}

/** The paths in the uploaded file, in pixels of the image. */
async function pathsIn(
  { services }: Call,
  { originalFile, processing }: ImageRow,
): Promise<readonly PathInImage[]> {
  const crop = processing['crop'] as Margins | undefined;
  const { maxPixels } = services.config.limits;
  return pathsOfImage(await services.files.path(originalFile), maxPixels, crop);
}

function quadRecord([upperLeft, upperRight, lowerRight, lowerLeft]: Quad): PerspectiveQuad {
  return {
    x0: upperLeft.x,
    y0: upperLeft.y,
    x1: upperRight.x,
    y1: upperRight.y,
    x2: lowerRight.x,
    y2: lowerRight.y,
    x3: lowerLeft.x,
    y3: lowerLeft.y,
  };
}

function searchStrings({ text, words, font, pointSize, ...place }: PlacedLine): SearchStrings {
  return {
    searchString: text,
    keywordsArray: words.map(({ text: keyword, ...at }: PlacedText) => ({ keyword, status: true, ...at })),
    status: true,
    ...place,
    fontName: font,
    pointSize: String(pointSize),
  };
}
