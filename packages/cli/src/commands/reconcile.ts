import { existsSync } from 'node:fs';
import type { IpsClient } from '@ips-sdk/client';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { Column } from '../output/columns.js';
import { inventory } from './asset-inventory.js';
import { otherCompany } from './other-company.js';
import { readText } from './read-input.js';
import { ReconcileFixes } from './reconcile-apply.js';
import { type Finding, type FindingKind, Reconciliation } from './reconcile-findings.js';
import { type Expected, expectedOf, readInventory } from './reconcile-inventory.js';
import { folderPath, needed } from './references.js';

interface Options {
  readonly fromProfile?: string;
  readonly fromCompany?: string;
  readonly root?: string;
  readonly files?: string;
  readonly apply?: boolean;
}

type Row = Omit<Finding, 'expected'>;

const COLUMNS: readonly Column<Row>[] = [
  {
    title: 'FINDING',
    value: ({ finding }) => finding,
    human: ({ finding }) => WORDS[finding],
    paint: (text, { finding }, paint) => paint(finding === 'missing' ? 'red' : 'yellow', text),
  },
  { title: 'NAME', value: ({ name }) => name, shrinks: true, least: 16 },
  { title: 'PATH', value: ({ path }) => path, shrinks: true, optional: true },
  { title: 'HANDLE', value: ({ handle }) => handle, optional: true },
  { title: 'DUPLICATE', value: ({ duplicate }) => duplicate, shrinks: true, optional: true },
  {
    title: 'ITS HANDLE',
    field: 'duplicateHandle',
    value: ({ duplicateHandle }) => duplicateHandle,
    optional: true,
  },
  { title: 'FIX', value: ({ fix }) => fix, optional: true },
];

/** The fields of the output. */
export const fields = ['finding', 'name', 'path', 'handle', 'duplicate', 'duplicateHandle', 'fix'];

const WORDS: Readonly<Record<FindingKind, string>> = {
  missing: 'missing',
  numbered: 'only under a numbered name',
  unpublished: 'not marked for publish',
  duplicated: 'duplicated',
  onlyDuplicatePublished: 'only the duplicate is marked for publish',
  elsewhere: 'in a different folder',
};

/** `ips reconcile` */
export async function run(context: Context, options: Options, file?: string): Promise<number> {
  if (options.files !== undefined && !existsSync(options.files))
    throw new CliError(EXIT.usage, `--files: no such folder: ${options.files}`);
  const client = await context.client();
  const root = await rootOf(client, context);
  const expected = await expectedAssets(context, options, file, root);
  const reconciliation = new Reconciliation(expected, root);
  const all = inventory(client, { includeSubfolders: true }, context.signal);
  for await (const row of all) reconciliation.see(row);
  const findings = [...reconciliation.findings()];
  await context.print.rows(
    findings.map(({ expected: _, ...row }): Row => row),
    COLUMNS,
    fields,
  );
  context.note(summary(findings, expected.length));
  if (findings.length === 0) return EXIT.ok;
  if (!options.apply) return EXIT.failed;
  const fixes = new ReconcileFixes(context, findings, root);
  const { changes } = fixes;
  if (changes.length === 0) {
    context.note('none of these differences can be fixed automatically');
    return EXIT.failed;
  }
  if (context.options.dryRun) {
    await fixes.printDryRun();
    return EXIT.ok;
  }
  await context.confirm('make', changes.length === 1 ? 'a change' : `${changes.length} changes`, changes);
  const ok = await fixes.apply();
  return ok && findings.every(({ fix }) => fix !== undefined) ? EXIT.ok : EXIT.failed;
}

async function expectedAssets(
  context: Context,
  options: Options,
  file: string | undefined,
  root: string,
): Promise<readonly Expected[]> {
  const { fromProfile, fromCompany, files } = options;
  const given = options.root === undefined ? [] : [folderPath(options.root)];
  const settings = await otherCompany(context, fromProfile, fromCompany);
  if (file !== undefined && settings !== undefined)
    throw new CliError(
      EXIT.usage,
      'an inventory cannot be combined with --from-profile or --from-company',
      'give one of them',
    );
  if (settings !== undefined) {
    const other = await context.connect(settings);
    const roots = [...given, await rootOf(other, context)];
    const all: Expected[] = [];
    for await (const row of inventory(other, { includeSubfolders: true }, context.signal))
      all.push(expectedOf(row, { roots, files }));
    return all;
  }
  if (file === undefined)
    throw needed(
      'an inventory, --from-profile or --from-company',
      'ips reconcile inventory.csv; ips asset list --csv writes an inventory',
    );
  const name = file === '-' ? 'stdin' : file;
  return readInventory(await readText(context, file), name, { roots: [...given, root], files });
}

/** The path of the company's root folder. */
async function rootOf(client: IpsClient, context: Context): Promise<string> {
  const { folders } = await client.getFolderTree({ depth: 0 }, { signal: context.signal });
  return folders?.path ?? '';
}

function summary(findings: readonly Finding[], total: number): string {
  const counts = new Map<FindingKind, number>();
  for (const { finding } of findings) counts.set(finding, (counts.get(finding) ?? 0) + 1);
  const parts = [...counts].map(([finding, n]) => `${n} ${WORDS[finding]}`);
  return parts.length === 0
    ? `${total} assets in the inventory, no differences`
    : `${total} assets in the inventory: ${parts.join(', ')}`;
}
