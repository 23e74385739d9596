import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Loaded } from '../components/states.tsx';
import { Thumbnail } from '../components/thumbnail.tsx';
import { formatNumber } from '../format/number.ts';

const FEW = 8;
const MANY = 60;

/** The assets that a job changed. */
export function JobAssets({ handle }: { handle: string }): ReactNode {
  const [showsMany, setShowsMany] = useState(false);
  const query = useApi(
    'job/assets',
    { handle, page: 1, pageSize: showsMany ? MANY : FEW },
    { keepPrevious: true },
  );
  if (query.data?.total === 0) return null;
  return (
    <Card title="Assets">
      <Loaded query={query} what="cannot read the assets">
        {({ assets, total }) => (
          <>
            <ul className="thumbnails">
              {assets.map(({ assetHandle, name, thumbnail }) => (
                <li key={assetHandle}>
                  <Thumbnail name={name} url={thumbnail} size={136} />
                </li>
              ))}
            </ul>
            {total > assets.length && !showsMany && (
              <Button look="quiet" onClick={() => setShowsMany(true)}>
                Show {formatNumber(Math.min(total, MANY))} of {formatNumber(total)}
              </Button>
            )}
            {total > assets.length && showsMany && (
              <p className="secondary">
                {formatNumber(assets.length)} of {formatNumber(total)}
              </p>
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}
