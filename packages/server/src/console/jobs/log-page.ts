import type { LogCounts, LogPage, LogQuery, LogRow } from '../api.js';
import type { ReadLog } from '../live/log-book.js';

/** A query with its defaults. */
export type CompleteLogQuery = LogQuery & { readonly page: number; readonly pageSize: number };

/** The rows of a log that a query selects, in its order. */
export function selectRows({ rows }: Pick<ReadLog, 'rows'>, query: LogQuery): readonly LogRow[] {
  const words = (query.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const types = query.logType && new Set(query.logType);
  const level = query.level === 'errors' ? 'error' : query.level === 'warnings' ? 'warning' : query.level;
  const found = rows.filter((row) => {
    if (level !== undefined && row.level !== level) return false;
    if (types !== undefined && !types.has(row.logType)) return false;
    if (words.length === 0) return true;
    const aux = (row.auxArray ?? []).map(({ logMessage }) => logMessage);
    const text = [row.assetName, row.logMessage, row.logType, row.assetHandle, ...aux]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (query.order === 'oldest') return found;
  if (query.order === 'latest') return found.toReversed();
  const of = (one: LogRow['level']): LogRow[] => found.filter((row) => row.level === one);
  return [...of('error'), ...of('warning'), ...of('other')];
}

/** One page of a log. */
export function logPage(log: ReadLog, query: CompleteLogQuery): LogPage {
  const found = selectRows(log, query);
  const at = query.row === undefined ? -1 : found.findIndex(({ id }) => id === query.row);
  const page = at < 0 ? query.page : Math.floor(at / query.pageSize) + 1;
  const types = new Map<string, number>();
  for (const { logType } of log.rows) types.set(logType, (types.get(logType) ?? 0) + 1);
  return {
    rows: found.slice((page - 1) * query.pageSize, page * query.pageSize),
    page,
    pageSize: query.pageSize,
    total: found.length,
    counts: countsOf(log.rows),
    logTypes: [...types].map(([logType, count]) => ({ logType, count })),
    isTruncated: log.isTruncated,
  };
}

/** The rows of a log by level. */
export function countsOf(rows: readonly LogRow[]): LogCounts {
  const of = (level: LogRow['level']): number => rows.filter((row) => row.level === level).length;
  return { all: rows.length, errors: of('error'), warnings: of('warning') };
}

const COLUMNS = ['dateCreated', 'logType', 'assetName', 'assetHandle', 'assetType', 'logMessage'] as const;

/** Rows as CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function logCsv(rows: readonly LogRow[]): string {
  const cell = (value: string | undefined): string => {
    const text = value ?? '';
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((name) => cell(row[name])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
}
