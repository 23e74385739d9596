import { type ReactNode, useRef, useState } from 'react';
import { Button, IconButton } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { CheckLine } from '../components/fields.tsx';
import { CheckChoices, FilterChip, RadioChoices } from '../components/filter-chip.tsx';
import { useIsPhone } from '../components/media.ts';
import { SearchField } from '../components/search-field.tsx';
import { formatCount } from '../format/number.ts';
import { useShortcuts } from '../keyboard/shortcuts.tsx';
import { ASSET_TYPES, type AssetsSearch } from './assets-search.ts';
import { typeLabel } from './describe-asset.ts';

const SORTS = [
  { value: 'name', label: 'name' },
  { value: 'lastModified', label: 'last change' },
  { value: 'created', label: 'creation' },
  { value: 'type', label: 'type' },
  { value: 'fileSize', label: 'size' },
] as const;

const MARKED = [
  { value: 'any', label: 'any' },
  { value: 'yes', label: 'marked' },
  { value: 'no', label: 'not marked' },
] as const;

export type ChangeAssets = (change: Partial<Record<keyof AssetsSearch, unknown>>) => void;

/** Search, filters and how the list is shown. */
export function AssetsToolbar({
  search,
  total,
  onChange,
  before,
}: {
  search: AssetsSearch;
  total: number | undefined;
  onChange: ChangeAssets;
  before?: ReactNode;
}): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  useShortcuts([{ keys: '/', label: 'Search', run: () => field.current?.focus() }]);
  const isPhone = useIsPhone();
  const { view } = search;
  return (
    <div className="assets-toolbar">
      {before}
      <SearchField
        ref={field}
        label="Search assets"
        placeholder="Search names"
        value={search.text ?? ''}
        onChange={(text) => onChange({ text })}
      />
      {isPhone ? (
        <FilterSheet search={search} total={total} onChange={onChange} />
      ) : (
        <FilterChips search={search} onChange={onChange} />
      )}
      <div className="page-tools">
        <span className="secondary" role="status">
          {total !== undefined && formatCount(total, 'asset')}
        </span>
        {!isPhone && (
          <span className="view-switch">
            <IconButton
              look="quiet"
              icon="assets"
              label="Show pictures"
              aria-pressed={view !== 'list'}
              onClick={() => onChange({ view: undefined })}
            />
            <IconButton
              look="quiet"
              icon="jobs"
              label="Show a list"
              aria-pressed={view === 'list'}
              onClick={() => onChange({ view: 'list' })}
            />
          </span>
        )}
      </div>
    </div>
  );
}

/** Filters that read as sentences. */
function FilterChips({ search, onChange }: { search: AssetsSearch; onChange: ChangeAssets }): ReactNode {
  const { type = [], marked, sort = 'name', direction = 'asc' } = search;
  const sorted = SORTS.find(({ value }) => value === sort)?.label ?? sort;
  return (
    <>
      <FilterChip
        name="Type"
        value={type.length === 0 ? 'any' : type.map(typeLabel).join(', ')}
        isSet={type.length > 0}
        onClear={() => onChange({ type: undefined })}
      >
        <TypeChoices search={search} onChange={onChange} />
      </FilterChip>
      <FilterChip
        name="Publish"
        value={marked === undefined ? 'any' : marked === 'yes' ? 'marked' : 'not marked'}
        isSet={marked !== undefined}
        onClear={() => onChange({ marked: undefined })}
      >
        <MarkedChoices search={search} onChange={onChange} />
      </FilterChip>
      <FilterChip
        name="Sorted by"
        value={direction === 'desc' ? `${sorted}, backwards` : sorted}
        isSet={search.sort !== undefined || search.direction !== undefined}
        onClear={() => onChange({ sort: undefined, direction: undefined })}
      >
        <SortChoices search={search} onChange={onChange} />
      </FilterChip>
      <BelowLine search={search} onChange={onChange} />
    </>
  );
}

/** The same on a phone. */
function FilterSheet({
  search,
  total,
  onChange,
}: {
  search: AssetsSearch;
  total: number | undefined;
  onChange: ChangeAssets;
}): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const { type, marked, sort, direction, below } = search;
  const count = [type, marked, sort ?? direction, below].filter((filter) => filter !== undefined).length;
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
          <Button look="primary" onClick={close}>
            Show {formatCount(total ?? 0, 'asset')}
          </Button>
        }
      >
        <BelowLine search={search} onChange={onChange} />
        <MarkedChoices search={search} onChange={onChange} />
        <SortChoices search={search} onChange={onChange} />
        <TypeChoices search={search} onChange={onChange} />
      </Dialog>
    </>
  );
}

interface ChoicesProps {
  readonly search: AssetsSearch;
  readonly onChange: ChangeAssets;
}

function TypeChoices({ search: { type = [] }, onChange }: ChoicesProps): ReactNode {
  return (
    <CheckChoices
      label="Type"
      choices={ASSET_TYPES.map((value) => ({ value, label: typeLabel(value) }))}
      chosen={type}
      onChange={(next) => onChange({ type: next })}
    />
  );
}

function MarkedChoices({ search: { marked }, onChange }: ChoicesProps): ReactNode {
  return (
    <RadioChoices<'any' | 'yes' | 'no'>
      label="Marked for publish"
      choices={MARKED}
      chosen={marked ?? 'any'}
      onChange={(next) => onChange({ marked: next === 'any' ? undefined : next })}
    />
  );
}

function SortChoices({ search: { sort = 'name', direction }, onChange }: ChoicesProps): ReactNode {
  return (
    <>
      <RadioChoices
        label="Sorted by"
        choices={SORTS}
        chosen={sort}
        onChange={(next) => onChange({ sort: next })}
      />
      <div className="choices">
        <CheckLine
          checked={direction === 'desc'}
          onChange={(event) => onChange({ direction: event.target.checked ? 'desc' : undefined })}
        >
          backwards
        </CheckLine>
      </div>
    </>
  );
}

/** Words are looked for below the folder in any case. */
function BelowLine({ search: { below, text, place }, onChange }: ChoicesProps): ReactNode {
  if (place !== undefined) return null;
  return (
    <CheckLine
      checked={below === 'yes' || text !== undefined}
      disabled={text !== undefined}
      onChange={(event) => onChange({ below: event.target.checked ? 'yes' : undefined })}
    >
      with subfolders
    </CheckLine>
  );
}
