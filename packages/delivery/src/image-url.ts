import type { Color } from './color.js';
import type { CommandName, CommandValues } from './command-values.js';
import { commands } from './commands.js';
import { DeliveryError } from './delivery-error.js';
import { expectedOf, readValue } from './read-value.js';
import { encoded, givenText, isNested, pathOf, valueText } from './url-text.js';

/** A value of a command to write: colors also as text, and lists whose further parts have defaults also as their first part. */
export type Writable<Value> = Value extends Color
  ? Color | string
  : Value extends readonly [infer First, ...infer Rest]
    ? [] extends Rest
      ? Value | First
      : Value
    : Value;

/** Commands with their values. */
export type WritableCommands = { readonly [Name in CommandName]?: Writable<CommandValues[Name]> | undefined };

/** An effect of a layer of an image URL. It takes no other commands. */
export type UrlEffect = Pick<
  WritableCommands,
  'blendMode' | 'color' | 'maskUse' | 'opac' | 'op_grow' | 'op_blur' | 'op_noise' | 'pos' | 'posN'
> & {
  /** Below 0 behind the layer, above 0 over it. */
  readonly number: number;
  /** Presets, which count before the commands: `shadow` and `glow` are built in. */
  readonly presets?: readonly string[] | undefined;
};

/** A layer of an image URL. */
export type UrlLayer = Omit<WritableCommands, 'layer' | 'effect'> & {
  /** From 0, the canvas; higher ones are above. */
  readonly number: number;
  readonly name?: string | undefined;
  /** Effects, such as a shadow. */
  readonly effects?: readonly UrlEffect[] | undefined;
};

/** The parts of an image URL. */
export interface ImageUrlParts {
  /** The address of image serving: `https://images.example.com/is/image`. */
  readonly base: string;
  readonly company: string;
  /** The name of a published image. Without it, the layers are the image. */
  readonly image?: string | undefined;
  /** The name of one of its smart crops. */
  readonly smartCrop?: string | undefined;
  /** Presets, which count before the commands. */
  readonly presets?: readonly string[] | undefined;
  /** Values of variables, which other values refer to as `$name$`. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  readonly commands?: Omit<WritableCommands, 'layer' | 'effect'> | undefined;
  /** Effects of the composite, such as a shadow. */
  readonly effects?: readonly UrlEffect[] | undefined;
  readonly layers?: readonly UrlLayer[] | undefined;
}

/**
 * Writes an image URL.
 *
 * @throws DeliveryError for a value that its command does not allow, and for one that no request can contain, such as `NaN`, an object or
 * an empty name.
 *
 * @example
 * ```ts
 * import { imageUrl } from '@ips-sdk/delivery';
 *
 * const url = imageUrl({
 *   base: 'https://images.example.com/is/image',
 *   company: 'MyCompany',
 *   image: 'shoe',
 *   commands: { wid: 400, fit: ['constrain', true], fmt: 'png-alpha' },
 *   layers: [{ number: 1, src: 'MyCompany/sale', pos: [120, -80] }],
 * });
 * console.log(new URL(url).search); // ?wid=400&fit=constrain,1&fmt=png-alpha&layer=1&src=MyCompany/sale&pos=120,-80
 * ```
 */
export function imageUrl(parts: ImageUrlParts): string {
  const { base, company, image, smartCrop, presets, variables = {}, layers = [] } = parts;
  const query = [
    ...writtenPresets(presets),
    ...Object.entries(variables).map(
      ([name, value]) =>
        `$${checkedName('variables', name)}=${encoded(valueText(`variables.${name}`, value))}`,
    ),
    ...written(parts.commands ?? {}),
    ...writtenEffects(parts.effects),
    ...layers.flatMap(({ number, name, effects, ...values }) => [
      `layer=${layerOf(number)}${name === undefined ? '' : `,${encoded(checkedLayerName(name))}`}`,
      ...written(values),
      ...writtenEffects(effects),
    ]),
  ];
  const address = `${baseOf(base)}/${encodeURIComponent(companyOf(company))}${objectOf(image, smartCrop)}`;
  return query.length === 0 ? address : `${address}?${query.join('&')}`;
}

function baseOf(base: unknown): string {
  const expected = 'the address of image serving, without ? and #';
  const text = base === '' ? '' : givenText('base', base, expected);
  if (/[?#\s]/.test(text)) throw new DeliveryError('base', text, expected);
  return text.replace(/\/+$/, '');
}

function companyOf(company: unknown): string {
  const expected = 'the name of a company';
  const name = givenText('company', company, expected);
  if (/^\.{1,2}$|\//.test(name)) throw new DeliveryError('company', name, expected);
  return name;
}

function objectOf(image: unknown, smartCrop: unknown): string {
  if (image === undefined) {
    if (smartCrop === undefined) return '';
    throw new DeliveryError('smartCrop', String(smartCrop), 'an image that it belongs to');
  }
  const path = pathOf('image', image, 'the name of an image');
  if (smartCrop === undefined) return `/${path}`;
  return `/${path}:${encodeURIComponent(givenText('smartCrop', smartCrop, 'the name of a smart crop'))}`;
}

function layerOf(number: unknown): number {
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 1e9) return number;
  throw new DeliveryError('layer', String(number), 'a whole number from 0 to 999999999');
}

/** What a request may call a layer: numbers and `comp` mean others. */
function checkedLayerName(name: unknown): string {
  const expected = 'a name without commas that is neither a number nor comp';
  const text = givenText('layer', name, expected);
  if (/,|^\s*(?:\d+|comp)\s*$/i.test(text)) throw new DeliveryError('layer', text, expected);
  return text;
}

function checkedName(what: string, name: unknown): string {
  if (typeof name === 'string' && /^[\w.-]+$/.test(name)) return name;
  throw new DeliveryError(what, String(name), 'letters, digits, - _ and . as the name');
}

const writtenPresets = (presets: readonly string[] = []): string[] =>
  // Holes of a list are not names either.
  Array.from(presets, (name) => `$${checkedName('presets', name)}$`);

const writtenEffects = (effects: readonly UrlEffect[] = []): string[] =>
  effects.flatMap(({ number, presets, ...values }) => {
    if (!Number.isInteger(number) || number === 0)
      throw new DeliveryError('effect', String(number), 'a whole number other than 0');
    readValue('effect', String(number), commands.effect.value);
    return [`effect=${number}`, ...writtenPresets(presets), ...written(values)];
  });

function written(values: Omit<WritableCommands, 'layer'>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const command = Object.hasOwn(commands, name) ? commands[name as CommandName] : undefined;
    // These begin segments, which have fields of their own.
    if (command === undefined || name === 'layer' || name === 'effect')
      throw new DeliveryError(name, valueText(name, value), 'the name of a command');
    const { kind } = command.value;
    if (Array.isArray(value) && kind !== 'list' && kind !== 'color')
      throw new DeliveryError(name, 'a list', expectedOf(command.value));
    const text = valueText(name, value);
    readValue(name, text, command.value);
    return [`${name}=${isNested(name, text) ? text : encoded(text)}`];
  });
}
