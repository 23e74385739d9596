import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';

/** A record of a CSV text. */
export interface CsvRecord {
  /** The line that it begins on, counted from 1. */
  readonly line: number;
  readonly values: readonly string[];
}

/** What is wrong, in words, by the code of the parser. */
const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'expected a comma or a line break after the quote',
  INVALID_OPENING_QUOTE: 'a quote inside a value; quote the whole value, and double the quote: "5"" shoe"',
};

/**
 * The records of a CSV text according to RFC 4180: quoted values may contain commas, quotes and line breaks. Lines may end in any
 * way, empty ones are skipped, and spaces around values do not count.
 *
 * @param delimiter - What is between values; a comma by default.
 * @throws SyntaxError with the line of a quote that is never closed, or that is out of place.
 */
export function parseCsv(text: string, delimiter: string = ','): CsvRecord[] {
  let before = 0;
  try {
    // With `raw` each record comes with its text; the package's types know records alone.
    const records = parse(text, {
      bom: true,
      delimiter,
      // Otherwise the first line decides for all.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      raw: true,
    }) as unknown as readonly { readonly record: readonly string[]; readonly raw: string }[];
    return records.map(({ record, raw }) => {
      const line = before + 1 + linesIn(/^[\s\ufeff]*/.exec(raw)?.[0] ?? '');
      before += linesIn(raw);
      return { line, values: record };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { code, message, lines } = error as CsvError & { readonly lines?: number };
    throw new SyntaxError(`line ${lines ?? 1}: ${PROBLEMS[code] ?? message}`);
  }
}

function linesIn(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

/** A table with a header line. */
export interface CsvTable {
  /** The names of the columns, in lower case. */
  readonly names: readonly string[];
  readonly records: readonly CsvRecord[];
}

/** A CSV text with a header line, with commas between its values, or semicolons or tabs, as spreadsheets write them. */
export function parseCsvTable(text: string): CsvTable {
  const [line = ''] = /^[^\r\n]*/.exec(text) ?? [];
  const head = line.replace(/"[^"]*"/g, '');
  const delimiter = [',', ';', '\t'].reduce((best, one) =>
    head.split(one).length > head.split(best).length ? one : best,
  );
  const [names, ...records] = parseCsv(text, delimiter);
  return { names: names?.values.map((name) => name.toLowerCase()) ?? [], records };
}
