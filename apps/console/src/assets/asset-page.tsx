import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { AssetPage as Page } from '../api/contract.ts';
import { Card, FactList } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { ShellBlock } from '../components/shell-block.tsx';
import { EmptyState, Loaded } from '../components/states.tsx';
import { None, RelativeTime } from '../components/time.tsx';
import { formatBytes, formatCount, formatNumber } from '../format/number.ts';
import { LiveControl } from '../live/live-control.tsx';
import { Permissions } from '../permissions/permissions.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { AssetActionButtons } from './asset-actions.tsx';
import { PublishPill } from './asset-columns.tsx';
import { AssetPicture } from './asset-picture.tsx';
import { CropEditor } from './crop-editor.tsx';
import { DeliveryCard } from './delivery-card.tsx';
import { typeLabel } from './describe-asset.ts';
import { MetadataCard } from './metadata-card.tsx';
import './assets.css';

const route = getRouteApi('/assets/asset');

/** One asset: its picture as it is delivered, crops, metadata, and where it has been. */
export function AssetPage(): ReactNode {
  const { handle } = route.useSearch();
  const query = useApi('asset', { handle: handle ?? '' }, { enabled: handle !== undefined });
  if (handle === undefined) {
    return (
      <>
        <PageHead title="Asset" before={<BackToAssets />} />
        <EmptyState title="The address names no asset" command="ips asset list" />
      </>
    );
  }
  return (
    <>
      <PageHead
        title={query.data?.row.name ?? 'Asset'}
        before={<BackToAssets />}
        after={query.data !== undefined && <PublishPill row={query.data.row} />}
        tools={
          <>
            <LiveControl />
            {query.data !== undefined && <AssetActionButtons rows={[query.data.row]} />}
          </>
        }
      />
      <Loaded query={query} what="cannot read the asset">
        {(page) => <Asset page={page} />}
      </Loaded>
    </>
  );
}

function BackToAssets(): ReactNode {
  return (
    <span className="secondary">
      <Link to="/assets">Assets</Link> /
    </span>
  );
}

function Asset({ page }: { page: Page }): ReactNode {
  const { row, metadata, smartCrops, related, shell, delivery, presets } = page;
  return (
    <div className="asset-columns">
      <div>
        {delivery === undefined ? (
          <Card title="Picture">
            <div className="preview-frame">
              <AssetPicture row={row} size={220} />
            </div>
            <p className="secondary">An asset of this type has no delivery URL.</p>
          </Card>
        ) : (
          <DeliveryCard key={row.assetHandle} row={row} delivery={delivery} presets={presets} />
        )}
        {smartCrops !== undefined && (
          <CropEditor key={`${row.assetHandle} crops`} row={row} crops={smartCrops} />
        )}
        <MetadataCard key={`${row.assetHandle} metadata`} row={row} metadata={metadata} />
      </div>
      <div>
        <Card title="Asset">
          <AssetFacts page={page} />
        </Card>
        <Card title="Publish">
          <PublishFacts page={page} />
        </Card>
        <Card title="Permissions">
          <Permissions key={row.assetHandle} of={{ asset: row.assetHandle }} />
        </Card>
        {related.length > 0 && (
          <Card title={`Related, ${formatCount(related.length, 'asset')}`}>
            <ul className="related">
              {related.map((other) => (
                <li key={other.assetHandle}>
                  <Link to="/assets/asset" search={{ handle: other.assetHandle }} title={other.name}>
                    <AssetPicture row={other} size={86} />
                    <span className="ellipsis">{other.name}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </Card>
        )}
        <Card title="Jobs">
          <AssetJobs page={page} />
        </Card>
        <ShellBlock code={shell} />
      </div>
    </div>
  );
}

function AssetFacts({ page: { row } }: { page: Page }): ReactNode {
  return (
    <FactList
      facts={[
        {
          label: 'Handle',
          value: (
            <span className="handle-line">
              <code className="break">{row.assetHandle}</code>
              <CopyButton text={row.assetHandle} what="the handle" />
            </span>
          ),
        },
        {
          label: 'Type',
          value: row.subType === undefined ? typeLabel(row.type) : `${typeLabel(row.type)}, ${row.subType}`,
        },
        { label: 'File', value: row.fileName ?? <None /> },
        {
          label: 'Folder',
          value: (
            <Link to="/assets" search={{ folder: row.folder }}>
              {row.folder}
            </Link>
          ),
        },
        {
          label: 'Pixels',
          value:
            row.width === undefined || row.height === undefined ? (
              <None />
            ) : (
              `${formatNumber(row.width)} × ${formatNumber(row.height)}`
            ),
        },
        { label: 'Size', value: row.fileSize === undefined ? <None /> : formatBytes(row.fileSize) },
        { label: 'Created', value: <When at={row.created} user={row.createUser} /> },
        { label: 'Changed', value: <When at={row.lastModified} user={row.lastModifyUser} /> },
      ]}
    />
  );
}

function When({ at, user }: { at: string | undefined; user: string | undefined }): ReactNode {
  return (
    <>
      <RelativeTime at={at} />
      {user !== undefined && <span className="secondary"> by {user}</span>}
    </>
  );
}

function PublishFacts({ page: { row, contexts, publishHistory } }: { page: Page }): ReactNode {
  const history = publishHistory.slice(0, 20);
  return (
    <>
      <FactList
        facts={[
          { label: 'State', value: row.readyForPublish ? 'marked for publish' : 'not marked for publish' },
          {
            label: 'Contexts',
            value:
              contexts.length === 0 ? (
                <None />
              ) : (
                contexts.map(({ contextName, contextHandle }) => contextName ?? contextHandle).join(', ')
              ),
          },
        ]}
      />
      {history.length === 0 ? (
        <p className="secondary">Never published, as far as the service shows.</p>
      ) : (
        <ul className="small-list">
          {history.map(({ serverName, contextName, lastPublished }) => (
            <li key={`${serverName} ${contextName} ${lastPublished}`}>
              <span className="break">{contextName ?? serverName}</span>
              <RelativeTime at={momentOf(lastPublished)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function AssetJobs({ page: { jobs } }: { page: Page }): ReactNode {
  if (jobs.length === 0)
    return <p className="secondary">No job has changed it, as far as its log goes back.</p>;
  return (
    <ul className="small-list">
      {jobs.slice(0, 20).map(({ jobHandle, jobName, logType, logDate, logMessage }) => (
        <li key={`${jobHandle} ${logType} ${String(logDate)}`}>
          <Link className="break" to="/jobs/job" search={{ handle: jobHandle }}>
            {jobName}
          </Link>
          <RelativeTime at={momentOf(logDate)} />
          <span className="secondary break">{logMessage ?? logType}</span>
        </li>
      ))}
    </ul>
  );
}

/** Dates are texts in JSON, whatever the type of the contract is. */
function momentOf(date: unknown): string | undefined {
  return typeof date === 'string' ? date : undefined;
}
