import type { JobPayloads } from '@ips-sdk/types/jobs';
import type { Knockout } from './knockout.js';
import type { Corner } from './pixels.js';
import type { UnsharpMask } from './unsharp-mask.js';

/** Pixels to remove on each side. */
export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Options for colors. Profiles are files in the store. */
export interface ColorManagement {
  readonly mode: 'Default' | 'MaintainOriginal' | 'Convert';
  readonly sourceProfile?: string | undefined;
  readonly outputProfile?: string | undefined;
}

/** The processing of an image for its derivatives. The original is not changed. */
export interface ImageProcessing {
  readonly crop?:
    | ({ readonly by: 'margins' } & Margins)
    | { readonly by: 'color'; readonly corner: Corner; readonly tolerance: number }
    | { readonly by: 'transparency'; readonly tolerance: number }
    | undefined;
  readonly knockout?: Knockout | undefined;
  readonly unsharpMask?: UnsharpMask | undefined;
  readonly color?: ColorManagement | undefined;
  readonly createMask?: boolean | undefined;
}

/** The job options for images. */
export type ProcessingOptions = { [Name in keyof Chosen]?: Chosen[Name] | undefined };

type Chosen = Pick<
  JobPayloads['uploadUrlsJob'],
  | 'manualCropOptions'
  | 'autoColorCropOptions'
  | 'autoTransparentCropOptions'
  | 'knockoutBackgroundOptions'
  | 'unsharpMaskOptions'
  | 'createMask'
>;

/** The processing in a job's options, except for colors, whose profiles have to be looked up. */
export function processingOf(options: ProcessingOptions): ImageProcessing {
  return {
    crop: cropOf(options),
    knockout: knockoutOf(options.knockoutBackgroundOptions),
    unsharpMask: unsharpMaskOf(options.unsharpMaskOptions),
    createMask: options.createMask === true,
  };
}

/** Whether a job crops by its own margins, which take precedence over the crop of an asset. */
export function hasManualCrop({ manualCropOptions: margins }: ProcessingOptions): boolean {
  return (
    margins !== undefined &&
    (margins.left !== 0 || margins.right !== 0 || margins.top !== 0 || margins.bottom !== 0)
  );
}

function cropOf(options: ProcessingOptions): ImageProcessing['crop'] {
  const {
    manualCropOptions: manual,
    autoColorCropOptions: color,
    autoTransparentCropOptions: clear,
  } = options;
  if (manual !== undefined && hasManualCrop(options)) {
    const { left, right, top, bottom } = manual;
    return { by: 'margins', left, right, top, bottom };
  }
  if (color !== undefined) return { by: 'color', corner: color.corner, tolerance: color.tolerance };
  if (clear !== undefined) return { by: 'transparency', tolerance: clear.tolerance };
  return undefined;
}

function knockoutOf(options: ProcessingOptions['knockoutBackgroundOptions']): Knockout | undefined {
  if (options === undefined) return undefined;
  return { corner: options.corner, tolerance: options.tolerance ?? 0, fillMethod: options.fillMethod };
}

function unsharpMaskOf(options: ProcessingOptions['unsharpMaskOptions']): UnsharpMask | undefined {
  if (options === undefined || (options.amount ?? 0) === 0) return undefined;
  return {
    amount: options.amount ?? 0,
    radius: options.radius ?? 1,
    threshold: options.threshold ?? 6,
    monochrome: options.monochrome === 1,
  };
}
