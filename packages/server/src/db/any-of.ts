import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';

/** Whether a number is one of many: one parameter however many there are, which a list of parameters is not. */
export function anyOf(column: SQLWrapper, numbers: readonly number[]): SQL {
  return sql`${column} = any(${sql.param(`{${numbers.join(',')}}`)}::int[])`;
}

/** Whether a text is one of many, as one parameter. The list is an array, so that an index on the column serves. */
export function anyTextOf(column: SQLWrapper, texts: readonly string[]): SQL {
  return sql`${column} = any(array(select jsonb_array_elements_text(${sql.param(JSON.stringify(texts))}::jsonb)))`;
}
