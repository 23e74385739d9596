import type { JobPayloads } from '@ips-sdk/types/jobs';

type PhotoshopOptions = JobPayloads['uploadUrlsJob']['photoshopOptions'];

/** How the images of layers are named. */
export const LAYER_NAMINGS = ['LayerName', 'AppendNumber', 'AppendName', 'Folders'] as const;

/** Where the anchors of the images of layers are, by their shares of width and height. */
export const ANCHORS = {
  Center: [0.5, 0.5],
  North: [0.5, 0],
  Northwest: [0, 0],
  West: [0, 0.5],
  Southwest: [0, 1],
  South: [0.5, 1],
  Southeast: [1, 1],
  East: [1, 0.5],
  Northeast: [1, 0],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** How the layers of a Photoshop file become images. */
export interface LayerOptions {
  readonly naming: (typeof LAYER_NAMINGS)[number];
  readonly anchor: keyof typeof ANCHORS;
  /** Whether the layers are composed by a template rather than by a view of the image. */
  readonly createTemplate: boolean;
  /** Whether texts are composed as texts rather than as images. */
  readonly extractText: boolean;
  /** Whether images have the size of the file. */
  readonly extendLayers: boolean;
}

/**
 * How layers become images; `undefined` when they do not. The documentation names no defaults; here images are named after the file and
 * the layer, because names are unique in a company.
 */
export function layersOf(options: PhotoshopOptions): LayerOptions | undefined {
  if (options?.process !== 'MaintainLayers') return undefined;
  const { layerNaming, anchor, createTemplate, extractText, extendLayers } = options.layerOptions ?? {};
  return {
    naming: LAYER_NAMINGS.find((each) => each === layerNaming) ?? 'AppendName',
    anchor: (Object.keys(ANCHORS) as (keyof typeof ANCHORS)[]).find((each) => each === anchor) ?? 'Center',
    createTemplate: createTemplate === true,
    extractText: extractText === true,
    extendLayers: extendLayers === true,
  };
}
