import { type SQL, sql } from 'drizzle-orm';
import type { ValueForm } from '../metadata/field-types.js';

const NUMBER = '^\\s*[+-]?(\\d{1,30}(\\.\\d{0,30})?|\\.\\d{1,30})([eE][+-]?\\d{1,2})?\\s*$';

// Only valid dates: casting any other text would make the whole search fail.
const LEAP_YEAR = '(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][48]|[13579][26]|[2468]0)00)';
const DAY = `(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))|${LEAP_YEAR}-02-29)`;
const DATE = `^(?!0000)${DAY}(T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?(Z|[+-](0\\d|1[0-3]):[0-5]\\d)?)?$`;

/**
 * A text as the value that it represents, for comparison; null if it does not represent one. Dates without an offset are UTC.
 */
export function castText(text: SQL, form: Exclude<ValueForm, 'tags'>): SQL {
  switch (form) {
    case 'boolean':
      return sql`case lower(${text}) when 'true' then true when '1' then true when 'false' then false when '0' then false end`;
    case 'long':
    case 'double':
      return sql`case when ${text} ~ ${NUMBER} then (${text})::double precision end`;
    case 'date':
      return sql`case when ${text} ~ ${DATE} then case when ${text} ~ '(Z|[+-]\\d\\d:\\d\\d)$' then (${text})::timestamptz else ((${text})::timestamp at time zone 'UTC') end end`;
    default:
      return text;
  }
}
