import { useQueries } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { apiQuery, useApiClient } from '../api/api-context.tsx';
import { Icon } from '../components/icon.tsx';
import { type Children, pathsTo, type TreeRow, treeMove, treeRows } from './folder-tree-model.ts';
import './folder-tree.css';

/** A folder of the tree. */
export interface ChosenFolder {
  /** `''` for the root, as in addresses and queries. */
  readonly path: string;
  /** With the name of the company for the root, too. */
  readonly fullPath: string;
  readonly folderHandle: string | undefined;
  readonly name: string;
}

/** The folders of the company, read as they are opened. Arrows move, `Enter` chooses. */
export function FolderTree({
  label,
  selected,
  onSelect,
  onDropItems,
}: {
  label: string;
  /** Path; `''` for the root. */
  selected: string;
  onSelect: (folder: ChosenFolder) => void;
  /** Called when something is dropped on a folder. */
  onDropItems?: (folder: ChosenFolder, transfer: DataTransfer) => void;
}): ReactNode {
  const client = useApiClient();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(pathTo(selected)));
  const [focused, setFocused] = useState(selected);
  const [target, setTarget] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  // A folder that is chosen elsewhere is shown.
  useEffect(() => {
    setOpen((shown) => new Set([...shown, ...pathTo(selected)]));
    setFocused(selected);
  }, [selected]);

  const paths = useMemo(() => [...open].sort(), [open]);
  const children = useQueries({
    queries: paths.map((path) => apiQuery(client, 'folders', path === '' ? {} : { path })),
    combine: (results) => {
      const found = new Map<string, Children>();
      results.forEach(({ data, error }, index) => {
        found.set(
          paths[index] ?? '',
          data?.folders ?? (error === null ? 'loading' : { problem: error.message }),
        );
      });
      return { found, root: results[0]?.data?.path };
    },
  });
  const rootPath = children.root ?? '';
  // The contract builds handles of folders from their paths, and shows none for the root.
  const rootHandle = rootPath === '' ? undefined : `f|${rootPath}`;
  const rows = treeRows({ name: nameOf(rootPath), path: '', folderHandle: rootHandle }, children.found, open);
  const folderOf = ({ path, name, folderHandle }: TreeRow): ChosenFolder => ({
    path,
    fullPath: path === '' ? rootPath : path,
    name,
    folderHandle,
  });
  const tabStop = rows.some(({ path }) => path === focused) ? focused : '';

  const focus = (path: string): void => {
    setFocused(path);
    const items = list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [];
    [...items].find((item) => item.dataset['path'] === path)?.focus();
  };
  const toggle = (path: string, isOpen: boolean): void => {
    setOpen((shown) => {
      const next = new Set(shown);
      if (isOpen) next.add(path);
      else next.delete(path);
      return next;
    });
  };
  const onKeyDown = (event: KeyboardEvent, row: TreeRow): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(folderOf(row));
      return;
    }
    const move = treeMove(rows, row.path, event.key);
    if (move === undefined) return;
    event.preventDefault();
    if (move.kind === 'focus') focus(move.path);
    else toggle(move.path, move.kind === 'open');
  };

  return (
    <div ref={list} className="folder-tree" role="tree" aria-label={label}>
      {rows.map((row) => (
        <div
          key={row.path}
          role="treeitem"
          tabIndex={row.path === tabStop ? 0 : -1}
          data-path={row.path}
          data-target={row.path === target || undefined}
          aria-level={row.level}
          aria-posinset={row.position}
          aria-setsize={row.siblings}
          aria-selected={row.path === selected}
          aria-expanded={row.hasChildren ? row.isOpen : undefined}
          style={{ paddingInlineStart: 4 + (row.level - 1) * 14 }}
          onClick={() => onSelect(folderOf(row))}
          onFocus={() => setFocused(row.path)}
          onKeyDown={(event) => onKeyDown(event, row)}
          onDragOver={(event) => {
            if (onDropItems === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            setTarget(row.path);
          }}
          onDragLeave={() => setTarget(undefined)}
          onDrop={(event) => {
            if (onDropItems === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            setTarget(undefined);
            onDropItems(folderOf(row), event.dataTransfer);
          }}
        >
          <span
            className="twist"
            aria-hidden="true"
            onClick={(event) => {
              if (!row.hasChildren) return;
              event.stopPropagation();
              toggle(row.path, !row.isOpen);
            }}
          >
            {row.hasChildren && <Icon name={row.isOpen ? 'down' : 'right'} size={12} />}
          </span>
          <Icon name="folder" size={14} />
          <span className="ellipsis" title={row.path === '' ? rootPath : row.path}>
            {row.name}
          </span>
          {row.note !== undefined && (
            <span className="folder-note secondary ellipsis" title={row.note}>
              {row.note}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

/** What has to be open for a folder to be seen with the folders in it. The root stands for the first folder of a path. */
function pathTo(path: string): readonly string[] {
  return ['', ...pathsTo(path).slice(1)];
}

function nameOf(path: string): string {
  return path.split('/').findLast((name) => name !== '') ?? 'All folders';
}
