import { choiceOf, textOf, withoutAbsent } from '../routing/search.ts';

export const TEST_TABS = ['controls', 'mails', 'notifications', 'journal'] as const;
export type TestTab = (typeof TEST_TABS)[number];

/** What an address of the page says. */
export interface TestSearch {
  readonly tab?: TestTab;
  /** Of the journal. */
  readonly operation?: string;
  /** The entry of the journal that is open. */
  readonly entry?: string;
}

export function readTestSearch(search: Record<string, unknown>): TestSearch {
  return withoutAbsent({
    tab: choiceOf(search['tab'], TEST_TABS),
    operation: textOf(search['operation']),
    entry: textOf(search['entry']),
  });
}
