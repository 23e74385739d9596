import { invalidParameter } from '../faults.js';

/** The page of found rows in a response. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/**
 * The requested page. Page sizes above the maximum are reduced to it.
 *
 * @throws IpsFault 30001 for a number below 1.
 */
export function pageOf(
  input: { readonly recordsPerPage?: number | undefined; readonly resultsPage?: number | undefined },
  most: number,
): Page {
  const { recordsPerPage = most, resultsPage = 1 } = input;
  if (recordsPerPage < 1) throw invalidParameter('recordsPerPage', recordsPerPage, `1 to ${most}`);
  if (resultsPage < 1) throw invalidParameter('resultsPage', resultsPage, 'at least 1');
  const limit = Math.min(recordsPerPage, most);
  return { limit, offset: (resultsPage - 1) * limit };
}
