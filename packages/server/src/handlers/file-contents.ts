import type { SearchStrings } from '@ips-sdk/types';
import { companyOf } from '../access/call.js';
import { findAsset } from '../assets/asset-store.js';
import { textsOf } from '../assets/page-texts.js';
import type { PlacedLine, PlacedText } from '../db/schema/assets.js';
import { assetHandle } from '../handles.js';
import type { AreaHandlers } from './handler.js';

/** Operations that return what the files of assets contain beside pixels. */
export const fileContentHandlers: AreaHandlers = {
  getSearchStrings: async (input, call) => {
    const asset = await findAsset(call.db, companyOf(call).id, input.assetHandle);
    const lines = await textsOf(call.db, asset);
    // Earlier versions of this server kept the words of a document without their places.
    if (lines.length === 0 && asset.info['searchStrings'] !== undefined)
      call.services.log.info(
        { asset: assetHandle(asset.id) },
        'the places of the texts of this document are unknown: reprocess it with extractSearchWords',
      );
    return { searchStringsArray: lines.map(searchStrings) };
  },
};

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
