import { choiceOf, textOf, withoutAbsent } from '../routing/search.ts';

/** When a job runs. */
export type When = 'now' | 'once' | 'schedule';

/** What an address of the page says. */
export interface SubmitSearch {
  readonly kind?: string;
  /** Handle of a job whose payload is the beginning. */
  readonly basedOn?: string;
  readonly when?: When;
  /** Handles of assets to begin with. */
  readonly asset?: readonly string[];
}

export function readSubmitSearch(search: Record<string, unknown>): SubmitSearch {
  const assets = [search['asset']].flat().filter((handle) => typeof handle === 'string' && handle !== '');
  return withoutAbsent({
    kind: textOf(search['kind']),
    basedOn: textOf(search['basedOn']),
    when: choiceOf(search['when'], ['now', 'once', 'schedule'] as const),
    // Each is a text, as the filter above has seen.
    asset: assets.length > 0 ? (assets as string[]) : undefined,
  });
}
