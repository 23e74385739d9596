import { type Color, formatColor } from './color.js';
import type { CommandName, CommandValues } from './command-values.js';
import { commands } from './commands.js';
import { DeliveryError } from './delivery-error.js';
import { readValue } from './read-value.js';

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
  /** The name of a published image. */
  readonly image: string;
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
 * @throws DeliveryError for a value that its command does not allow.
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
  const { base, company, image, smartCrop, presets = [], variables = {}, layers = [] } = parts;
  const crop = smartCrop === undefined ? '' : `:${encodeURIComponent(smartCrop)}`;
  const path = image.split('/').map(encodeURIComponent).join('/');
  const query = [
    ...writtenPresets(presets),
    ...Object.entries(variables).map(
      ([name, value]) => `$${checkedName('variables', name)}=${encoded(value)}`,
    ),
    ...written(parts.commands ?? {}),
    ...writtenEffects(parts.effects),
    ...layers.flatMap(({ number, name, effects, ...values }) => {
      if (!Number.isInteger(number) || number < 0)
        throw new DeliveryError('layer', String(number), 'a whole number from 0');
      return [
        `layer=${number}${name === undefined ? '' : `,${encoded(name)}`}`,
        ...written(values),
        ...writtenEffects(effects),
      ];
    }),
  ];
  const address = `${base.replace(/\/+$/, '')}/${encodeURIComponent(company)}/${path}${crop}`;
  return query.length === 0 ? address : `${address}?${query.join('&')}`;
}

function checkedName(what: string, name: string): string {
  if (!/^[\w.-]+$/.test(name)) throw new DeliveryError(what, name, 'letters, digits, - _ and . as the name');
  return name;
}

const writtenPresets = (presets: readonly string[] = []): string[] =>
  presets.map((name) => `$${checkedName('presets', name)}$`);

const writtenEffects = (effects: readonly UrlEffect[] = []): string[] =>
  effects.flatMap(({ number, presets, ...values }) => {
    if (!Number.isInteger(number) || number === 0)
      throw new DeliveryError('effect', String(number), 'a whole number other than 0');
    return [`effect=${number}`, ...writtenPresets(presets), ...written(values)];
  });

function written(values: Omit<WritableCommands, 'layer'>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const command = Object.hasOwn(commands, name) ? commands[name as CommandName] : undefined;
    if (command === undefined) throw new DeliveryError(name, String(value), 'the name of a command');
    const text = textOf(value);
    readValue(name, text, command.value);
    return [`${name}=${isNested(name, text) ? text : encoded(text)}`];
  });
}

/** The text of a value, before encoding. */
function textOf(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Array.isArray(value)) return value.map(textOf).join(',').replace(/,+$/, '');
  if (typeof value === 'object' && value !== null) return formatColor(value as Color);
  return String(value);
}

/** Nested requests are encoded by those who write them, once at each depth. */
const isNested = (name: string, text: string): boolean =>
  (name === 'src' || name === 'mask') && /^(?:is|ir|fxg)?[({].*[)}]$/s.test(text);

/** Encodes a value, but for characters that are allowed in a query and make it readable. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/%(2C|2F|3A|24)/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
