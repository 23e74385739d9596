// What PostgreSQL does to carry out statements, and what of that grows with the catalog.
import type pg from 'pg';
import type { SentStatement } from './statements.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Tables whose rows grow with the use of a company. */
const LARGE = new Set(['assets', 'folders', 'runs', 'log_rows']);

/** Rows that a filter may remove without a reason: as many as an index finds for one name. */
const FEW = 100;

/** Problems of the plan of a statement: whole tables that are read, and filters that remove most of what was read. */
export async function planProblems(
  client: pg.PoolClient,
  { text, values }: SentStatement,
): Promise<string[]> {
  if (!/^\s*(?:select|insert|update|delete|with)\b/i.test(text)) return [];
  const explain = async (options: string): Promise<PlanNode> => {
    // What is carried out to be measured is rolled back.
    await client.query('begin');
    try {
      const { rows } = await client.query({
        text: `explain (${options}, format json) ${text}`,
        values: [...values],
      });
      return (rows[0] as { 'QUERY PLAN': [{ Plan: PlanNode }] })['QUERY PLAN'][0].Plan;
    } finally {
      await client.query('rollback');
    }
  };
  // A row that is there already cannot be inserted a second time.
  const plan = await explain('analyze').catch(() => explain('costs'));
  return [...nodesOf(plan)].flatMap((node) => {
    const table = node['Relation Name'] ?? '';
    if (!LARGE.has(table)) return [];
    const loops = node['Actual Loops'] ?? 1;
    const removed = (node['Rows Removed by Filter'] ?? 0) * loops;
    const kept = (node['Actual Rows'] ?? 0) * loops;
    const problems: string[] = [];
    // A plan that was not carried out has no counts: one that reads a whole table is refused whatever it would find.
    const isEmpty = node['Actual Rows'] !== undefined && kept + removed === 0;
    if (node['Node Type'] === 'Seq Scan' && !isEmpty) problems.push(`reads all of ${table}`);
    if (removed > Math.max(FEW, kept)) problems.push(`keeps ${kept} rows of ${table} and removes ${removed}`);
    return problems;
  });
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}
