type Value = string | number | boolean | undefined | null;

/** Values of a query; a list is a repeated parameter. */
export type QueryValues = Readonly<Record<string, Value | readonly Value[]>>;

/** Writes a query with its `?`, or nothing. Absent values and empty lists are omitted. */
export function queryString(values: object): string {
  const parameters = new URLSearchParams();
  // Interfaces have no index signature; every value that is not one of ours is refused below.
  for (const [name, value] of Object.entries(values as QueryValues)) {
    for (const item of Array.isArray(value) ? (value as readonly Value[]) : [value as Value]) {
      if (item !== undefined && item !== null) parameters.append(name, String(item));
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
