import { type ReactNode, useRef, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { useIsPhone } from '../components/media.ts';
import { Menu } from '../components/menu.tsx';
import { SearchField } from '../components/search-field.tsx';
import { formatCount } from '../format/number.ts';
import { useShortcuts } from '../keyboard/shortcuts.tsx';
import { WaitingButton } from '../live/waiting-button.tsx';
import { JOB_COLUMNS } from './jobs-columns.tsx';
import { type ChangeSearch, JobsFilters } from './jobs-filters.tsx';
import { countFilters, type JobsSearch } from './jobs-search.ts';
import type { JobColumns } from './use-job-columns.ts';
import type { JobsList } from './use-jobs-list.ts';
import { ViewsMenu } from './views-menu.tsx';

/** Search, filters, what waits, and what is shown. */
export function JobsToolbar({
  search,
  list,
  columns,
  onChange,
}: {
  search: JobsSearch;
  list: JobsList;
  columns: JobColumns;
  onChange: ChangeSearch;
}): ReactNode {
  const isPhone = useIsPhone();
  const field = useRef<HTMLInputElement>(null);
  useShortcuts([{ keys: '/', label: 'Search', run: () => field.current?.focus() }]);
  const searchField = (
    <SearchField
      ref={field}
      label="Search jobs"
      placeholder={isPhone ? 'Search' : 'Search name, file, handle'}
      value={search.text ?? ''}
      onChange={(text) => onChange({ text })}
    />
  );
  if (isPhone) {
    return (
      <div className="jobs-toolbar phone">
        {searchField}
        <FilterSheet search={search} list={list} onChange={onChange} />
        <WaitingButton waiting={list.waiting} />
      </div>
    );
  }
  return (
    <div className="jobs-toolbar">
      {searchField}
      <JobsFilters search={search} page={list.page} onChange={onChange} look="chips" />
      <div className="page-tools">
        <WaitingButton waiting={list.waiting} />
        <span className="secondary" role="status">
          {list.page !== undefined && formatCount(list.total, 'job')}
        </span>
        <ViewsMenu search={search} />
        <Menu
          trigger={(props) => <Button {...props}>Columns</Button>}
          entries={[
            ...JOB_COLUMNS.map(({ id, header }) => ({
              kind: 'check' as const,
              label: header,
              isChecked: columns.has(id),
              isDisabled: id === 'name',
              onChange: (isShown: boolean) => columns.set(id, isShown),
            })),
            { kind: 'separator' },
            { kind: 'item', label: 'As at first', onSelect: columns.reset },
          ]}
        />
      </div>
    </div>
  );
}

function FilterSheet({
  search,
  list,
  onChange,
}: {
  search: JobsSearch;
  list: JobsList;
  onChange: ChangeSearch;
}): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const count = countFilters(search);
  const close = (): void => setIsOpen(false);
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>{count === 0 ? 'Filters' : `Filters ${count}`}</Button>
      <Dialog
        title="Filters"
        look="sheet"
        isOpen={isOpen}
        onClose={close}
        footer={
          <>
            <ViewsMenu search={search} />
            <Button look="primary" onClick={close}>
              Show {formatCount(list.total, 'job')}
            </Button>
          </>
        }
      >
        <JobsFilters search={search} page={list.page} onChange={onChange} look="list" />
      </Dialog>
    </>
  );
}
