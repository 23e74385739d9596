import { queryString } from '../api/query-string.ts';

/** The contents of the URL before a route has checked them: a text, or several for a repeated parameter. */
export type RawSearch = Readonly<Record<string, unknown>>;

/** For the router: plain parameters instead of JSON, so that addresses can be read and written by people. */
export function parseSearch(text: string): RawSearch {
  const search: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name];
    if (before === undefined) search[name] = value;
    else search[name] = [...(Array.isArray(before) ? before : [before]), value];
  }
  return search;
}

export function stringifySearch(search: object): string {
  return queryString(search);
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' && first !== '' ? first : undefined;
}

/** Texts that are not empty; `undefined` instead of an empty list. */
export function textsOf(value: unknown): string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = list.filter((item): item is string => typeof item === 'string' && item !== '');
  return texts.length > 0 ? [...new Set(texts)] : undefined;
}

/** One of several words; anything else in the URL counts as absent. */
export function choiceOf<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  const text = textOf(value);
  return choices.find((choice) => choice === text);
}

export function choicesOf<T extends string>(value: unknown, choices: readonly T[]): T[] | undefined {
  const texts = textsOf(value) ?? [];
  const chosen = choices.filter((choice) => texts.includes(choice));
  return chosen.length > 0 ? chosen : undefined;
}

export function wholeNumberOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : textOf(value);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * What a route takes of the URL. What `read` does not return is absent: the router would otherwise pass it on as it is, whatever types the
 * route declares.
 */
export function searchBy<T extends object>(read: (search: RawSearch) => T): (search: RawSearch) => T {
  return (search) => ({
    ...Object.fromEntries(Object.keys(search).map((name) => [name, undefined])),
    ...read(search),
  });
}

/** Leaves out absent values, which a URL cannot express. */
export function withoutAbsent<T extends object>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Only entries with a value remain.
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
