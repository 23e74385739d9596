import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/** Whether a number is one of many. The list is a single parameter, because statements have a limited number of them. */
export function anyOf(column: SQLWrapper, numbers: readonly number[]): SQL {
  return sql`${column} = any(${sql.param(`{${numbers.join(',')}}`)}::int[])`;
}

/** Whether a text is one of many. The list is a single parameter, an array whose values the planner sees. */
export function anyTextOf(column: SQLWrapper, texts: readonly string[]): SQL {
  return sql`${column} = any(${sql.param([...texts])}::text[])`;
}
