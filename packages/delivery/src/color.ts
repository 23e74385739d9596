/** A color value. */
export interface Color {
  readonly space: 'gray' | 'rgb' | 'cmyk';
  /** One, three or four components from 0 to 1. */
  readonly components: readonly number[];
  /** From 0, clear, to 1, opaque. */
  readonly alpha: number;
  /** Whether it is meant in the color space of the source. */
  readonly ofSource: boolean;
}

const SPACES = { g: 'gray', r: 'rgb', k: 'cmyk' } as const;
const COMPONENTS = { gray: 1, rgb: 3, cmyk: 4 } as const;

/**
 * Parses a color value such as `ffcc00`, `255,204,0`, `0x80g`, `50,75g` or `94,11,50,33k`.
 *
 * @returns `undefined` for anything else.
 *
 * @example
 * ```ts
 * import { parseColor, rgbOf } from '@ips-sdk/delivery';
 *
 * const color = parseColor('ffcc00');
 * console.log(color && rgbOf(color)); // [ 255, 204, 0 ]
 * console.log(parseColor('red')); // undefined
 * ```
 */
export function parseColor(text: string): Color | undefined {
  const [, body = '', letter = '', source = ''] = /^(.*?)([rgk]?)(s?)$/i.exec(text.trim()) ?? [];
  // The letter of the space is one of three.
  const space = SPACES[letter.toLowerCase() as keyof typeof SPACES] as Color['space'] | undefined;
  const ofSource = source !== '';
  const hex = /^(0x)?((?:[0-9a-f]{2}){1,5})$/i.exec(body);
  const [, prefix, digits = ''] = hex ?? [];
  if (hex !== null && (prefix !== undefined || digits.length >= 6)) return inHex(digits, space, ofSource);
  return inNumbers(body, space, ofSource);
}

function inHex(digits: string, named: Color['space'] | undefined, ofSource: boolean): Color | undefined {
  const bytes = [...digits.matchAll(/../g)].map(([pair]) => Number.parseInt(pair, 16));
  const space = named ?? (bytes.length <= 2 ? 'gray' : 'rgb');
  const count = COMPONENTS[space];
  if (bytes.length !== count && bytes.length !== count + 1) return undefined;
  // The bytes of CMYK are percent.
  const most = space === 'cmyk' ? 100 : 255;
  const parts = bytes.map((byte) => Math.min(1, byte / most));
  return { space, components: parts.slice(0, count), alpha: parts[count] ?? 1, ofSource };
}

function inNumbers(body: string, named: Color['space'] | undefined, ofSource: boolean): Color | undefined {
  const texts = body.split(',').map((part) => part.trim());
  if (texts.some((part) => !/^\d{1,3}(?:\.\d{1,6})?$/.test(part))) return undefined;
  const numbers = texts.map(Number);
  const space = named ?? (numbers.length <= 2 ? 'gray' : 'rgb');
  const count = COMPONENTS[space];
  if (numbers.length !== count && numbers.length !== count + 1) return undefined;
  const most = space === 'rgb' ? 255 : 100;
  if (numbers.some((number) => number > most)) return undefined;
  const parts = numbers.map((number) => number / most);
  return { space, components: parts.slice(0, count), alpha: parts[count] ?? 1, ofSource };
}

/** Red, green and blue of a color, 0 to 255 each, by the simple conversion that image serving uses for colors of requests. */
export function rgbOf({ space, components }: Color): [red: number, green: number, blue: number] {
  const [a = 0, b = 0, c = 0, black = 0] = components;
  const byte = (part: number): number => Math.round(part * 255);
  if (space === 'gray') return [byte(a), byte(a), byte(a)];
  if (space === 'rgb') return [byte(a), byte(b), byte(c)];
  const ink = (part: number): number => byte((1 - part) * (1 - black));
  return [ink(a), ink(b), ink(c)];
}

/** Writes a color as a value of a request, in its shortest exact form. */
export function formatColor({ space, components, alpha, ofSource }: Color): string {
  const source = ofSource ? 's' : '';
  if (space === 'rgb') {
    const bytes = [...components, ...(alpha === 1 ? [] : [alpha])].map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    );
    return `${bytes.join('')}${source}`;
  }
  const percent = [...components, ...(alpha === 1 ? [] : [alpha])].map((part) =>
    String(Math.round(part * 100_000) / 1000),
  );
  return `${percent.join(',')}${space === 'gray' ? 'g' : 'k'}${source}`;
}
