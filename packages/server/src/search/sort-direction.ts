import { asc, desc } from 'drizzle-orm';
import { invalidParameter } from '../faults.js';

/**
 * The sort direction of a column. Default: ascending.
 *
 * @throws IpsFault 30001 for an unknown direction.
 */
export function sortDirectionOf(sortDirection = 'Ascending'): typeof asc {
  if (sortDirection === 'Ascending') return asc;
  if (sortDirection === 'Descending') return desc;
  throw invalidParameter('sortDirection', sortDirection, 'Ascending or Descending');
}
