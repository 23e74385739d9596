import type { UploadPostJob } from '@ips-sdk/types/2019-09-10-beta';
import type { JobPayloads } from '@ips-sdk/types/jobs';
import { and, eq, inArray, or } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import { invalidParameter, unknownHandle } from '../faults.js';
import { parseAssetHandle, parseProjectHandle } from '../handles.js';
import {
  type ColorManagement,
  hasManualCrop,
  type ImageProcessing,
  processingOf,
} from '../images/processing.js';
import { keywordsOf } from '../images/xmp-packet.js';
import { DEFAULT_OVERWRITE_MODE } from './collision.js';
import { ANCHORS, LAYER_NAMINGS, type LayerOptions, layersOf } from './layer-options.js';
import { type PagedType, type PageOptions, pdfPagesOf, rasterizedPagesOf } from './page-options.js';
import { type AskedSmartCrop, askedSmartCrops } from './smart-crop-options.js';

/** The options that upload and reprocessing jobs share. */
export type UploadOptions = { [Name in keyof AllOptions]?: AllOptions[Name] | undefined };

type AllOptions = Omit<JobPayloads['uploadUrlsJob'], 'urlArray' | 'numUrls'> &
  JobPayloads['uploadDirectoryJob'] &
  Pick<UploadPostJob, 'autoSmartCropOptionsArray'>;

/** What jobs may request and this server cannot do. */
export type UnsupportedFeature = 'videoEncoding' | 'inDesignImage' | 'pdfLinks';

/** The processing of a file: of an image, or of the images created from pages or layers. */
export interface FileProcessing extends ImageProcessing {
  readonly pages?: PageOptions | undefined;
  readonly layers?: LayerOptions | undefined;
  /** Of a video: the frame to make a thumbnail of, in milliseconds from the beginning. */
  readonly thumbnailTime?: number | undefined;
}

/** The options of a job, with their references resolved. */
export interface IngestOptions {
  readonly overwrite: boolean;
  readonly overwriteMode: string;
  readonly readyForPublish: boolean;
  /** Whether a replaced asset keeps its publish state. */
  readonly keepPublishState: boolean;
  /** Whether a replaced asset keeps its crop. */
  readonly keepCrop: boolean;
  readonly processing: ImageProcessing;
  /** Keywords for `dc.subject`. */
  readonly keywords: readonly string[];
  readonly projectIds: readonly number[];
  /** The processing of each image. */
  readonly smartCrops: readonly AskedSmartCrop[];
  /** How pages are processed, by type of document. */
  readonly pages: { readonly [Type in PagedType]?: PageOptions | undefined };
  /** How the layers of Photoshop files become images. */
  readonly layers: LayerOptions | undefined;
  /** Of which frame of a video a thumbnail is made, in milliseconds from its beginning. */
  readonly thumbnailTime: number | undefined;
  readonly requested: ReadonlySet<UnsupportedFeature>;
  /** Whether to unpack archives. */
  readonly unCompress: boolean;
}

/**
 * Resolves the options of a job in a company.
 *
 * @param path - Of the options in the request, such as `uploadUrlsJob`.
 * @throws IpsFault for options that contradict each other, are out of range, or name something that does not exist.
 */
export async function ingestOptionsOf(
  db: Db,
  company: CompanyRow,
  options: UploadOptions,
  path: string,
): Promise<IngestOptions> {
  checkOptions(options, path);
  const { settings } = company;
  return {
    overwrite: options.overwrite ?? false,
    overwriteMode: settings.overwriteMode ?? DEFAULT_OVERWRITE_MODE,
    readyForPublish: options.readyForPublish ?? false,
    keepPublishState: options.preservePublishState ?? settings.retainPublishState ?? false,
    keepCrop: options.preserveCrop !== false && !hasManualCrop(options),
    processing: {
      ...processingOf(options),
      color: await colorOf(db, company, options.colorManagementOptions, `${path}/colorManagementOptions`),
    },
    keywords: keywordsOf(options.xmpKeywords ?? ''),
    projectIds: await projectsOf(db, company, options.projectHandleArray ?? [], `${path}/projectHandleArray`),
    smartCrops: askedSmartCrops(options.autoSmartCropOptionsArray ?? [], `${path}/autoSmartCropOptionsArray`),
    pages: {
      Pdf: pdfPagesOf(options.pdfOptions),
      // Files of Illustrator follow the options for PostScript where a job has none for them.
      Illustrator: rasterizedPagesOf(options.illustratorOptions ?? options.postScriptOptions),
      PostScript: rasterizedPagesOf(options.postScriptOptions),
    },
    layers: layersOf(options.photoshopOptions),
    thumbnailTime: thumbnailTimeOf(options),
    requested: requestedOf(options),
    unCompress: options.unCompressOptions?.process === 'UnCompress',
  };
}

