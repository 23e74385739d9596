import type { AssetRow } from '../db/rows.js';
import type { FileProcessing } from './ingest-options.js';
import type { IngestFile } from './ingest-place.js';

/** Whether an asset has the same content, processed in the same way. */
export function isSame(existing: AssetRow, file: IngestFile, processing: FileProcessing): boolean {
  return (
    existing.originalFile === file.stored.hash &&
    canonical(withoutMask(existing.processing['asked'] ?? {})) === canonical(withoutMask(processing)) &&
    (processing.createMask !== true || existing.maskFile !== null || asksMask(existing))
  );
}

const withoutMask = (processing: object): object => ({ ...processing, createMask: undefined });

const asksMask = (existing: AssetRow): boolean =>
  (existing.processing['asked'] as FileProcessing | undefined)?.createMask === true;

/** JSON with sorted keys: the database does not preserve their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
