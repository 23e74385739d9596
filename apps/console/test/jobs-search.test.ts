import { describe, expect, it } from 'vitest';
import { countFilters, hasFilters, readJobsSearch, toJobsQuery } from '../src/jobs/jobs-search.ts';
import { readViews, viewOf, withoutView, withView } from '../src/jobs/saved-views.ts';
import { parseSearch, searchBy, stringifySearch } from '../src/routing/search.ts';

const NOW = Date.parse('2026-11-25T23:50:42.500Z');

describe('the URL of the list', () => {
  it('is plain parameters, and reads back as it was written', () => {
    const search = readJobsSearch(
      parseSearch('?stage=active&state=running&state=waiting&text=red+shoes&sort=name'),
    );
    expect(search).toEqual({
      stage: 'active',
      state: ['running', 'waiting'],
      text: 'red shoes',
      sort: 'name',
    });
    expect(stringifySearch(search)).toBe(
      '?stage=active&state=running&state=waiting&text=red+shoes&sort=name',
    );
  });

  it('ignores what it does not know', () => {
    expect(
      readJobsSearch(parseSearch('?stage=gone&state=odd&period=1y&sort=colour&from=2026-13-45&x=1')),
    ).toEqual({});
    for (const day of ['2026-02-30', '2026-02-29', '2026-00-10', '0000-99-99'])
      expect(readJobsSearch(parseSearch(`?from=${day}`)), day).toEqual({});
    expect(readJobsSearch(parseSearch('?from=2028-02-29'))).toEqual({ from: '2028-02-29' });
  });

  it('hands nothing on that it does not know, though the router merges what it returns with the URL', () => {
    const raw = parseSearch('?state=odd&sort=colour&text=shoes&x=1');
    expect({ ...raw, ...searchBy(readJobsSearch)(raw) }).toStrictEqual({
      state: undefined,
      sort: undefined,
      text: 'shoes',
      x: undefined,
    });
  });

  it('keeps text that looks like a number, a list or JSON', () => {
    for (const text of ['007', '[1]', '{"a":1}', 'true', 'null', '"x"']) {
      const url = stringifySearch({ text });
      expect(readJobsSearch(parseSearch(url))).toEqual({ text });
    }
  });

  it('knows whether, and how many, filters narrow the list', () => {
    expect(hasFilters({ stage: 'active', sort: 'name', direction: 'asc' })).toBe(false);
    expect(hasFilters({ text: 'x' })).toBe(true);
    expect(countFilters({ state: ['running'], from: '2026-11-01', to: '2026-11-02', text: 'x' })).toBe(2);
  });
});

describe('the query of the list', () => {
  it('begins a period on a full minute, so that its pages agree', () => {
    expect(toJobsQuery({}, NOW)).toEqual({ from: '2026-11-18T23:50:00.000Z' });
    expect(toJobsQuery({ period: '24h' }, NOW).from).toBe('2026-11-24T23:50:00.000Z');
    expect(toJobsQuery({ period: 'all' }, NOW).from).toBe('2000-01-01T00:00:00Z');
  });

  it('covers whole days of the viewer', () => {
    const { from, to } = toJobsQuery({ from: '2026-11-01', to: '2026-11-02' }, NOW);
    expect(new Date(from ?? '').getHours()).toBe(0);
    expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(2 * 86_400_000 - 1);
  });
});

describe('saved views', () => {
  it('reads nothing from storage that is damaged', () => {
    for (const stored of [undefined, '', '{', '{}', '[1,{"name":2,"search":"x"},null]']) {
      expect(readViews(stored)).toEqual([]);
    }
  });

  it('replaces a view of the same name, finds the one shown, and forgets it', () => {
    const one = withView([], 'Mine', { user: ['me'] });
    const two = withView(one, 'Mine', { user: ['me'], stage: 'active' });
    expect(two).toHaveLength(1);
    expect(viewOf(two, { user: ['me'], stage: 'active' })?.name).toBe('Mine');
    expect(viewOf(two, { user: ['me'] })).toBeUndefined();
    expect(withoutView(two, 'Mine')).toEqual([]);
    expect(readViews(JSON.stringify(two))).toEqual(two);
  });
});
