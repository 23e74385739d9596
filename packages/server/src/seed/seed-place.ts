import type { CompanyRow } from '../db/rows.js';
import type { Services } from '../services.js';
import type { SeedItem } from './seed-types.js';

/** Where a seed writes. */
export interface SeedPlace {
  readonly services: Services;
  readonly company: CompanyRow;
  /** The user who creates everything. */
  readonly userId: number;
}

/** An asset or a set that a seed has added. */
export interface AddedItem {
  readonly id: number;
  readonly path: string;
  readonly item: SeedItem;
}

/** Whether an asset is marked for publish in the contexts that a seed does not name. */
export const isMarked = ({ publish }: SeedItem): boolean => publish !== false;
