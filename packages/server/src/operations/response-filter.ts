import { handledContract as contract, type OperationName } from '../handled-contract.js';

/** The fields of a value to keep; `true` keeps all. */
type Selection = true | Map<string, Selection>;

/**
 * Applies `responseFieldArray` and `excludeFieldArray` of a request. Paths are relative to the response and contain `items` for each
 * array: `assetArray/items/name`. The path of a complex value selects all of it. Exclusions apply to the selected fields. Unknown
 * paths have no effect. Fields that the contract requires are kept.
 */
export function filterResponse(operation: OperationName, input: object, output: object): object {
  const { responseFieldArray, excludeFieldArray } = input as {
    responseFieldArray?: readonly string[];
    excludeFieldArray?: readonly string[];
  };
  const message = contract.messages[contract.operations[operation]?.output ?? ''];
  if (message === undefined) return output;
  let result: unknown = output;
  if (responseFieldArray !== undefined && responseFieldArray.length > 0) {
    result = keep(result, selectionOf(responseFieldArray), message.fields);
  }
  if (excludeFieldArray !== undefined && excludeFieldArray.length > 0) {
    result = drop(result, selectionOf(excludeFieldArray), message.fields);
  }
  return result as object;
}

type Fields = (typeof contract)['messages'][string]['fields'];

function selectionOf(paths: readonly string[]): Map<string, Selection> {
  const root = new Map<string, Selection>();
  for (const path of paths) {
    const steps = path.split('/').filter((step) => step !== '' && step !== 'items');
    let level = root;
    steps.forEach((step, index) => {
      const there = level.get(step);
      if (there === true) return;
      if (index === steps.length - 1) level.set(step, true);
      else {
        const next = there ?? new Map<string, Selection>();
        level.set(step, next);
        level = next;
      }
    });
  }
  return root;
}

function keep(value: unknown, selection: Selection, fields: Fields | undefined): unknown {
  if (selection === true) return value;
  if (Array.isArray(value)) return value.map((item) => keep(item, selection, fields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => {
      const field = fields?.find(([name]) => name === key);
      const wanted = selection.get(key);
      if (wanted !== undefined) return [[key, keep(child, wanted, fieldsOf(field?.[1]))]];
      if (field === undefined || field[2] === 0) return [];
      // Required but not selected: keeps as little as the contract allows.
      return [[key, Array.isArray(child) ? [] : keep(child, new Map(), fieldsOf(field[1]))]];
    }),
  );
}

function drop(value: unknown, selection: Selection, fields: Fields | undefined): unknown {
  if (selection === true) return value;
  if (Array.isArray(value)) return value.map((item) => drop(item, selection, fields));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => {
      const field = fields?.find(([name]) => name === key);
      const unwanted = selection.get(key);
      if (unwanted === undefined) return [[key, child]];
      if (unwanted === true && (field === undefined || field[2] === 0)) return [];
      return [[key, drop(child, unwanted, fieldsOf(field?.[1]))]];
    }),
  );
}

/** The fields of a type, or of the items of an array type. */
function fieldsOf(type: string | undefined): Fields | undefined {
  const definition = type === undefined ? undefined : contract.types[type];
  if (definition === undefined || !('fields' in definition)) return undefined;
  if (definition.array === true) return fieldsOf(definition.fields[0]?.[1]);
  const inherited = definition.base === undefined ? [] : (fieldsOf(definition.base) ?? []);
  return [...inherited, ...definition.fields];
}
