/** The most assets that the service exports in one job. */
export const MOST_ASSETS = 500;
/** The most bytes that the service exports in one job: 1 GB, which the smaller meaning of the unit keeps to. */
export const MOST_BYTES = 1_000_000_000;

/** Limits of one job. */
export interface ExportLimits {
  readonly chunkSize: number;
  readonly maxBytes: number;
}

/**
 * Cuts a list of assets into jobs that keep to both limits, in the order of the list. An asset that is larger than a whole job gets one
 * of its own.
 */
export function exportChunks(
  assetHandles: readonly string[],
  sizes: ReadonlyMap<string, number>,
  { chunkSize, maxBytes }: ExportLimits,
): string[][] {
  const chunks: string[][] = [];
  let chunk: string[] = [];
  let bytes = 0;
  for (const handle of assetHandles) {
    const size = sizes.get(handle) ?? 0;
    if (chunk.length > 0 && (chunk.length >= chunkSize || bytes + size > maxBytes)) {
      chunks.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(handle);
    bytes += size;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

/** Assets that no job can export as they are, since each alone is larger than the limit. */
export function tooLarge(
  assetHandles: readonly string[],
  sizes: ReadonlyMap<string, number>,
  maxBytes: number,
): OversizedAsset[] {
  return assetHandles.flatMap((assetHandle) => {
    const bytes = sizes.get(assetHandle) ?? 0;
    return bytes > maxBytes ? [{ assetHandle, bytes }] : [];
  });
}

/** An asset that is larger than the limit of a job. */
export interface OversizedAsset {
  readonly assetHandle: string;
  readonly bytes: number;
}

/** Assets of which each alone is larger than one export may be. Nothing was exported. */
export class ExportSizeError extends Error {
  override readonly name = 'ExportSizeError';
  readonly assets: readonly OversizedAsset[];
  /** The limit in bytes. */
  readonly maxBytes: number;

  constructor(assets: readonly OversizedAsset[], maxBytes: number) {
    const [first] = assets;
    const more = assets.length > 1 ? `; and ${assets.length - 1} more` : '';
    super(
      `${first?.assetHandle} has ${first?.bytes} bytes, more than one export can have (${maxBytes})${more}`,
    );
    this.assets = assets;
    this.maxBytes = maxBytes;
  }
}
