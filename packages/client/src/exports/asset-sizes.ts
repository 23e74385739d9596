import type { Asset } from '@ips-sdk/types';
import type { Caller } from '../caller.js';

/** How many assets one call looks up. */
const AT_ONCE = 500;

/** The details of an asset that state the size of its file; which of them an asset has depends on its type. */
const DETAILS = [
  'imageInfo',
  'vignetteInfo',
  'cabinetInfo',
  'windowCoveringInfo',
  'iccProfileInfo',
  'fontInfo',
  'xslInfo',
  'viewerSwfInfo',
  'xmlInfo',
  'svgInfo',
  'fxgInfo',
  'pdfSettingsInfo',
  'zipInfo',
  'videoInfo',
  'acoInfo',
  'pdfInfo',
  'psdInfo',
  'flashInfo',
  'inDesignInfo',
  'postScriptInfo',
  'illustratorInfo',
  'wordInfo',
  'excelInfo',
  'powerPointInfo',
  'rtfInfo',
  'premiereExpressRemixInfo',
  'cuePointInfo',
  'audioInfo',
  'masterVideoInfo',
  'animatedGifInfo',
  'swcInfo',
  'cssInfo',
  'javascriptInfo',
  'videoCaptionInfo',
] as const satisfies readonly (keyof Asset)[];

const FIELDS = ['assetHandle', ...DETAILS.map((name) => `${name}/fileSize`)].map(
  (name) => `assetArray/items/${name}`,
);

/**
 * The sizes of the original files of assets in bytes, by handle. Sizes that the service does not state are absent.
 *
 * @internal
 */
export async function assetSizes(
  caller: Caller,
  assetHandles: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (let i = 0; i < assetHandles.length; i += AT_ONCE) {
    const input = { assetHandleArray: assetHandles.slice(i, i + AT_ONCE), responseFieldArray: FIELDS };
    const { assetArray = [] } = await caller.call('getAssets', input, { signal });
    for (const asset of assetArray) {
      const size = DETAILS.map((name) => asset[name]?.fileSize).find((one) => one !== undefined);
      if (asset.assetHandle !== undefined && size !== undefined) sizes.set(asset.assetHandle, size);
    }
  }
  return sizes;
}
