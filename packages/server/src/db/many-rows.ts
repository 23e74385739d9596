import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/**
 * An `insert` of any number of rows, without what may follow it, such as `on conflict` or `returning`. Its text does not depend on the
 * number of rows, which are one parameter: it is prepared once, and the limit of parameters does not apply. Numbers that the database
 * assigns are in the order of the rows.
 *
 * @param rows - At least one, all with the same fields.
 */
export function insertOf<Table extends PgTable>(table: Table, rows: readonly Table['$inferInsert'][]): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([field]) => field in (rows[0] ?? {}));
  const names = sql.join(
    columns.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  );
  const values = rows.map((row) => {
    const fields = new Map(Object.entries(row));
    return Object.fromEntries(columns.map(([field, column]) => [column.name, fields.get(field)]));
  });
  // Dates become what the database reads. Half of a surrogate pair, which JSON escapes and the database refuses, is replaced.
  const json = JSON.stringify(values, (_name, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
  return sql`insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, ${json}::jsonb)`;
}
