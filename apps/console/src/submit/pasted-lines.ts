import { type Definitions, type FormField, fieldsOf, itemFieldOf } from './form-field.ts';
import { isObject, valueOfText } from './form-values.ts';

/** What one paste may add: the form draws every item. */
export const MOST_LINES = 1000;

/** Forms of fields that are one line of text. */
const LINES: ReadonlySet<FormField['form']> = new Set([
  'text',
  'number',
  'choice',
  'asset',
  'folder',
  'path',
  'context',
]);

/** What a line consists of: the fields of an item in order, or the item itself. Empty for lists that lines cannot describe. */
export function lineFields(list: FormField, definitions: Definitions): readonly FormField[] {
  const item = itemFieldOf(list, 0, definitions);
  if (LINES.has(item.form)) return [item];
  if (item.form !== 'group') return [];
  const fields = fieldsOf(item.schema, definitions).filter(({ form }) => LINES.has(form));
  const required = fields.filter(({ isRequired }) => isRequired);
  return required.length > 0 ? required : fields;
}

/**
 * The items that lines stand for, one for each. Parts of a line are separated by tabs, as spreadsheets copy them. A path that a line lacks is
 * the name of the file in front of it, in the folder of the last item above that has one.
 *
 * @throws Error for more lines than {@link MOST_LINES}, or one with more parts than an item has fields.
 */
export function itemsOfLines(
  text: string,
  list: FormField,
  definitions: Definitions,
  above: readonly unknown[],
): readonly unknown[] {
  const fields = lineFields(list, definitions);
  const isGroup = itemFieldOf(list, 0, definitions).form === 'group';
  const lines = text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const full = lines.filter(({ line }) => line !== '');
  if (full.length > MOST_LINES)
    throw new Error(
      `found ${full.length.toLocaleString('en')} lines, expected at most ${MOST_LINES.toLocaleString('en')} at once`,
    );
  const items: unknown[] = [];
  for (const { line, number } of full) {
    const parts = line.split('\t').map((part) => part.trim());
    if (parts.length > fields.length)
      throw new Error(
        `line ${number}: found ${parts.length} parts, expected ${fields.map(({ label }) => label).join(', ')}`,
      );
    if (!isGroup) {
      items.push(valueOfText(parts[0] ?? '', fields[0]?.form ?? 'text'));
      continue;
    }
    const entries = fields.map(({ name, form }, place): [string, unknown] => {
      const part = parts[place] ?? '';
      if (part !== '' || form !== 'path') return [name, valueOfText(part, form)];
      const folder = folderOf(lastText([...above, ...items], name));
      return [name, valueOfText(`${folder}${fileNameOf(parts[0] ?? '')}`, form)];
    });
    items.push(Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
  }
  return items;
}

/** The latest text of a field. */
function lastText(items: readonly unknown[], name: string): string {
  for (const item of items.toReversed()) {
    const value = isObject(item) ? item[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The last part of a URL or path, as it is read: `red runner.tif` of an address that ends in `red%20runner.tif?v=2`. */
function fileNameOf(address: string): string {
  const name =
    address
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1) ?? '';
  try {
    return decodeURIComponent(name).replace(/[/\\]/g, '_');
  } catch {
    return name;
  }
}
