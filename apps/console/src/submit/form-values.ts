import type { InputIssue } from '../api/contract.ts';
import type { FieldForm } from './form-field.ts';

/** Where a value is: names of fields and numbers of items. */
export type ValuePath = readonly (string | number)[];

/** `['uploadUrlsJob', 'urlArray', 0, 'sourceUrl']` as `uploadUrlsJob.urlArray[0].sourceUrl`. */
export function formatPath(path: ValuePath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** The value at a path; `undefined` where there is none. */
export function valueAt(root: unknown, path: ValuePath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Array.isArray(value) ? value[Number(step)] : ownValue(value, String(step));
  }
  return value;
}

/** A copy with another value at a path. `undefined` removes the field, or the item of a list. */
export function withValueAt(root: unknown, [step, ...rest]: ValuePath, value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list: readonly unknown[] = Array.isArray(root) ? root : [];
    const next = withValueAt(list[step], rest, value);
    return next === undefined ? list.toSpliced(step, 1) : list.toSpliced(step, 1, next);
  }
  const object = isObject(root) ? root : {};
  const next = withValueAt(ownValue(object, step), rest, value);
  const { [step]: _, ...others } = object;
  if (next === undefined) return others;
  // The order of the fields stays.
  return Object.hasOwn(object, step) ? { ...object, [step]: next } : { ...others, [step]: next };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether nothing has been entered into an item. */
export function isBlank(item: unknown): boolean {
  return item === '' || (isObject(item) && Object.keys(item).length === 0);
}

function ownValue(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

/**
 * What a text that was typed means. A text that is not a number stays a text, so that the validator can say what it expects; nothing
 * removes the field.
 */
export function valueOfText(text: string, form: FieldForm): unknown {
  if (text === '') return undefined;
  if (form !== 'number') return text;
  const number = Number(text);
  // `1.` and `1e` are on the way to a number; digits beyond the exact ones would change.
  return /^-?\d+(\.\d+)?$/.test(text) && String(number) === text ? number : text;
}

/** The text of an input for a value. */
export function textOfValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value that an added item or group begins with. */
export function startOf(form: FieldForm): unknown {
  if (form === 'group') return {};
  if (form === 'list' || form === 'assets') return [];
  return '';
}

/** Problems by the path of the value, to show beside the fields. */
export function issuesByPath(issues: readonly InputIssue[]): ReadonlyMap<string, readonly InputIssue[]> {
  const found = new Map<string, InputIssue[]>();
  for (const issue of issues) {
    const list = found.get(issue.path);
    if (list === undefined) found.set(issue.path, [issue]);
    else list.push(issue);
  }
  return found;
}

/** What an issue says, without the path in front, to show beside the value. */
export function messageOf({ path, message }: InputIssue): string {
  return path !== '' && message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
}

/** Whether a path lies at or below another. */
export function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}
