import type { ApiClient } from '../api/api-client.ts';
import type { LogQuery, LogRow } from '../api/contract.ts';

/** Rows to copy at most: a clipboard is no place for more, and the download has them all. */
const LIMIT = 5000;
const PAGE_SIZE = 1000;

/** The rows that the filters show, one a line, tabs between. */
export async function readWholeLog(client: ApiClient, filters: LogQuery): Promise<string> {
  const lines: string[] = [];
  for (let page = 1; lines.length < LIMIT; page++) {
    const { rows, total } = await client.get('job/log', { ...filters, page, pageSize: PAGE_SIZE });
    lines.push(...rows.map(lineOf));
    if (rows.length === 0 || lines.length >= total) break;
  }
  return lines.slice(0, LIMIT).join('\n');
}

/** Tabs and line breaks in a message would begin another column or line. */
export function lineOf({ dateCreated, logType, assetName = '', logMessage }: LogRow): string {
  return [dateCreated, logType, assetName, logMessage]
    .map((part) => part.replace(/[\t\r\n]+/g, ' '))
    .join('\t');
}
