import { type Color, parseColor } from './color.js';
import type { Grammar } from './command.js';
import { DeliveryError } from './delivery-error.js';

/** A value as a grammar reads it. */
export type Value = string | number | boolean | Color | readonly (Value | undefined)[];

/**
 * Reads the text of a value, which has been decoded.
 *
 * @param command - Named in errors.
 * @returns `undefined` for an empty value: the default counts.
 * @throws DeliveryError
 */
export function readValue(command: string, text: string, grammar: Grammar): Value | undefined {
  if (grammar.kind === 'text') return readText(command, text, text, grammar);
  if (text.trim() === '') return undefined;
  if (grammar.kind !== 'list') return readOne(command, text, text.trim(), grammar);
  const { parts, rest } = grammar;
  const given = text.split(',').map((part) => part.trim());
  const fewest = parts.filter(({ optional }) => optional !== true).length;
  if (given.length < fewest || (given.length > parts.length && rest === undefined))
    throw new DeliveryError(command, text, expectedOf(grammar));
  const values = given.map((part, index) => {
    const expected = parts[index]?.value ?? rest;
    if (part === '') {
      // Only what has a default may be empty: words that come first have one, colors and coordinates have none.
      const isWord = index === 0 && expected?.kind === 'choice';
      if (isWord || parts[index]?.optional === true || index >= parts.length) return undefined;
      throw new DeliveryError(command, text, expectedOf(grammar));
    }
    if (expected === undefined) throw new DeliveryError(command, text, expectedOf(grammar));
    if (expected.kind === 'text') return readText(command, text, part, expected);
    try {
      return readOne(command, text, part, expected);
    } catch (error) {
      if (!(error instanceof DeliveryError) || parts.length < 2) throw error;
      throw new DeliveryError(command, text, `${parts[index]?.name ?? 'further parts'}: ${error.expected}`);
    }
  });
  // Empty parts at the end have their defaults, as if they were not there.
  const end = values.findLastIndex((value) => value !== undefined) + 1;
  return end === 0 ? undefined : values.slice(0, end);
}

function readText(
  command: string,
  whole: string,
  text: string,
  { what, pattern }: Extract<Grammar, { kind: 'text' }>,
): string {
  if (pattern !== undefined && !pattern.test(text)) throw new DeliveryError(command, whole, what);
  return text;
}

function readOne(command: string, whole: string, text: string, grammar: Grammar): Value {
  const fail = (): never => {
    throw new DeliveryError(command, whole, expectedOf(grammar));
  };
  switch (grammar.kind) {
    case 'number': {
      if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return fail();
      const number = grammar.integer === true ? Math.round(Number(text)) : Number(text);
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, above } = grammar;
      // The bound itself is too large to be part of every message.
      if (number > max && min < max && !expectedOf(grammar).includes(String(max)))
        throw new DeliveryError(
          command,
          whole,
          `a number${grammar.unit === undefined ? '' : ` of ${grammar.unit}`} of at most ${max}`,
        );
      if (!Number.isFinite(number) || number < min || number > max) return fail();
      if (above !== undefined && number <= above) return fail();
      return number === 0 ? 0 : number;
    }
    case 'flag': {
      const flag = { '0': false, '1': true, false: false, true: true }[text.toLowerCase()];
      return flag ?? fail();
    }
    case 'choice': {
      const word = text.toLowerCase();
      const found = grammar.values.find((value) => value.toLowerCase() === word) ?? grammar.also?.[word];
      return found ?? fail();
    }
    case 'color':
      return parseColor(text) ?? fail();
    default:
      return fail();
  }
}

/** Describes the values that a grammar allows, for errors and documents. */
export function expectedOf(grammar: Grammar): string {
  switch (grammar.kind) {
    case 'number': {
      const { min, max, above, unit } = grammar;
      const what = `a number${unit === undefined ? '' : ` of ${unit}`}`;
      if (above !== undefined) return `${what} above ${above}`;
      if (min !== undefined && max !== undefined && max < 1_000_000) return `${what} from ${min} to ${max}`;
      if (min !== undefined && min > -1_000_000) return `${what} of at least ${min}`;
      return what;
    }
    case 'flag':
      return '0 or 1';
    case 'choice':
      return grammar.values.join(', ');
    case 'color':
      return 'a color such as ffcc00 or 255,204,0';
    case 'text':
      return grammar.what;
    case 'list':
      return `${grammar.parts
        .map(({ name, optional }) => (optional === true ? `[${name}]` : name))
        .join(
          ',',
        )}${grammar.parts.every(({ value }) => value.kind === 'number') ? ' as numbers' : ''}${ranges(grammar)}`;
  }
}

/** The ranges of the parts of a list that have some. */
function ranges({ parts }: Extract<Grammar, { kind: 'list' }>): string {
  const [first] = parts;
  if (first === undefined) return '';
  const same = parts.every(({ value }) => JSON.stringify(value) === JSON.stringify(first.value));
  if (same && first.value.kind === 'number') {
    const { min, max } = first.value;
    if (min !== undefined && max !== undefined && max < 1_000_000) return ` from ${min} to ${max}`;
  }
  return '';
}
