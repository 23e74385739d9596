import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { AssetRow } from '../api/contract.ts';
import { AssetPicture } from '../assets/asset-picture.tsx';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Checkbox } from '../components/fields.tsx';
import { SearchField } from '../components/search-field.tsx';
import { EmptyState, Loaded } from '../components/states.tsx';
import { FolderTree } from '../folders/folder-tree.tsx';
import { formatCount } from '../format/number.ts';

/** A dialog to choose assets by folder or name. */
export function AssetDialog({
  isOpen,
  isSingle = false,
  onClose,
  onChoose,
}: {
  isOpen: boolean;
  isSingle?: boolean;
  onClose: () => void;
  onChoose: (assets: readonly AssetRow[]) => void;
}): ReactNode {
  return (
    <Dialog
      title={isSingle ? 'Choose an asset' : 'Choose assets'}
      look="wide"
      isOpen={isOpen}
      onClose={onClose}
    >
      <AssetChoice isSingle={isSingle} onClose={onClose} onChoose={onChoose} />
    </Dialog>
  );
}

function AssetChoice({
  isSingle,
  onClose,
  onChoose,
}: {
  isSingle: boolean;
  onClose: () => void;
  onChoose: (assets: readonly AssetRow[]) => void;
}): ReactNode {
  const [folder, setFolder] = useState('');
  const [text, setText] = useState<string>();
  const [page, setPage] = useState(1);
  const [chosen, setChosen] = useState<ReadonlyMap<string, AssetRow>>(new Map());
  const query = useApi(
    'assets',
    {
      ...(folder === '' ? {} : { folder }),
      ...(text === undefined ? {} : { text, includeSubfolders: true }),
      page,
      pageSize: 50,
    },
    { keepPrevious: true },
  );
  const toggle = (row: AssetRow): void => {
    const next = new Map(isSingle ? [] : chosen);
    if (chosen.has(row.assetHandle)) next.delete(row.assetHandle);
    else next.set(row.assetHandle, row);
    setChosen(next);
  };
  return (
    <>
      <SearchField
        label="Search assets"
        placeholder="Search names below the folder"
        value={text ?? ''}
        onChange={(next) => {
          setText(next);
          setPage(1);
        }}
      />
      <div className="asset-choice">
        <div className="folder-box">
          <FolderTree
            label="Folders"
            selected={folder}
            onSelect={({ path }) => {
              setFolder(path);
              setPage(1);
            }}
          />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard. */}
        <section className="folder-box" tabIndex={0} aria-label="Assets">
          <Loaded query={query} what="cannot read the assets">
            {({ assets, total, pageSize }) => (
              <>
                <ul className="asset-choices">
                  {assets.map((row) => (
                    <li key={row.assetHandle}>
                      <label className="check-line" htmlFor={`choose ${row.assetHandle}`}>
                        <Checkbox
                          id={`choose ${row.assetHandle}`}
                          checked={chosen.has(row.assetHandle)}
                          onChange={() => toggle(row)}
                        />
                        <AssetPicture row={row} size={32} />
                        <span className="two-lines">
                          <span>{row.name}</span>
                          <span>{row.type}</span>
                        </span>
                      </label>
                    </li>
                  ))}
                </ul>
                {total === 0 && <EmptyState title="No assets here" />}
                {total > pageSize && (
                  <div className="dialog-buttons">
                    <span className="secondary">
                      {formatCount(total, 'asset')}, page {page} of {Math.ceil(total / pageSize)}
                    </span>
                    <Button disabled={page === 1} onClick={() => setPage(page - 1)}>
                      Previous
                    </Button>
                    <Button disabled={page * pageSize >= total} onClick={() => setPage(page + 1)}>
                      Next
                    </Button>
                  </div>
                )}
              </>
            )}
          </Loaded>
        </section>
      </div>
      <div className="dialog-buttons">
        <span className="secondary ellipsis">{[...chosen.values()].map(({ name }) => name).join(', ')}</span>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={chosen.size === 0}
          onClick={() => {
            onChoose([...chosen.values()]);
            onClose();
          }}
        >
          {isSingle ? 'Use it' : `Add ${formatCount(chosen.size, 'asset')}`}
        </Button>
      </div>
    </>
  );
}
