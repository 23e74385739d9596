import { type CommandValues, parseColor, rgbOf } from '@ips-sdk/delivery';
import type { ConfigSetting } from '@ips-sdk/types';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import { DEFAULT_SETTINGS, type RenderSettings } from '../images/render-request.js';

/** The settings of a company's image serving, as `setImageServingPublishSettings` saves them. */
export interface DeliverySettings extends RenderSettings {
  readonly defaultThumbPix: readonly [width: number, height: number];
  /** 1 crops, 2 fits, 3 is a texture. */
  readonly thumbType: 1 | 2 | 3;
  /** Each from -1, left or top, to 1, right or bottom. */
  readonly thumbAlign: readonly [x: number, y: number];
  readonly thumbBackground: readonly [number, number, number];
  /** The image in place of a missing one; empty for none. */
  readonly defaultImage: string;
  /** Locales with the suffixes of names, as {@link localeSuffixes} reads them; empty for none. */
  readonly localeMap: string;
  /** The locale of requests without one. */
  readonly defaultLocale: string;
  /** The image or template that is laid over all images; empty for none. */
  readonly watermark: string;
  /** Hours that images may be cached; -1 for ever, 0 not at all. */
  readonly expiration: number;
  /** The same for default images. */
  readonly defaultExpiration: number;
  /** The same for answers that are not images. */
  readonly nonImageExpiration: number;
}

const DEFAULTS: DeliverySettings = {
  ...DEFAULT_SETTINGS,
  defaultThumbPix: [100, 100],
  thumbType: 2,
  thumbAlign: [0, 0],
  thumbBackground: [255, 255, 255],
  defaultImage: '',
  localeMap: '',
  defaultLocale: '',
  watermark: '',
  expiration: 10,
  defaultExpiration: 1,
  nonImageExpiration: 0.1,
};

/** The company of image serving, with its settings. */
export interface DeliveryCompany {
  readonly companyId: number;
  readonly rootPath: string;
  readonly settings: DeliverySettings;
}

/**
 * The company with a root folder, which is given without its slash, and the settings of a context, or of its first one of image serving.
 */
export async function deliveryCompany(
  db: Db,
  root: string,
  contextId: number | undefined,
): Promise<DeliveryCompany | undefined> {
  const { type, id } = t.publishContexts;
  const [row] = await db
    .select({
      companyId: t.companies.id,
      rootPath: t.companies.rootPath,
      settings: t.configSettings.settings,
    })
    .from(t.companies)
    .leftJoin(
      t.publishContexts,
      and(
        eq(t.publishContexts.companyId, t.companies.id),
        contextId === undefined ? eq(type, 'ImageServing') : eq(id, contextId),
      ),
    )
    .leftJoin(
      t.configSettings,
      and(
        eq(t.configSettings.companyId, t.companies.id),
        eq(t.configSettings.owner, sql`'context:' || ${id}`),
      ),
    )
    .where(equalsIgnoreCase(t.companies.rootPath, `${root}/`))
    .orderBy(asc(id))
    .limit(1);
  if (row === undefined) return undefined;
  return {
    companyId: row.companyId,
    rootPath: row.rootPath,
    settings: deliverySettingsOf(row.settings ?? []),
  };
}

/** Settings by the names that image serving documents, in any case. What cannot be understood counts as unset. */
export function deliverySettingsOf(given: readonly ConfigSetting[]): DeliverySettings {
  const texts = new Map(given.map(({ name, value }) => [name.toLowerCase(), (value ?? '').trim()]));
  const numbers = (name: string, count: number): number[] | undefined => {
    const parts = texts
      .get(name)
      ?.split(',')
      .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    return parts?.length === count && parts.every(Number.isFinite) ? parts : undefined;
  };
  const pair = (name: string, fallback: readonly [number, number]): readonly [number, number] => {
    const [width, height] = numbers(name, 2) ?? [];
    if (width === undefined || height === undefined || Math.min(width, height) < 0) return fallback;
    return [Math.round(width), Math.round(height)];
  };
  const color = (name: string, fallback: readonly [number, number, number]) => {
    const found = parseColor(texts.get(name) ?? '');
    return found === undefined ? fallback : rgbOf(found);
  };
  const hours = (name: string, fallback: number): number => {
    const [value = fallback] = numbers(name, 1) ?? [];
    // Less than -1 is the default of the catalog.
    return value < -1 ? fallback : value;
  };
  const place = (name: string, fallback: number): number => {
    const [value] = numbers(name, 1) ?? [];
    return value === 1 || value === 2 || value === 3 ? value - 2 : fallback;
  };
  const [quality = 0, chroma = 0] = numbers('jpegquality', 2) ?? numbers('jpegquality', 1) ?? [];
  const [thumbType] = numbers('thumbtype', 1) ?? [];
  return {
    defaultPix: pair('defaultpix', DEFAULTS.defaultPix),
    maxPix: pair('maxpix', DEFAULTS.maxPix),
    quality: quality >= 1 && quality <= 100 ? [Math.round(quality), chroma === 1] : DEFAULTS.quality,
    background: color('bkgcolor', DEFAULTS.background),
    resMode: resModeOf(texts.get('resmode')),
    defaultThumbPix: pair('defaultthumbpix', DEFAULTS.defaultThumbPix),
    thumbType: thumbType === 1 || thumbType === 3 ? thumbType : DEFAULTS.thumbType,
    thumbAlign: [place('thumbhorizalign', 0), place('thumbvertalign', 0)],
    thumbBackground: color('thumbbkgcolor', DEFAULTS.thumbBackground),
    defaultImage: texts.get('defaultimage') ?? DEFAULTS.defaultImage,
    localeMap: texts.get('localemap') ?? DEFAULTS.localeMap,
    defaultLocale: texts.get('defaultlocale') ?? DEFAULTS.defaultLocale,
    watermark: texts.get('watermark') ?? DEFAULTS.watermark,
    effectMask: texts.get('applyeffectmask') !== '0',
    expiration: hours('expiration', DEFAULTS.expiration),
    defaultExpiration: hours('defaultexpiration', DEFAULTS.defaultExpiration),
    nonImageExpiration: hours('nonimgexpiration', DEFAULTS.nonImageExpiration),
  };
}

const RES_MODES: Readonly<Record<string, CommandValues['resMode']>> = {
  '1': 'sharp2',
  '2': 'bilin',
  '3': 'bicub',
  '4': 'sharp2',
  bilin: 'bilin',
  bicub: 'bicub',
  sharp: 'sharp2',
  sharp2: 'sharp2',
  bisharp: 'bisharp',
  trilin: 'trilin',
};

function resModeOf(text: string | undefined): CommandValues['resMode'] {
  return RES_MODES[text?.toLowerCase() ?? ''] ?? DEFAULTS.resMode;
}
