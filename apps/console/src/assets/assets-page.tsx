import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useApi, useApiClient } from '../api/api-context.tsx';
import type { AssetRow } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Dialog } from '../components/dialog.tsx';
import { useIsPhone } from '../components/media.ts';
import { SelectionBar } from '../components/selection-bar.tsx';
import { ShellLine } from '../components/shell-block.tsx';
import { EmptyState, ErrorState, LoadingRows } from '../components/states.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useToast } from '../components/toast.tsx';
import { useRowSelection } from '../components/use-row-selection.ts';
import { type ChosenFolder, FolderTree } from '../folders/folder-tree.tsx';
import { useLiveEvent } from '../live/live-context.tsx';
import { LiveControl } from '../live/live-control.tsx';
import { FolderPermissions } from '../permissions/folder-permissions.tsx';
import { whyNot } from '../session/guarded-button.tsx';
import { useSession } from '../session/session-context.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { droppedFiles } from '../upload/dropped-files.ts';
import { type Offered, UploadDialog } from '../upload/upload-dialog.tsx';
import { UploadPanel } from '../upload/upload-panel.tsx';
import { uploadStore } from '../upload/upload-store.ts';
import { AssetActionButtons } from './asset-actions.tsx';
import { ASSET_COLUMNS } from './asset-columns.tsx';
import { AssetGrid } from './asset-grid.tsx';
import { type AssetsSearch, isFiltered, readAssetsSearch, toAssetsQuery } from './assets-search.ts';
import { AssetsToolbar, type ChangeAssets } from './assets-toolbar.tsx';
import { FolderMenu } from './folder-actions.tsx';
import { UploadButton } from './upload-button.tsx';
import { useAssetsList } from './use-assets-list.ts';
import './assets.css';

const route = getRouteApi('/assets');
const handleOf = ({ assetHandle }: AssetRow): string => assetHandle;

