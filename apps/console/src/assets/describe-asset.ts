import type { AssetRow } from '../api/contract.ts';
import { formatBytes, formatNumber } from '../format/number.ts';
import { labelOf } from '../submit/form-field.ts';

/** `1,200 × 800 · marked` for an image, `PDF · 2.7 MB` for what its picture does not explain. */
export function describeAsset(row: AssetRow): string {
  const parts = row.type === 'Image' && row.width !== undefined ? [] : [typeLabel(row.type)];
  if (row.width !== undefined && row.height !== undefined) {
    parts.push(`${formatNumber(row.width)} × ${formatNumber(row.height)}`);
  } else if (row.fileSize !== undefined) parts.push(formatBytes(row.fileSize));
  if (row.isInTrash) parts.push('in the trash');
  else if (row.readyForPublish) parts.push('marked');
  return parts.join(' · ');
}

/** `PsdTemplate` as `Psd template`. */
export function typeLabel(type: string): string {
  return labelOf(type);
}
