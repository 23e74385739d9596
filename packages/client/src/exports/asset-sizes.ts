import type { Asset } from '@ips-sdk/types';
import type { Caller } from '../caller.js';

/** The number of assets per call. */
const AT_ONCE = 500;

/** The fields with the file size of an asset, one for each type. */
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
 * Returns the sizes of the original files of assets in bytes, by handle. Assets without a stated size are absent.
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