/** The assets of a folder or of a search, and the trash. */
export function AssetsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isPhone = useIsPhone();
  const session = useSession();
  const client = useApiClient();
  const toast = useToast();
  const list = useAssetsList(toAssetsQuery(search));
  const selection = useRowSelection(list.rows, handleOf);
  const [offered, setOffered] = useState<Offered>();
  const [isOver, setIsOver] = useState(false);
  const folder = useFolder(search.folder);
  const isTrash = search.place === 'trash';
  const { info, user } = session;

  useEffect(
    () => uploadStore.open(client, [info.profile, user.email, info.company?.companyHandle].join('\n')),
    [client, info.profile, user.email, info.company?.companyHandle],
  );
  useLiveEvent('upload', ({ state }) => uploadStore.update(state));

  const change: ChangeAssets = (part) =>
    void navigate({
      search: (before: AssetsSearch) => readAssetsSearch({ ...before, ...part }),
      replace: true,
    });
  const show = (path: string): void =>
    void navigate({ search: ({ view }: AssetsSearch) => readAssetsSearch({ view, folder: path }) });
  const offer = (target: string, transfer: DataTransfer): void => {
    if (whyNot(session, 'uploadAssets') !== undefined) {
      toast.fail(whyNot(session, 'uploadAssets') ?? '');
      return;
    }
    droppedFiles(transfer).then(
      (files) => files.length > 0 && setOffered({ folder: target, files }),
      (error: unknown) => toast.fail(`cannot read what was dropped: ${String(error)}`),
    );
  };
  const shown = {
    total: list.total ?? 0,
    rowAt: list.rowAt,
    onRange: list.setRange,
    // Whatever is selected could not be changed.
    selection: session.readOnly === undefined ? selection : undefined,
    empty: <Empty search={search} />,
  };
  const tree = (
    <FolderTree
      label="Folders"
      selected={search.folder ?? ''}
      onSelect={({ path }) => show(path)}
      onDropItems={({ fullPath }, transfer) => offer(fullPath, transfer)}
    />
  );
  return (
    <>
      <PageHead
        title="Assets"
        after={
          <Tabs
            label="Place"
            value={isTrash ? 'trash' : 'live'}
            tabs={[
              { value: 'live', label: 'All' },
              { value: 'trash', label: 'Trash' },
            ]}
            onChange={(place) => {
              selection.clear();
              change({ place: place === 'trash' ? place : undefined });
            }}
          />
        }
        tools={
          <>
            <LiveControl />
            {!isTrash && <UploadButton onFiles={(files) => setOffered({ folder: folder.fullPath, files })} />}
          </>
        }
      />
      <AssetsToolbar
        search={search}
        total={list.total}
        onChange={change}
        before={
          !isTrash && (
            <>
              {isPhone && <FolderSheet name={folder.name}>{tree}</FolderSheet>}
              <FolderMenu folder={folder} onGone={show} />
              <FolderPermissions folder={folder} />
            </>
          )
        }
      />
      {selection.size > 0 && (
        <SelectionBar names={selection.rows.map(({ name }) => name)} onClear={selection.clear}>
          <AssetActionButtons rows={selection.rows} onDone={selection.keep} />
        </SelectionBar>
      )}
      <div className="assets-columns">
        {!isPhone && !isTrash && <div className="assets-tree">{tree}</div>}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Upload does the same by keyboard. */}
        <div
          className="assets-main drop-frame"
          data-over={isOver || undefined}
          onDragOver={(event) => {
            if (isTrash) return;
            event.preventDefault();
            setIsOver(true);
          }}
          onDragLeave={() => setIsOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setIsOver(false);
            if (!isTrash) offer(folder.fullPath, event.dataTransfer);
          }}
        >
          {list.failure !== undefined && list.total === undefined ? (
            <ErrorState
              what="cannot read the assets"
              error={list.failure.error}
              since={list.failure.since}
              onRetry={list.retry}
            />
          ) : list.total === undefined ? (
            <LoadingRows rows={8} />
          ) : search.view === 'list' && !isPhone ? (
            <DataTable
              {...shown}
              label="Assets"
              keyOf={({ assetHandle }) => assetHandle}
              nameOf={({ name }) => name}
              columns={ASSET_COLUMNS}
              sort={
                search.sort === undefined
                  ? undefined
                  : { by: search.sort, direction: search.direction ?? 'asc' }
              }
              onSort={(sort) => change({ sort: sort?.by, direction: sort?.direction })}
              isBusy={list.isLoading}
            />
          ) : (
            <AssetGrid {...shown} />
          )}
        </div>
      </div>
      <UploadPanel />
      {list.shell !== undefined && !isPhone && <ShellLine code={list.shell} />}
      <UploadDialog offered={offered} onClose={() => setOffered(undefined)} />
    </>
  );
}

/** The folder that is shown, as far as it is known. */
function useFolder(path = ''): ChosenFolder {
  const { data } = useApi('folders', {});
  const root = data?.path ?? '';
  const fullPath = path === '' ? root : path;
  const name = fullPath.split('/').findLast((part) => part !== '') ?? 'All folders';
  return { path, fullPath, name, folderHandle: fullPath === '' ? undefined : `f|${fullPath}` };
}

function FolderSheet({ name, children }: { name: string; children: ReactNode }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button icon="folder" className="folder-button" onClick={() => setIsOpen(true)}>
        <span className="ellipsis">{name}</span>
      </Button>
      <Dialog title="Folders" look="sheet" isOpen={isOpen} onClose={() => setIsOpen(false)}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: closes the sheet after the choice, whatever made it. */}
        <div
          onClick={(event) =>
            event.target instanceof HTMLElement && event.target.closest('.twist') === null && setIsOpen(false)
          }
          onKeyDown={(event) => event.key === 'Enter' && setIsOpen(false)}
        >
          {children}
        </div>
      </Dialog>
    </>
  );
}

function Empty({ search }: { search: AssetsSearch }): ReactNode {
  if (search.place === 'trash') {
    return (
      <EmptyState title="The trash is empty">
        Deleted assets stay here until they are deleted forever.
      </EmptyState>
    );
  }
  if (isFiltered(search)) {
    return (
      <EmptyState title="No asset matches" command="ips asset search shoe">
        Try fewer filters, or another folder.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="This folder has no assets"
      command={`ips upload photos --to ${search.folder ?? 'MyCompany/'}`}
    >
      Drop files or folders here to upload them.
    </EmptyState>
  );
}
