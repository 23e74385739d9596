import { readFileSync } from 'node:fs';
import { describeOperation, describeType, operationNames, typeNames } from './contract-model.ts';
import { operationPath, typePath } from './links.ts';

/** The table of differences between documentation and wire, which `ips-codegen` writes. */
const FILE = new URL('../../../../docs/discrepancies.md', import.meta.url);

/** One row of the table. */
export interface Discrepancy {
  /** `ActiveJob/imageServingRenderJob`, `getUserChars input/includeInvalid`, or a heading in words. */
  readonly where: string;
  readonly documented: string;
  readonly wire: string;
  readonly handling: string;
}

/** The document, without its heading and the comment about how it is made, its first column linked to the API reference. */
export function discrepancyDocument(): string {
  return readFileSync(FILE, 'utf8')
    .replace(/<!--.*?-->\s*/s, '')
    .replace(/^# .*\n+/, '')
    .replace(FIRST_CELL, linkFirstCell)
    .replace(
      /(?:^\|.*\|\n?)+/gm,
      (rows) => `<div class="fields differences">\n\n${rows.trimEnd()}\n\n</div>\n`,
    )
    .trim();
}

/** The first cell of a row that names something of the contract. */
const FIRST_CELL = /^\| `([^`|]+)` (?=\|)/gm;

function linkFirstCell(cell: string, where: string): string {
  const link = linkOf(where);
  return link === undefined ? cell : `| [\`${where}\`](${link}) `;
}

/** Makes links of the operations, types and fields in the first cells of tables. */
export function linkFirstCells(markdown: string): string {
  return markdown.replace(FIRST_CELL, linkFirstCell);
}

/** The page of what a row is about, at the field where there is one. */
function linkOf(where: string): string | undefined {
  const [, owner = '', side, field] = /^(\w+)(?: (input|output))?(?:\/(\w+))?$/.exec(where) ?? [];
  if (operationNames.includes(owner)) {
    const { request, response } = describeOperation(owner);
    const message = side === 'output' ? response : request;
    const known = side !== undefined && message?.fields.some(([name]) => name === field);
    return `/${operationPath(owner)}/${known ? `#${side}-${field?.toLowerCase()}` : ''}`;
  }
  if (!typeNames.includes(owner)) return undefined;
  const known = describeType(owner).fields.some(([name]) => name === field);
  return `/${typePath(owner)}/${known ? `#field-${field?.toLowerCase()}` : ''}`;
}

let rows: readonly Discrepancy[] | undefined;

/** The differences that concern an operation or a type. */
export function discrepanciesOf(name: string): Discrepancy[] {
  rows ??= readRows();
  return rows.filter(({ where }) => where.split(/[/ ]/)[0] === name);
}

function readRows(): Discrepancy[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      const [, where, documented, wire, handling] = cells;
      if (!where?.startsWith('`') || documented === undefined || wire === undefined) return [];
      // A table with fewer columns is about sources that contradict each other; the entries say that themselves.
      if (handling === undefined || handling === '') return [];
      return [{ where: where.replaceAll('`', ''), documented, wire, handling }];
    });
}