function checkOptions(options: UploadOptions, path: string): void {
  const crops = (['manualCropOptions', 'autoColorCropOptions', 'autoTransparentCropOptions'] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (crops.length > 1)
    throw invalidParameter(
      `${path}/${crops[1]}`,
      options[crops[1] ?? 'manualCropOptions'],
      `at most one way to crop; ${crops[0]} is given, too`,
    );
  const follow = (
    ['postImageServingPublishJob', 'postImageRenderingPublishJob', 'postVideoPublishJob'] as const
  ).filter((name) => options[name] !== undefined);
  if (follow.length > 1)
    throw invalidParameter(
      `${path}/${follow[1]}`,
      options[follow[1] ?? 'postVideoPublishJob'],
      `at most one follow-on job; ${follow[0]} is given, too`,
    );
  const manual = options.manualCropOptions;
  if (manual !== undefined) {
    for (const side of ['left', 'right', 'top', 'bottom'] as const)
      checkRange(`${path}/manualCropOptions/${side}`, manual[side], 0, 1_000_000);
  }
  checkRange(`${path}/autoColorCropOptions/tolerance`, options.autoColorCropOptions?.tolerance, 0, 1);
  checkOneOf(`${path}/autoColorCropOptions/corner`, options.autoColorCropOptions?.corner, CORNERS);
  checkRange(
    `${path}/autoTransparentCropOptions/tolerance`,
    options.autoTransparentCropOptions?.tolerance,
    0,
    1,
  );
  checkRange(
    `${path}/knockoutBackgroundOptions/tolerance`,
    options.knockoutBackgroundOptions?.tolerance,
    0,
    1,
  );
  checkOneOf(`${path}/knockoutBackgroundOptions/corner`, options.knockoutBackgroundOptions?.corner, CORNERS);
  checkOneOf(`${path}/knockoutBackgroundOptions/fillMethod`, options.knockoutBackgroundOptions?.fillMethod, [
    'FloodFill',
    'MatchPixel',
  ]);
  checkRange(`${path}/unsharpMaskOptions/amount`, options.unsharpMaskOptions?.amount, 0, 5);
  checkRange(`${path}/unsharpMaskOptions/radius`, options.unsharpMaskOptions?.radius, 0, 250);
  checkRange(`${path}/unsharpMaskOptions/threshold`, options.unsharpMaskOptions?.threshold, 0, 255);
  checkRange(`${path}/unsharpMaskOptions/monochrome`, options.unsharpMaskOptions?.monochrome, 0, 1);
  checkOneOf(`${path}/unCompressOptions/process`, options.unCompressOptions?.process, ['None', 'UnCompress']);
  checkOneOf(`${path}/pdfOptions/process`, options.pdfOptions?.process, [
    'None',
    'Rasterize',
    'Thumbnail',
    'render',
  ]);
  checkOneOf(`${path}/photoshopOptions/process`, options.photoshopOptions?.process, [
    'None',
    'MaintainLayers',
  ]);
  const { layerNaming, anchor } = options.photoshopOptions?.layerOptions ?? {};
  checkOneOf(`${path}/photoshopOptions/layerOptions/layerNaming`, layerNaming, LAYER_NAMINGS);
  checkOneOf(`${path}/photoshopOptions/layerOptions/anchor`, anchor, Object.keys(ANCHORS));
  checkRange(`${path}/pdfOptions/resolution`, options.pdfOptions?.resolution, 0, 1200);
  checkOneOf(
    `${path}/colorManagementOptions/colorManagement`,
    options.colorManagementOptions?.colorManagement,
    COLOR_MODES,
  );
}

const CORNERS = ['BottomLeft', 'BottomRight', 'UpperLeft', 'UpperRight'];
const COLOR_MODES = ['Default', 'MaintainOriginal', 'Convert'];

function checkRange(path: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(value >= least && value <= most))
    throw invalidParameter(path, value, `a number from ${least} to ${most}`);
}

