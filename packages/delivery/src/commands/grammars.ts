import type { Grammar, Part } from '../command.js';

export const COLOR: Grammar = { kind: 'color' };
export const FLAG: Grammar = { kind: 'flag' };
export const PIXELS: Grammar = {
  kind: 'number',
  integer: true,
  min: -1_000_000,
  max: 1_000_000,
  unit: 'pixels',
};
export const FRACTION: Grammar = { kind: 'number', min: -100, max: 100 };
export const OBJECT: Grammar = { kind: 'text', what: 'the name of an image' };
export const PATH: Grammar = { kind: 'text', what: 'path data such as M0,0,L10,0,10,10,Z' };
export const NAMES: Grammar = { kind: 'text', what: 'names, separated by commas' };

/** One of several words. */
export function oneOf(values: readonly string[], also: Readonly<Record<string, string>> = {}): Grammar {
  return { kind: 'choice', values, also };
}

/** Parts that are separated by commas. Names that end in `?` are optional. */
export function listOf(parts: Readonly<Record<string, Grammar>>, rest?: Grammar): Grammar {
  const all: Part[] = Object.entries(parts).map(([name, value]) => ({
    name: name.replace('?', ''),
    value,
    optional: name.endsWith('?'),
  }));
  return { kind: 'list', parts: all, ...(rest === undefined ? {} : { rest }) };
}

/** Left, top, and a size above 0. */
export function rectangle(unit: Grammar, size: Grammar): Grammar {
  return listOf({ x: unit, y: unit, width: size, height: size });
}

/** Two numbers. */
export const pairOf = (value: Grammar): Grammar => listOf({ x: value, y: value });

/** Four numbers around a rectangle. */
export const marginsOf = (value: Grammar): Grammar =>
  listOf({ left: value, top: value, right: value, bottom: value });

/** Sizes in pixels and in fractions. */
export const SIZE: Grammar = { kind: 'number', integer: true, min: 1, max: 1_000_000, unit: 'pixels' };
export const SIZE_N: Grammar = { kind: 'number', above: 0, max: 100 };

/** A whole number in a range. */
export const whole = (min: number, max: number): Grammar => ({ kind: 'number', integer: true, min, max });
