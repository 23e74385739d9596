/** Maximum number of assets in an export job. */
export const MOST_ASSETS = 500;
/** Maximum size of an export job in bytes: 1 GB in the smaller sense of the unit. */
export const MOST_BYTES = 1_000_000_000;

/** Limits of an export job. */
export interface ExportLimits {
  readonly chunkSize: number;
  readonly maxBytes: number;
}

/**
 * Splits a list of assets into jobs within both limits, in the given order. An asset that exceeds the size limit gets its own job.
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

/** The assets that exceed the size limit of a job. */
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

/** An asset that exceeds the size limit of a job. */
export interface OversizedAsset {
  readonly assetHandle: string;
  readonly bytes: number;
}

/** Assets that exceed the size limit of an export job. Nothing was exported. */
export class ExportSizeError extends Error {
  override readonly name = 'ExportSizeError';
  readonly assets: readonly OversizedAsset[];
  /** The limit in bytes. */
  readonly maxBytes: number;

  constructor(assets: readonly OversizedAsset[], maxBytes: number) {
    const [first] = assets;
    const more = assets.length > 1 ? `; and ${assets.length - 1} more` : '';
    super(`${first?.assetHandle}: expected at most ${maxBytes} bytes, found ${first?.bytes}${more}`);
    this.assets = assets;
    this.maxBytes = maxBytes;
  }
}
