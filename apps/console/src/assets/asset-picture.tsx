import { type ReactNode, useState } from 'react';
import type { AssetRow } from '../api/contract.ts';
import { Icon } from '../components/icon.tsx';
import './asset-picture.css';

/** The thumbnail of an asset, or its type where there is no picture. The words beside it name it. */
export function AssetPicture({
  row: { thumbnail, hasAlpha, type },
  size,
}: {
  row: Pick<AssetRow, 'thumbnail' | 'hasAlpha' | 'type'>;
  /** Pixels of the longer side. */
  size: number;
}): ReactNode {
  const [failed, setFailed] = useState<string>();
  if (thumbnail === undefined || failed === thumbnail) {
    return (
      <span className="asset-picture none" style={{ inlineSize: size, blockSize: size }}>
        <Icon name="assets" size={Math.min(24, size)} />
        {size >= 96 && <span>{type}</span>}
      </span>
    );
  }
  // Screens with more pixels get more.
  const pixels = Math.min(2000, Math.round(size * Math.min(2, devicePixelRatio)));
  return (
    <span
      className={hasAlpha === true ? 'asset-picture alpha' : 'asset-picture'}
      style={{ inlineSize: size, blockSize: size }}
    >
      <img
        src={`${thumbnail}&size=${pixels}`}
        alt=""
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setFailed(thumbnail)}
      />
    </span>
  );
}
