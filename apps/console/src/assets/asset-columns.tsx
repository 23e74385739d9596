import { Link } from '@tanstack/react-router';
import type { AssetRow } from '../api/contract.ts';
import type { DataColumn } from '../components/data-table.tsx';
import { Pill } from '../components/pill.tsx';
import { None, RelativeTime } from '../components/time.tsx';
import { formatBytes, formatNumber } from '../format/number.ts';
import { AssetPicture } from './asset-picture.tsx';
import { typeLabel } from './describe-asset.ts';

/** The columns of the list. */
export const ASSET_COLUMNS: readonly DataColumn<AssetRow>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 240,
    priority: 20,
    grows: true,
    sort: 'name',
    cell: (row) => (
      <span className="asset-cell">
        <AssetPicture row={row} size={40} />
        <span className="two-lines">
          <Link className="row-link" to="/assets/asset" search={{ handle: row.assetHandle }} title={row.name}>
            {row.name}
          </Link>
          <span title={row.fileName}>{row.fileName ?? ''}</span>
        </span>
      </span>
    ),
  },
  {
    id: 'publish',
    header: 'Publish',
    width: 118,
    priority: 18,
    cell: (row) => <PublishPill row={row} />,
  },
  { id: 'type', header: 'Type', width: 110, priority: 16, sort: 'type', cell: (row) => typeLabel(row.type) },
  {
    id: 'folder',
    header: 'Folder',
    width: 180,
    priority: 14,
    cell: (row) => <span title={row.folder}>{row.folder}</span>,
  },
  {
    id: 'pixels',
    header: 'Pixels',
    width: 126,
    priority: 13,
    align: 'end',
    cell: ({ width, height }) =>
      width === undefined || height === undefined ? (
        <None />
      ) : (
        `${formatNumber(width)} × ${formatNumber(height)}`
      ),
  },
  {
    id: 'size',
    header: 'Size',
    width: 90,
    priority: 12,
    sort: 'fileSize',
    align: 'end',
    cell: ({ fileSize }) => (fileSize === undefined ? <None /> : formatBytes(fileSize)),
  },
  {
    id: 'modified',
    header: 'Changed',
    width: 148,
    priority: 15,
    sort: 'lastModified',
    cell: (row) => <RelativeTime at={row.lastModified} />,
  },
];

/** Whether an asset goes with the next publish. */
export function PublishPill({ row }: { row: AssetRow }) {
  if (row.isInTrash) return <Pill tone="bad">In the trash</Pill>;
  return row.readyForPublish ? <Pill tone="ok">Marked</Pill> : <Pill tone="wait">Not marked</Pill>;
}