function checkOneOf(path: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value))
    throw invalidParameter(path, value, allowed.join(', '));
}

/** The first frame, unless the options name the time of another. */
function thumbnailTimeOf({ mediaOptions }: UploadOptions): number | undefined {
  const time = mediaOptions?.thumbnailOptions?.thumbnailTime;
  if (time !== undefined) return Math.max(0, Number(time));
  return mediaOptions?.generateThumbnail === true ? 0 : undefined;
}

function requestedOf(options: UploadOptions): ReadonlySet<UnsupportedFeature> {
  const { mediaOptions, inDesignOptions, pdfOptions } = options;
  const requested: [UnsupportedFeature, boolean][] = [
    ['videoEncoding', (mediaOptions?.videoEncodingPresetsArray ?? []).length > 0],
    ['inDesignImage', inDesignOptions?.process !== undefined && inDesignOptions.process !== 'None'],
    ['pdfLinks', pdfOptions?.extractLinks === true],
  ];
  return new Set(requested.filter(([, asked]) => asked).map(([feature]) => feature));
}

async function colorOf(
  db: Db,
  company: CompanyRow,
  options: UploadOptions['colorManagementOptions'],
  path: string,
): Promise<ColorManagement | undefined> {
  if (options === undefined) return undefined;
  const mode = options.colorManagement as ColorManagement['mode'];
  if (mode === 'MaintainOriginal') return { mode };
  const { defaultSourceProfileId, defaultDisplayProfileId } = company.settings;
  const convert = mode === 'Convert';
  return {
    mode,
    sourceProfile: await profileOf(
      db,
      company,
      convert ? options.sourceProfileHandle : undefined,
      `${path}/sourceProfileHandle`,
      defaultSourceProfileId,
    ),
    outputProfile: await profileOf(
      db,
      company,
      convert ? options.outputProfileHandle : undefined,
      `${path}/outputProfileHandle`,
      defaultDisplayProfileId,
    ),
  };
}

/** The file of an ICC profile of the company or the shared company. */
async function profileOf(
  db: Db,
  company: CompanyRow,
  handle: string | undefined,
  path: string,
  defaultId: number | undefined,
): Promise<string | undefined> {
  const id = handle === undefined ? defaultId : parseAssetHandle(handle);
  if (id === undefined && handle === undefined) return undefined;
  const [profile] =
    id === undefined
      ? []
      : await db
          .select({ type: t.assets.type, file: t.assets.originalFile })
          .from(t.assets)
          .where(
            and(
              eq(t.assets.id, id),
              or(eq(t.assets.companyId, company.id), eq(t.assets.companyId, SHARED_COMPANY.id)),
            ),
          );
  if (handle === undefined) return profile?.file ?? undefined;
  if (profile === undefined) throw unknownHandle(path, handle);
  if (profile.type !== 'IccProfile' || profile.file === null)
    throw invalidParameter(path, handle, `an asset of type IccProfile, not ${profile.type}`);
  return profile.file;
}

async function projectsOf(
  db: Db,
  company: CompanyRow,
  handles: readonly string[],
  path: string,
): Promise<number[]> {
  if (handles.length === 0) return [];
  const names = handles.map((handle) => {
    const project = parseProjectHandle(handle);
    if (project === undefined || project.companyId !== company.id) throw unknownHandle(path, handle);
    return project.name;
  });
  const found = await db
    .select({ id: t.projects.id, name: t.projects.name })
    .from(t.projects)
    .where(and(eq(t.projects.companyId, company.id), inArray(t.projects.name, names)));
  for (const [index, name] of names.entries()) {
    if (!found.some((project) => project.name === name))
      throw unknownHandle(`${path}/items[${index}]`, handles[index] ?? '');
  }
  return found.map(({ id }) => id);
}
