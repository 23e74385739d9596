import type { Asset, AssetSummary, JobLog, JobLogDetail, Operations, User } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import { ConfigError } from './config-error.js';
import type { CallOptions } from './options.js';

/** Paged operations and the type of their items. */
export interface PagedOperations {
  searchAssets: Asset;
  searchAssetsByMetadata: AssetSummary;
  getJobLogDetails: JobLogDetail;
  getUsers: User;
}

/** The input of a paged operation without the page number. */
export type PagedInput<Name extends keyof PagedOperations> = Omit<
  Operations[Name]['input'],
  'companyHandle' | 'resultsPage'
> & {
  readonly companyHandle?: string | undefined;
};

type Row = Record<string, unknown>;

interface Paging {
  readonly items: (answer: Row, isWanted: (log: JobLog) => boolean) => readonly unknown[];
  /** The number of items on all pages, if the response states it. */
  readonly total: (answer: Row) => unknown;
}

/** The largest page. */
const PAGE = 1000;

const PAGED: { readonly [Name in keyof PagedOperations]: Paging } = {
  searchAssets: { items: (answer) => list(answer['assetArray']), total: (answer) => answer['totalRows'] },
  searchAssetsByMetadata: {
    items: (answer) => list(answer['assetSummaryArray']),
    total: (answer) => answer['totalRows'],
  },
  getJobLogDetails: {
    items: (answer, isWanted) =>
      (list(answer['jobLogArray']) as JobLog[]).filter(isWanted).flatMap((log) => list(log.detailArray)),
    total: (answer) => {
      // Each log counts only its own rows, and a page may lack some of the logs.
      const logs = list(answer['jobLogArray']) as Row[];
      return logs.length === 1 ? logs[0]?.['detailTotalRows'] : undefined;
    },
  },
  getUsers: { items: (answer) => list(answer['userArray']), total: () => undefined },
};

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Iterates over all items of a paged operation. A page is requested when the previous one has been consumed.
 *
 * Any page may hold fewer items than requested. If the service does not state the total, the list ends with the first page that is empty or
 * repeats the previous one.
 *
 * @param isWanted - Whether to include the rows of a log.
 *
 * @internal
 */
export async function* paginate<Name extends keyof PagedOperations>(
  caller: Caller,
  operation: Name,
  input: PagedInput<Name>,
  options: CallOptions = {},
  isWanted: (log: JobLog) => boolean = () => true,
): AsyncGenerator<PagedOperations[Name], void, undefined> {
  if (!Object.hasOwn(PAGED, operation)) {
    throw new ConfigError(
      'operation',
      `expected a paged operation (${Object.keys(PAGED).join(', ')}), found ${JSON.stringify(operation)}`,
    );
  }
  const { items, total } = PAGED[operation];
  const recordsPerPage = (input as Row)['recordsPerPage'] ?? PAGE;
  let delivered = 0;
  let before: string | undefined;
  for (let resultsPage = 1; ; resultsPage += 1) {
    const fields = { ...input, recordsPerPage, resultsPage };
    const answer: object = await caller.call(operation, fields, options);
    const page = items(answer as Row, isWanted) as PagedOperations[Name][];
    const shown = textOf([page.length, page[0], page.at(-1)]);
    if (page.length === 0 || shown === before) return;
    before = shown;
    yield* page;
    delivered += page.length;
    const known = total(answer as Row);
    if (typeof known === 'number' && known > 0 && delivered >= known) return;
  }
}

/** A text for comparing values. JSON has no bigints. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}` : one));
}
