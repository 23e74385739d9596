import { nestedRequest } from '@ips-sdk/delivery';
import { notDelivered } from '../../images/image-source.js';
import type { LayerPlace } from '../../images/layer-places.js';
import { inTurn, transformed } from '../../images/matrix.js';
import type { RenderPlan } from '../../images/render.js';
import { linkedAreas } from '../../publish/find-objects.js';
import type { Services } from '../../services.js';
import { type MapPlace, placedAreas } from './map-areas.js';
import { escapeXml, inFormat, type TextContent } from './properties.js';
import { planOf } from './serving-image.js';
import type { ServingRequest } from './serving-request.js';

/** Commands that say how a map is answered, not what it shows. */
const NOT_SHOWN: ReadonlySet<string> = new Set(['req', 'id', 'cache', 'locale', 'defaultImage']);

/**
 * The areas of what a request shows, as elements of a page: those of the image as they were saved if the request has no other commands,
 * otherwise those of all layers, at their places in the answer, from the highest layer.
 */
export async function mapContent(services: Services, serving: ServingRequest): Promise<TextContent> {
  const lines = isPlain(serving)
    ? await savedAreas(services, serving.found?.publication.assetId)
    : await compositeAreas(services, serving);
  const text = lines.join('\r\n');
  return inFormat('map', text, text, serving.render.image);
}

function isPlain({ render: { image } }: ServingRequest): boolean {
  const { values, composite, effects, layers } = image;
  return (
    Object.keys(values).every((name) => NOT_SHOWN.has(name)) &&
    Object.keys(composite).length === 0 &&
    effects.length === 0 &&
    layers.length === 1 &&
    layers.every((layer) => Object.keys(layer.values).length === 0)
  );
}

/** The areas of an image that are in use, as elements. */
async function savedAreas({ db }: Services, assetId: number | undefined): Promise<string[]> {
  const areas = assetId === undefined ? [] : await linkedAreas(db, assetId);
  return areas.map(
    ({ shape, region, action }) =>
      `<AREA shape="${shape}" coords="${escapeXml(region)}"${action.trim() === '' ? '' : ` ${actionOf(action)}`}>`,
  );
}

/** Attributes as they are; anything else is the address of a link. */
const actionOf = (action: string): string =>
  /^\s*[\w-]+\s*=\s*["']/.test(action) ? action.trim() : `href="${escapeXml(action.trim())}"`;

async function compositeAreas(services: Services, serving: ServingRequest): Promise<string[]> {
  const { composite } = serving.render.image;
  if (!hasPicture(serving)) return [];
  const plan = await planOf(services, serving, undefined);
  try {
    const layers: string[][] = [];
    for (const place of plan.places) layers.push(await areasOfLayer(services, serving, place, plan));
    const [lowest] = plan.places;
    const behind =
      composite.map === undefined || lowest === undefined
        ? []
        : placedAreas(composite.map, placeOf(lowest, plan, 'layer'));
    return [...layers.reverse().flat(), ...behind];
  } finally {
    await plan.close();
  }
}

/** Whether a request shows anything: the map of nothing is empty, not an error. */
function hasPicture({ main, render }: ServingRequest): boolean {
  const { src, text, textPs, color } = render.image.layers[0]?.values ?? {};
  if ((src ?? text ?? textPs ?? color) !== undefined) return true;
  return main !== undefined && notDelivered(main.publication.mediaType) === undefined;
}

/** The areas of a layer: those of the request, in pixels of the layer or of its source, or those of its image. */
async function areasOfLayer(
  services: Services,
  { main, objects }: ServingRequest,
  layer: LayerPlace,
  plan: RenderPlan,
): Promise<string[]> {
  const { map, mapA, src } = layer.values;
  if (map !== undefined) return placedAreas(map, placeOf(layer, plan, 'layer'));
  if (layer.fromSource === undefined) return [];
  const place = placeOf(layer, plan, 'source');
  if (mapA !== undefined) return placedAreas(mapA, place);
  // Nested requests have no areas.
  if (src !== undefined && nestedRequest(src) !== undefined) return [];
  const shown =
    src === undefined ? (layer.number === 0 ? main?.publication : undefined) : objects.get(src.trim());
  const saved = await savedAreas(services, shown?.assetId);
  return placedAreas(saved.join(''), place);
}

function placeOf(
  { matrix, fromSource, size }: LayerPlace,
  { size: reply }: RenderPlan,
  from: 'layer' | 'source',
): MapPlace {
  const { width, height } = size;
  return {
    matrix: from === 'source' && fromSource !== undefined ? inTurn(fromSource, matrix) : matrix,
    corners: [
      { x: 0, y: 0 },
      { x: width, y: 0 },
      { x: width, y: height },
      { x: 0, y: height },
    ].map((corner) => transformed(matrix, corner)),
    reply: { left: 0, top: 0, width: reply.width, height: reply.height },
  };
}
