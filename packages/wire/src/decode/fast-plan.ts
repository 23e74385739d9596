import { NOT_XML } from '../not-xml.js';
import type { ComplexPlan, FieldPlan } from '../type-plan.js';

/** The text of an element. To look for forbidden characters here costs less than to read the whole document for them. */
const TEXT = `[^<${NOT_XML}]*`;

/** A simple field in a run, with its group in the regular expression. */
export interface RunField {
  readonly field: FieldPlan;
  readonly group: number;
  readonly optional: boolean;
}

/** A run of simple fields. */
interface Run {
  readonly run: RegExp;
  readonly fields: readonly RunField[];
  readonly field?: never;
}

/** A run of simple fields, or one complex field. */
type Part =
  | Run
  | { readonly run?: never; readonly fields?: never; readonly first: number; readonly field: FieldPlan };

/** The plan for the fields of a type, with one prefix. */
export interface FastPlan {
  /** There are equally many segments whether or not required fields may be absent. */
  readonly parts: readonly Part[];
  /** Objects with the keys of the first run, by the set of its present optional fields. */
  readonly templates: Map<number, Record<string, unknown>>;
}

const fastPlans = new WeakMap<ComplexPlan, Map<string, FastPlan>>();
/** Plans that allow missing required fields. */
const lenientPlans = new WeakMap<ComplexPlan, Map<string, FastPlan>>();
/** A document can use any prefix, so plans are kept only for the first few. */
const MAX_PREFIXES = 8;
const MAX_TEMPLATES = 64;

/**
 * The plan of a type for a prefix, compiled on first use.
 *
 * @param lenient - Whether required fields may be absent. This is slower.
 */
export function fastPlan(plan: ComplexPlan, prefix: string, lenient: boolean): FastPlan {
  const plans = lenient ? lenientPlans : fastPlans;
  let byPrefix = plans.get(plan);
  if (byPrefix === undefined) {
    byPrefix = new Map();
    plans.set(plan, byPrefix);
  }
  const known = byPrefix.get(prefix);
  if (known !== undefined) return known;
  const made: FastPlan = { parts: compileParts(plan, prefix, lenient), templates: new Map() };
  if (byPrefix.size < MAX_PREFIXES) byPrefix.set(prefix, made);
  return made;
}

function compileParts(plan: ComplexPlan, prefix: string, lenient: boolean): Part[] {
  const parts: Part[] = [];
  let fields: RunField[] = [];
  let source = '';
  let group = 1;
  const finishRun = (): void => {
    if (fields.length > 0) parts.push({ run: new RegExp(source, 'y'), fields });
    fields = [];
    source = '';
    group = 1;
  };
  for (const field of plan.fields) {
    if (field.kind === undefined) {
      finishRun();
      parts.push({ field, first: field.name.charCodeAt(0) });
      continue;
    }
    const name = `${prefix}${field.name}`.replaceAll('.', '\\.');
    const optional = (lenient || !field.required) && plan.item === undefined;
    // The inner group is the text. The outer group of an optional element tells an empty one from an absent one. White space is
    // matched after an element: before it, every absent optional element would scan it again.
    source += optional
      ? `(?:<${name}(/>|>(${TEXT})</${name}>)[ \\t\\n]*)?`
      : `<${name}(?:/>|>(${TEXT})</${name}>)[ \\t\\n]*`;
    fields.push({ field, group, optional });
    group += optional ? 2 : 1;
  }
  finishRun();
  return parts;
}

/** An object that already has the keys of a run. Assigning values is faster than adding keys one by one. */
export function startValues(
  fields: readonly RunField[],
  match: RegExpExecArray,
  templates: Map<number, Record<string, unknown>>,
): Record<string, unknown> {
  let signature = 0;
  let bit = 1;
  for (const { optional, group } of fields) {
    if (!optional) continue;
    if (match[group] !== undefined) signature += bit;
    bit *= 2;
  }
  // With more optional fields than a number has exact bits, signatures would collide.
  if (bit > 2 ** 50) return {};
  let template = templates.get(signature);
  if (template === undefined) {
    const present = fields.filter(({ group, optional }) => !optional || match[group] !== undefined);
    template = emptyObject(present.map(({ field }) => field.name));
    if (templates.size < MAX_TEMPLATES) templates.set(signature, template);
  }
  return { ...template };
}

/** An object with these keys. The engine gives an object that it reads from JSON room for exactly its keys, and its copies as well. */
function emptyObject(names: readonly string[]): Record<string, unknown> {
  return JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null]))));
}
