import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import type { Paint } from './colors.js';
import type { Column } from './columns.js';
import { csvLine } from './csv-line.js';
import { fieldNames, json, pick, unknownField } from './json.js';
import { printable, printableLine, tsvValue } from './sanitize.js';

/** Options that select the output format. */
export interface PrintOptions {
  readonly json?: string | true | undefined;
  readonly jq?: string | undefined;
  readonly template?: string | undefined;
  readonly csv?: string | true | undefined;
}

/** The destination of the output. */
export interface Sink {
  readonly write: (text: string) => Promise<void>;
  readonly isTerminal: boolean;
  readonly width: number;
  readonly paint: Paint;
}

/** Prints data in the requested format: tables, tab-separated values, JSON or CSV. */
export class Printer {
  readonly #sink: Sink;
  readonly #options: PrintOptions;
  readonly #names: readonly string[] | undefined;
  /** The fields of the command. */
  #fields: readonly string[] = [];

  constructor(sink: Sink, options: PrintOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#names = fieldNames(options.csv ?? options.json);
    const { csv, json: asJson, jq: expression, template: source } = options;
    const other = Object.entries({ '--json': asJson, '--jq': expression, '--template': source }).find(
      ([, value]) => value !== undefined,
    );
    if (csv !== undefined && other !== undefined)
      throw new CliError(EXIT.usage, `--csv and ${other[0]} cannot be combined`, 'give one of them');
  }

  /**
   * Checks the syntax of `--jq` and `--template`.
   *
   * @throws CliError if one of them is invalid.
   */
  async check(): Promise<void> {
    const { jq: expression, template: source } = this.#options;
    if (expression !== undefined) await (await import('./jq.js')).checkJq(expression);
    if (source !== undefined) await (await import('./template.js')).template(source);
  }

  /**
   * Checks the fields in `--json` and `--csv`. In CSV they can be nested: `imageInfo.width`.
   *
   * @param known - All fields of the output.
   * @throws CliError for an unknown field.
   */
  checkFields(known: readonly string[]): void {
    const option = this.#options.csv === undefined ? '--json' : '--csv';
    this.#fields = known;
    for (const name of this.#names ?? []) {
      const [head = ''] = option === '--csv' ? name.split('.') : [name];
      if (!known.includes(name) && !known.includes(head)) throw unknownField(head, known, option);
    }
  }

  /** Whether the output is formatted for people: in a terminal, without an output option. */
  get forPeople(): boolean {
    return !this.isShaped && this.#sink.isTerminal;
  }

  /** Whether an output option was given: `--json`, `--jq`, `--template` or `--csv`. */
  get isShaped(): boolean {
    const { json: asJson, jq, template, csv } = this.#options;
    return asJson !== undefined || jq !== undefined || template !== undefined || csv !== undefined;
  }

