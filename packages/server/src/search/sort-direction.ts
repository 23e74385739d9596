import { asc, desc } from 'drizzle-orm';
import { invalidParameter } from '../faults.js';

/**
 * How rows are sorted by a column; ascending unless told.
 *
 * @throws IpsFault 30001 for a direction that there is not.
 */
export function sortDirectionOf(sortDirection = 'Ascending'): typeof asc {
  if (sortDirection === 'Ascending') return asc;
  if (sortDirection === 'Descending') return desc;
  throw invalidParameter('sortDirection', sortDirection, 'Ascending or Descending');
}
