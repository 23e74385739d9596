import type { Asset, AssetSummary, JobLogDetail, Operations, User } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import type { CallOptions } from './options.js';

/** The operations that answer page by page, with their items. */
export interface PagedOperations {
  searchAssets: Asset;
  searchAssetsByMetadata: AssetSummary;
  getJobLogDetails: JobLogDetail;
  getUsers: User;
}

/** What an operation takes, but for the page. */
export type PagedInput<Name extends keyof PagedOperations> = Omit<
  Operations[Name]['input'],
  'companyHandle' | 'resultsPage'
> & {
  readonly companyHandle?: string | undefined;
};

type Row = Record<string, unknown>;

/** Where the items of each answer are, and how many a page holds at most. */
const PAGED: {
  readonly [Name in keyof PagedOperations]: {
    readonly items: (answer: Row) => readonly unknown[];
    readonly size: number;
  };
} = {
  searchAssets: { items: (answer) => (answer['assetArray'] ?? []) as unknown[], size: 1000 },
  searchAssetsByMetadata: { items: (answer) => (answer['assetSummaryArray'] ?? []) as unknown[], size: 1000 },
  getJobLogDetails: {
    items: (answer) =>
      (answer['jobLogArray'] as Row[]).flatMap((log) => (log['detailArray'] ?? []) as unknown[]),
    size: 1000,
  },
  getUsers: { items: (answer) => (answer['userArray'] ?? []) as unknown[], size: 1000 },
};

/** All items of an operation that answers page by page, one page asked for when the one before has been used up. */
export async function* paginate<Name extends keyof PagedOperations>(
  caller: Caller,
  operation: Name,
  input: PagedInput<Name>,
  options: CallOptions = {},
): AsyncGenerator<PagedOperations[Name], void, undefined> {
  if (!Object.hasOwn(PAGED, operation)) {
    throw new RangeError(`${operation} does not answer page by page; ${Object.keys(PAGED).join(', ')} do`);
  }
  const { items, size } = PAGED[operation];
  const recordsPerPage = (input as Row)['recordsPerPage'] ?? size;
  let delivered = 0;
  for (let resultsPage = 1; ; resultsPage += 1) {
    const answer = (await caller.call(
      operation,
      { ...input, recordsPerPage, resultsPage },
      options,
    )) as unknown as Row;
    const page = items(answer) as PagedOperations[Name][];
    yield* page;
    delivered += page.length;
    const total = answer['totalRows'];
    // A service may give less than a page that is not the last; where it tells the total, that counts.
    if (
      page.length === 0 ||
      (typeof total === 'number' ? delivered >= total : page.length < Number(recordsPerPage))
    )
      return;
  }
}