  /** Whether only the columns of the table are printed, and no other fields are needed. */
  get showsColumns(): boolean {
    return !this.isShaped || (this.#options.csv !== undefined && this.#names === undefined);
  }

  get paint(): Paint {
    return this.#sink.paint;
  }

  get width(): number {
    return this.#sink.width;
  }

  /**
   * Prints rows: a table in a terminal, tab-separated values in a pipe, a JSON array, or CSV with a header line.
   *
   * @param known - Fields that rows can have.
   * @returns The number of rows.
   */
  async rows<Row extends object>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    columns: readonly Column<Row>[],
    known: readonly string[] = [],
  ): Promise<number> {
    if (this.#options.jq !== undefined || this.#options.template !== undefined) {
      const picked: object[] = [];
      for await (const row of rows) picked.push(this.#pick(row, known));
      await this.#shape(picked);
      return picked.length;
    }
    if (this.#options.json !== undefined) return this.#jsonRows(rows, known);
    if (this.#options.csv !== undefined) return this.#csvRows(rows, columns, known);
    if (this.#sink.isTerminal) {
      const all: Row[] = [];
      for await (const row of rows) all.push(row);
      if (all.length === 0) return 0;
      const { table } = await import('./table.js');
      await this.#sink.write(table(all, columns, { width: this.#sink.width, paint: this.#sink.paint }));
      return all.length;
    }
    let printed = 0;
    for await (const row of rows) {
      const values = columns.map((column) => tsvValue(String(column.value(row) ?? '')));
      await this.#sink.write(`${values.join('\t')}\n`);
      printed += 1;
    }
    return printed;
  }

  /** Prints an object as lines of names and values, or as JSON. Omits `undefined` values. */
  async object(value: object, known: readonly string[] = []): Promise<void> {
    const picked = this.#pick(value, known);
    if (this.#options.jq !== undefined || this.#options.template !== undefined) return this.#shape(picked);
    if (this.#options.json !== undefined) return this.json(picked);
    const lines = Object.entries(picked).filter(([, one]) => one !== undefined);
    if (!this.#sink.isTerminal) {
      for (const [name, one] of lines) await this.#sink.write(`${name}\t${tsvValue(plain(one))}\n`);
      return;
    }
    const width = Math.max(0, ...lines.map(([name]) => name.length));
    for (const [name, one] of lines) {
      const text = printableLine(plain(one));
      const label = text === '' ? `${name}:` : `${`${name}:`.padEnd(width + 1)}  `;
      await this.#sink.write(`${this.#sink.paint('bold', label)}${text}\n`);
    }
  }

  /** Prints JSON whatever the options, transformed by `--jq` or `--template` if given. */
  async json(value: unknown): Promise<void> {
    if (this.#options.jq !== undefined || this.#options.template !== undefined) return this.#shape(value);
    await this.#sink.write(`${json(value, this.#sink.isTerminal ? 2 : undefined)}\n`);
  }

  /** Prints an object as JSON with the requested fields. */
  async jsonObject(value: object, known: readonly string[]): Promise<void> {
    await this.json(this.#pick(value, known));
  }

  /** Prints text. In a terminal, makes control characters visible. */
  async text(text: string): Promise<void> {
    await this.#sink.write(this.#sink.isTerminal ? printable(text) : text);
  }

  /** Prints trusted text, which may contain color codes. */
  async painted(text: string): Promise<void> {
    await this.#sink.write(text);
  }

  async #jsonRows<Row extends object>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    known: readonly string[],
  ): Promise<number> {
    // Row by row, to keep memory constant.
    const indent = this.#sink.isTerminal ? 2 : undefined;
    let printed = 0;
    for await (const row of rows) {
      const text = json(this.#pick(row, known), indent);
      const shifted = indent === undefined ? text : `  ${text.replace(/\n/g, '\n  ')}`;
      await this.#sink.write(`${printed === 0 ? '[' : ','}\n${shifted}`);
      printed += 1;
    }
    await this.#sink.write(printed === 0 ? '[]\n' : '\n]\n');
    return printed;
  }

  /** Also row by row. */
  async #csvRows<Row extends object>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    columns: readonly Column<Row>[],
    known: readonly string[],
  ): Promise<number> {
    const names = this.#names ?? (columns.length === 0 ? known : undefined);
    const all = [...known, ...this.#fields];
    const head = csvLine(names ?? columns.map(({ field, title }) => field ?? title.toLowerCase()));
    let printed = 0;
    for await (const row of rows) {
      const values =
        names === undefined
          ? columns.map((column) => column.value(row))
          : names.map((name) => fieldAt(row, name, all));
      await this.text(`${printed === 0 ? head : ''}${csvLine(values)}`);
      printed += 1;
    }
    if (printed === 0) await this.text(head);
    return printed;
  }

  #pick(value: object, known: readonly string[]): Record<string, unknown> {
    return pick(value, this.#names, [...known, ...this.#fields]);
  }

  async #shape(value: unknown): Promise<void> {
    const { jq: expression, template: source } = this.#options;
    if (expression !== undefined) {
      const { jq } = await import('./jq.js');
      return this.text(await jq(json(value), expression, !this.#sink.isTerminal));
    }
    const { template } = await import('./template.js');
    const render = await template(source ?? '');
    for (const row of Array.isArray(value) ? value : [value]) await this.text(render(row as object));
  }
}

/** A field of a row, or a nested field: `imageInfo.width`. */
function fieldAt(row: object, path: string, known: readonly string[]): unknown {
  const [name = '', ...inner] = Object.hasOwn(row, path) ? [path] : path.split('.');
  const value = pick(row, [name], known, '--csv')[name];
  return inner.reduce<unknown>((at, step) => (at as Record<string, unknown> | null)?.[step], value);
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? json(value) : String(value);
}
