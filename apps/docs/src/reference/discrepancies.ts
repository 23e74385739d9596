import { readFileSync } from 'node:fs';

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

/** The document, without its heading and the comment about how it is made. */
export function discrepancyDocument(): string {
  return readFileSync(FILE, 'utf8')
    .replace(/<!--.*?-->\s*/s, '')
    .replace(/^# .*\n+/, '')
    .trim();
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
      if (!where?.startsWith('`') || documented === undefined || wire === undefined || handling === undefined)
        return [];
      return [{ where: where.replaceAll('`', ''), documented, wire, handling }];
    });
}
