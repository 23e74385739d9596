import type { JobPayloads } from '@ips-sdk/types/jobs';

type UploadPayload = JobPayloads['uploadUrlsJob'];

/** How the pages of a document become images. */
export interface PageOptions {
  /** Whether every page becomes an image, or only the first a thumbnail, or the pages are only read. */
  readonly process: 'Rasterize' | 'Thumbnail' | 'None';
  /** Pixels per inch. */
  readonly resolution: number;
  readonly colorspace: string;
  readonly alpha: boolean;
  /** Whether the pages become the members of an eCatalog. */
  readonly catalog: boolean;
  readonly extractSearchWords: boolean;
}

/** Types of files from which pages are made. */
export const PAGED_TYPES = ['Pdf', 'Illustrator', 'PostScript'] as const;
export type PagedType = (typeof PAGED_TYPES)[number];

/** Resolution of pages when the options do not say, in pixels per inch. */
const DEFAULT_PAGE_RESOLUTION = 72;

/** How PDFs become images; `undefined` when they do not. */
export function pdfPagesOf(pdfOptions: UploadPayload['pdfOptions']): PageOptions | undefined {
  // `render` is the default that the service shows, whose name says no more than that pages become images.
  const asked = pdfOptions?.process === 'render' ? 'Rasterize' : pdfOptions?.process;
  const extractSearchWords = pdfOptions?.extractSearchWords === true;
  const process =
    (['Rasterize', 'Thumbnail'] as const).find((each) => each === asked) ??
    (extractSearchWords ? 'None' : undefined);
  if (pdfOptions === undefined || process === undefined) return undefined;
  return {
    process,
    resolution: pdfOptions.resolution || DEFAULT_PAGE_RESOLUTION,
    colorspace: pdfOptions.colorspace ?? 'Auto',
    alpha: false,
    catalog: process === 'Rasterize' && pdfOptions.pdfCatalog !== false,
    extractSearchWords,
  };
}

/** How files of Illustrator and PostScript become images; `undefined` when they do not. */
export function rasterizedPagesOf(
  options: UploadPayload['illustratorOptions'] | UploadPayload['postScriptOptions'],
): PageOptions | undefined {
  if (options?.process !== 'Rasterize') return undefined;
  return {
    process: 'Rasterize',
    resolution: options.resolution || DEFAULT_PAGE_RESOLUTION,
    colorspace: options.colorspace ?? 'Auto',
    alpha: options.alpha === true,
    catalog: false,
    extractSearchWords: 'extractSearchWords' in options && options.extractSearchWords === true,
  };
}
