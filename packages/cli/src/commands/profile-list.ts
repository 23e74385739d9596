import { Profiles } from '../config/profiles.js';
import { placeOf } from '../config/settings.js';
import type { Context } from '../context.js';

/** The fields of the output. */
export const fields = ['name', 'current', 'endpoint', 'region', 'stage', 'company', 'user', 'secret'];

/** `ips profile list` */
export async function run(context: Context): Promise<undefined> {
  const profiles = await Profiles.load(context.env);
  const current = context.env['IPS_PROFILE'] || profiles.current;
  const rows = profiles.names.map((name) => ({
    name,
    current: name === current,
    ...profiles.get(name),
  }));
  if (rows.length === 0) context.note('no profiles; ips login creates one');
  await context.print.rows(
    rows,
    [
      {
        title: '',
        value: ({ current: is }) => (is ? '*' : ''),
        paint: (text, _, paint) => paint('green', text),
      },
      { title: 'NAME', value: ({ name }) => name },
      { title: 'PLACE', value: (row) => placeOf(row), shrinks: true },
      { title: 'COMPANY', value: ({ company }) => company },
      { title: 'USER', value: ({ user }) => user },
      { title: 'SECRET', value: ({ secret }) => secret ?? 'none', optional: true },
    ],
    fields,
  );
  return undefined;
}
