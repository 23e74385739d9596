import type { Asset, AssetSummary, JobLog, JobLogDetail, Operations, User } from '@ips-sdk/types';
import type { Caller } from './caller.js';
import type { CallOptions } from './options.js';

/** The operations that answer page by page, with their items. */
export interface PagedOperations {
  searchAssets: Asset;
  searchAssetsByMetadata: AssetSummary;
  getJobLogDetails: JobLogDetail;
  getUsers: User;
}

/** The input of an operation without the page. */
export type PagedInput<Name extends keyof PagedOperations> = Omit<
  Operations[Name]['input'],
  'companyHandle' | 'resultsPage'
> & {
  readonly companyHandle?: string | undefined;
};

type Row = Record<string, unknown>;

interface Paging {
  readonly items: (answer: Row, isWanted: (log: JobLog) => boolean) => readonly unknown[];
  /** How many items there are on all pages, where the answer says. */
  readonly total: (answer: Row) => unknown;
}

/** What a page holds at most. */
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
      // Each of several logs counts its own rows only, and a page need not hold all logs.
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
 * All items of an operation that answers page by page. The next page is requested when the one before has been consumed.
 *
 * A page that is not the last may hold fewer items than requested. Where the service does not give the total, the list ends with
 * the first page that is empty or repeats the one before.
 *
 * @param isWanted - Decides by its head whether the rows of a log are wanted.
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
    throw new RangeError(`${operation} does not answer page by page; ${Object.keys(PAGED).join(', ')} do`);
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

/** A text to compare values by. 64-bit integers may be bigints, which JSON does not know. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}` : one));
}
