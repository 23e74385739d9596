import type { ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { JobFacets, JobsPage } from '../api/contract.ts';
import { CheckChoices, FilterChip, RadioChoices } from '../components/filter-chip.tsx';
import { useSession } from '../session/session-context.tsx';
import { type JobsSearch, PERIODS, type Period, STATES } from './jobs-search.ts';

/** Changes filters in the URL. */
export type ChangeSearch = (change: Partial<Record<keyof JobsSearch, unknown>>) => void;

/** One filter: what its chip says, and what there is to choose from. */
interface Filter {
  readonly name: string;
  readonly value: string;
  readonly isSet: boolean;
  readonly clear: Partial<Record<keyof JobsSearch, undefined>>;
  readonly choices: ReactNode;
}

/** The filters as chips that read as a sentence, or one below the other in the sheet of a phone. */
export function JobsFilters({
  search,
  page,
  onChange,
  look,
}: {
  search: JobsSearch;
  page: JobsPage | undefined;
  onChange: ChangeSearch;
  look: 'chips' | 'list';
}): ReactNode {
  const { user } = useSession();
  const { data: facets } = useApi('jobs/facets');
  const filters = filtersOf(search, page, facets, user.email, onChange);
  if (look === 'list') {
    return filters.map(({ name, choices }) => <div key={name}>{choices}</div>);
  }
  return filters.map(({ name, value, isSet, clear, choices }) => (
    <FilterChip key={name} name={name} value={value} isSet={isSet} onClear={() => onChange(clear)}>
      {choices}
    </FilterChip>
  ));
}

function filtersOf(
  search: JobsSearch,
  page: JobsPage | undefined,
  facets: JobFacets | undefined,
  me: string,
  onChange: ChangeSearch,
): readonly Filter[] {
  const types = withChosen(
    (facets?.types ?? []).map(({ type, label }) => ({ value: type, label })),
    search.type,
  );
  const users = withChosen(
    (facets?.users ?? []).filter((email) => email !== me).map((email) => ({ value: email, label: email })),
    search.user?.filter((email) => email !== 'me'),
  );
  const people = [{ value: 'me', label: 'me' }, ...users];
  const servers = withChosen(
    (facets?.servers ?? []).map((server) => ({ value: server, label: server })),
    search.server,
  );
  const states = STATES.map((state) => ({ ...state, count: page?.states[state.value] ?? 0 })).filter(
    ({ value, count }) => count > 0 || search.state?.includes(value) === true,
  );
  const lists: readonly Filter[] = [
    listFilter('State', 'state', states, search.state, STATES, onChange),
    listFilter('Type', 'type', types, search.type, types, onChange),
    listFilter('Submitted by', 'user', people, search.user, people, onChange),
    { ...periodFilter(search, onChange) },
  ];
  // One server is no choice.
  if (servers.length < 2 && search.server === undefined) return lists;
  return [...lists, listFilter('Server', 'server', servers, search.server, servers, onChange)];
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count?: number;
}

function listFilter(
  name: string,
  key: keyof JobsSearch,
  choices: readonly Choice[],
  chosen: readonly string[] = [],
  words: readonly Choice[],
  onChange: ChangeSearch,
): Filter {
  const labels = chosen.map((value) => words.find((choice) => choice.value === value)?.label ?? value);
  return {
    name,
    value: labels.length === 0 ? 'any' : labels.join(', '),
    isSet: chosen.length > 0,
    clear: { [key]: undefined },
    choices: (
      <CheckChoices
        label={name}
        choices={choices}
        chosen={chosen}
        onChange={(next) => onChange({ [key]: next.length === 0 ? undefined : next })}
      />
    ),
  };
}

function periodFilter(search: JobsSearch, onChange: ChangeSearch): Filter {
  const { period = '7d', from, to } = search;
  const hasDays = from !== undefined || to !== undefined;
  const label = PERIODS.find(({ value }) => value === period)?.label ?? period;
  return {
    name: 'Started',
    value: hasDays ? describeDays(from, to) : label,
    isSet: hasDays || search.period !== undefined,
    clear: { period: undefined, from: undefined, to: undefined },
    choices: (
      <>
        <RadioChoices<Period | 'days'>
          label="Started"
          choices={PERIODS}
          chosen={hasDays ? 'days' : period}
          onChange={(next) =>
            onChange({ period: next === '7d' ? undefined : next, from: undefined, to: undefined })
          }
        />
        <div className="choices days">
          <DayField
            label="From"
            value={from}
            onChange={(day) => onChange({ from: day, period: undefined })}
          />
          <DayField label="To" value={to} onChange={(day) => onChange({ to: day, period: undefined })} />
        </div>
      </>
    ),
  };
}

function DayField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}): ReactNode {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="input"
        type="date"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
      />
    </label>
  );
}

function describeDays(from: string | undefined, to: string | undefined): string {
  if (from === undefined) return `until ${to}`;
  return to === undefined ? `since ${from}` : `${from} to ${to}`;
}

/** A chosen value stays a choice even if the host offers it no longer. */
function withChosen(choices: readonly Choice[], chosen: readonly string[] = []): readonly Choice[] {
  const missing = chosen.filter((value) => !choices.some((choice) => choice.value === value));
  return [...choices, ...missing.map((value) => ({ value, label: value }))];
}
