import type { Db } from './db.js';
import { SharedWork } from './shared-work.js';
import { type Version, versionOf } from './versions.js';

/** Milliseconds after which a result is computed again, even if nothing changed. */
const AGE = 3_600_000;

/** Most results to remember. */
const REMEMBERED = 500;

/** Most rows that all remembered results may have. */
const ROWS = 200_000;

interface Remembered {
  readonly version: string;
  readonly until: number;
  readonly rows: number;
  readonly result: unknown;
}

/** What is remembered of a database. The first results are the ones that were computed longest ago. */
class Memory {
  readonly #results = new Map<string, Remembered>();
  #rows = 0;
  readonly work = new SharedWork();

  get(place: string, version: string): Remembered | undefined {
    const known = this.#results.get(place);
    return known?.version === version && known.until > performance.now() ? known : undefined;
  }

  remember(place: string, remembered: Remembered): void {
    this.#forget(place);
    if (remembered.rows > ROWS) return;
    this.#results.set(place, remembered);
    this.#rows += remembered.rows;
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= REMEMBERED && this.#rows <= ROWS) break;
      this.#forget(oldest);
    }
  }

  #forget(place: string): void {
    this.#rows -= this.#results.get(place)?.rows ?? 0;
    this.#results.delete(place);
  }
}

const memories = new WeakMap<Db, Memory>();

/**
 * A result that holds until the assets, folders or permissions of a company change, by this process or another: the remembered one, or
 * that of a query. Those who ask for the same result at the same time share one query. Inside a transaction that has changed something,
 * nothing is remembered.
 *
 * @param key - Names the result. The same key has results of the same type. Without one, nothing is remembered.
 * @param rowsOf - The rows that a result has, if it has many.
 */
export async function unchangedResult<Result>(
  db: Db,
  companyId: number,
  key: string | undefined,
  query: () => Promise<Result> | Result,
  rowsOf: (result: Result) => number = () => 1,
): Promise<Result> {
  const version = key === undefined ? undefined : textOf(await versionOf(db, companyId));
  if (version === undefined) return query();
  const memory = memories.get(db) ?? new Memory();
  memories.set(db, memory);
  const place = `${companyId}\n${key}`;
  const known = memory.get(place, version);
  // The same key has results of the same type.
  if (known !== undefined) return known.result as Result;
  // Work that began in the same version shows at least what is there now.
  return memory.work.share(`${place}\n${version}`, async () => {
    const result = await query();
    // A result that shows a change must not be remembered for the version before it.
    if (textOf(await versionOf(db, companyId)) === version)
      memory.remember(place, { version, until: performance.now() + AGE, rows: rowsOf(result), result });
    return result;
  });
}

const textOf = (version: Version | undefined): string | undefined =>
  version === undefined ? undefined : `${version.assets}/${version.folders}/${version.others}`;
