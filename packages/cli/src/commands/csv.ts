import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';

/** A CSV record. */
export interface CsvRecord {
  /** The line on which the record starts, counted from 1. */
  readonly line: number;
  readonly values: readonly string[];
}

/** Messages by error code of the parser. */
const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'unclosed quote',
  CSV_INVALID_CLOSING_QUOTE: 'expected a delimiter or a line break after the quote',
  INVALID_OPENING_QUOTE: 'quote inside an unquoted value; quote the value and double the quote: "5"" shoe"',
};

/**
 * Parses CSV according to RFC 4180: quoted values may contain delimiters, quotes and line breaks. Accepts LF, CRLF and CR line ends,
 * skips empty lines, and trims spaces around values.
 *
 * @param delimiter - The delimiter between values; a comma by default.
 * @throws SyntaxError with the line of an unclosed or misplaced quote.
 */
export function parseCsv(text: string, delimiter: string = ','): CsvRecord[] {
  let before = 0;
  try {
    // With `raw`, each record comes with its source text, which the types of the package do not reflect.
    const records = parse(text, {
      bom: true,
      delimiter,
      // Otherwise the first line break determines all others.
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

/** A CSV table with a header line. */
export interface CsvTable {
  /** The names of the columns, in lower case. */
  readonly names: readonly string[];
  readonly records: readonly CsvRecord[];
}

/** Parses a CSV table with commas, semicolons or tabs between values, as spreadsheets write them. */
export function parseCsvTable(text: string): CsvTable {
  const [names, ...records] = parseCsv(text, delimiterOf(text));
  return { names: names?.values.map((name) => name.toLowerCase()) ?? [], records };
}

/** The most frequent delimiter in the first line of CSV: a comma, a semicolon or a tab. */
export function delimiterOf(text: string): string {
  const [line = ''] = /^[^\r\n]*/.exec(text) ?? [];
  const head = line.replace(/"[^"]*"/g, '');
  return [',', ';', '\t'].reduce((best, one) =>
    head.split(one).length > head.split(best).length ? one : best,
  );
}
