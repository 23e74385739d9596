import type { FindMacro } from '@ips-sdk/delivery';
import type { FastifyRequest } from 'fastify';
import type { PublicationRow } from '../../db/rows.js';
import {
  parseRenderRequest,
  type RenderRequest,
  RenderRequestError,
  withValues,
} from '../../images/render-request.js';
import type { DeliverySettings } from '../../publish/delivery-settings.js';

/** A default image replaces the whole request, which keeps its size, format and quality. */
export function replaced(
  render: RenderRequest,
  { urlModifier, urlPostApplyModifier }: PublicationRow,
  macro: FindMacro,
): RenderRequest {
  const { wid, hei, fmt, qlt } = render.image.values;
  const kept = Object.fromEntries(
    Object.entries({ wid, hei, fmt, qlt }).filter(([, value]) => value !== undefined),
  );
  return withValues(
    parseRenderRequest([urlModifier, urlPostApplyModifier], render.settings, { macro }),
    kept,
  );
}

/** The request for a thumbnail as one for an image. */
export function inThumbnail(render: RenderRequest, settings: DeliverySettings): RenderRequest {
  const { values } = render.image;
  if (values.req?.[0] !== 'tmb') return render;
  if (values.fit !== undefined)
    throw new RenderRequestError(
      `fit: found '${values.fit[0]}' with req=tmb, which the company's ThumbType fits`,
    );
  if (values.scl !== undefined) return render;
  const [width, height] = settings.defaultThumbPix;
  return withValues(
    { ...render, settings: { ...render.settings, background: settings.thumbBackground } },
    {
      wid: values.wid ?? width,
      hei: values.hei ?? height,
      fit: [settings.thumbType === 2 ? 'fit' : 'crop'],
      align: values.align ?? settings.thumbAlign,
    },
  );
}

/** What a client says of itself in the headers of its request. */
export interface ClientHints {
  readonly accept: string | undefined;
  readonly network: Network;
}

/** How good the network of a client is. */
export type Network = 'good' | 'fair' | 'poor';

/** Headers by which browsers describe their network. */
const NETWORK_HEADERS = ['save-data', 'ect', 'downlink'];

/** Parts of the quality that are left, and Mbit/s below which a network counts as such. */
const FAIR = { quality: 0.75, speed: 1.5 };
const POOR = { quality: 0.5, speed: 0.4 };

/** What the headers of a request say of its client. */
export function hintsOf(headers: FastifyRequest['headers']): ClientHints {
  const [saves, type, speed] = NETWORK_HEADERS.map((name) => String(headers[name] ?? '').toLowerCase());
  const isBelow = (limit: number): boolean => speed !== '' && Number(speed) < limit;
  const isPoor = saves === 'on' || type === '2g' || type === 'slow-2g' || isBelow(POOR.speed);
  const network = isPoor ? 'poor' : type === '3g' || isBelow(FAIR.speed) ? 'fair' : 'good';
  return { accept: headers.accept, network };
}

/** A request as its client gets it, and the headers that decided it. */
export interface Adapted {
  readonly render: RenderRequest;
  readonly varies: readonly string[];
}

/** A request as a client with some hints gets it. */
export function adapted(render: RenderRequest, hints: ClientHints): Adapted {
  const first = onNetwork(render, hints.network);
  const { render: last, varies } = withAccepted(first.render, hints.accept);
  return { render: last, varies: [...first.varies, ...(varies ? ['accept'] : [])] };
}

/** With `network`, a lower quality on a slower network, and no pixels for better displays on a poor one. */
function onNetwork(render: RenderRequest, network: Network): Adapted {
  const { network: asked, qlt } = render.image.values;
  if (asked !== 'on') return { render, varies: [] };
  const varies = NETWORK_HEADERS;
  if (network === 'good') return { render, varies };
  const [quality, fullChroma] = qlt ?? render.settings.quality;
  const part = network === 'poor' ? POOR.quality : FAIR.quality;
  const lowered = [Math.max(1, Math.round(quality * part)), fullChroma] as const;
  return {
    render: withValues(render, { qlt: lowered, ...(network === 'poor' ? { dpr: ['off'] } : {}) }),
    varies,
  };
}

/** With `bfc`, the format that the client accepts and that is smaller than the requested one. */
function withAccepted(
  render: RenderRequest,
  accept: string | undefined,
): { readonly render: RenderRequest; readonly varies: boolean } {
  const { bfc, fmt = ['jpeg'] } = render.image.values;
  const [format, type] = fmt;
  if (bfc !== 'on' || !/^(?:p?jpeg|png8?(?:-alpha)?)$/.test(format) || (type ?? 'rgb') !== 'rgb')
    return { render, varies: false };
  const alpha = format.endsWith('-alpha');
  const better = accept?.includes('image/avif')
    ? 'avif'
    : accept?.includes('image/webp')
      ? 'webp'
      : undefined;
  if (better === undefined) return { render, varies: true };
  return { render: withValues(render, { fmt: [alpha ? `${better}-alpha` : better] }), varies: true };
}
