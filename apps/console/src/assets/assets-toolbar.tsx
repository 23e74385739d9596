import { type ReactNode, useRef } from 'react';
import { IconButton } from '../components/button.tsx';
import { CheckLine } from '../components/fields.tsx';
import { CheckChoices, FilterChip, RadioChoices } from '../components/filter-chip.tsx';
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
  { value: 'folder', label: 'folder' },
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
  const { type = [], marked, sort = 'name', direction = 'asc', view } = search;
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
      <FilterChip
        name="Type"
        value={type.length === 0 ? 'any' : type.map(typeLabel).join(', ')}
        isSet={type.length > 0}
        onClear={() => onChange({ type: undefined })}
      >
        <CheckChoices
          label="Type"
          choices={ASSET_TYPES.map((value) => ({ value, label: typeLabel(value) }))}
          chosen={type}
          onChange={(next) => onChange({ type: next })}
        />
      </FilterChip>
      <FilterChip
        name="Publish"
        value={marked === undefined ? 'any' : marked === 'yes' ? 'marked' : 'not marked'}
        isSet={marked !== undefined}
        onClear={() => onChange({ marked: undefined })}
      >
        <RadioChoices
          label="Marked for publish"
          choices={[
            { value: 'any', label: 'any' },
            { value: 'yes', label: 'marked' },
            { value: 'no', label: 'not marked' },
          ]}
          chosen={marked ?? 'any'}
          onChange={(next) => onChange({ marked: next === 'any' ? undefined : next })}
        />
      </FilterChip>
      <FilterChip
        name="Sorted by"
        value={`${SORTS.find(({ value }) => value === sort)?.label ?? sort}${direction === 'desc' ? ', backwards' : ''}`}
        isSet={search.sort !== undefined || search.direction !== undefined}
        onClear={() => onChange({ sort: undefined, direction: undefined })}
      >
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
      </FilterChip>
      {search.place === undefined && (
        <CheckLine
          checked={search.below === 'yes' || search.text !== undefined}
          disabled={search.text !== undefined}
          onChange={(event) => onChange({ below: event.target.checked ? 'yes' : undefined })}
        >
          with subfolders
        </CheckLine>
      )}
      <div className="page-tools">
        <span className="secondary" role="status">
          {total !== undefined && formatCount(total, 'asset')}
        </span>
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
      </div>
    </div>
  );
}
