import { makeDerivatives } from '../images/derivatives.js';
import { ImageError } from '../images/image-library.js';
import { probeImage } from '../images/image-probe.js';
import { PhotoshopLayers } from '../images/photoshop-layers.js';
import type { PsdLayerList } from '../images/psd-layers.js';
import {
  type FileToExamine,
  type PreparedLayer,
  type PreparedLayers,
  plainContents,
} from './file-contents.js';
import { isBlended, MAX_COMPOSED } from './layer-commands.js';
import type { LayerOptions } from './layer-options.js';

/** The images of the layers of a file. */
export interface ExaminedLayers {
  readonly layers: PreparedLayers | undefined;
  readonly warnings: readonly string[];
}

/** Makes an image of each layer of a Photoshop file. One whose layers cannot be read is an image all the same. */
export async function examineLayers(file: FileToExamine, options: LayerOptions): Promise<ExaminedLayers> {
  try {
    return await readLayers(file, options);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { layers: undefined, warnings: [`no images were made of its layers: ${error.message}`] };
  }
}

async function readLayers(file: FileToExamine, { extendLayers }: LayerOptions): Promise<ExaminedLayers> {
  const { files, stored, maxPixels, signal, progress } = file;
  const open = await PhotoshopLayers.open(await files.path(stored.hash), stored.size, {
    maxPixels,
    signal,
    isExtended: extendLayers,
  });
  try {
    const { list, size } = open;
    const layers: PreparedLayer[] = [];
    for (const layer of list.layers) {
      signal?.throwIfAborted();
      const { content, mediaType } = await open.draw(layer);
      const image = await files.put(content);
      const probe = await probeImage(content, maxPixels, signal);
      // What is cropped or knocked out of the whole picture is no part of a layer.
      const { color, createMask } = file.processing;
      const source = { files, hash: image.hash, probe, maxPixels, signal };
      const made = await makeDerivatives(source, { color, createMask });
      layers.push({ layer, stored: image, mediaType, contents: { ...plainContents('Image'), ...made } });
      progress(layers.length / list.layers.length, `layer ${layers.length} of ${list.layers.length}`);
    }
    const warnings = warningsOf(list);
    return {
      layers: layers.length === 0 ? undefined : { ...size, layers },
      warnings: open.warning === undefined ? warnings : [open.warning, ...warnings],
    };
  } finally {
    await open.close();
  }
}

function warningsOf({ layers, without, withEffects }: PsdLayerList): string[] {
  const unblended = layers.filter((layer) => !isBlended(layer)).length;
  const several = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
  return [
    ...(layers.length === 0 ? ['the file has no layers with pixels: no images were made of them'] : []),
    ...(without === 0
      ? []
      : [`${several(without, 'layer')} without pixels, such as adjustments, left no image`]),
    ...(layers.length > MAX_COMPOSED
      ? [`no view was made of its ${layers.length} layers: image serving composes at most ${MAX_COMPOSED}`]
      : []),
    ...(unblended === 0 ? [] : [`the blend modes of ${several(unblended, 'layer')} are treated as normal`]),
    ...(withEffects === 0 ? [] : [`the effects of ${several(withEffects, 'layer')} are not drawn`]),
  ];
}
