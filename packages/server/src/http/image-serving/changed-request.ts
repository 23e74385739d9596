import type { FindMacro } from '@ips-sdk/delivery';
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

/** With `bfc`, the format that the client accepts and that is smaller than the requested one. */
export function withAccepted(
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
