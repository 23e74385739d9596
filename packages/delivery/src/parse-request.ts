import type { CommandName, GivenValues } from './command-values.js';
import { commands, findCommand } from './commands.js';
import { DeliveryError } from './delivery-error.js';
import { type Budget, definedBy, macroTokens, spendLength, withVariables } from './macro-tokens.js';
import { LIMITS, type ParseOptions } from './parse-options.js';
import { readValue } from './read-value.js';
import { decodeValue, nestedRequest, type Token } from './request-text.js';

/** An effect of a layer, such as a shadow. */
export interface ImageEffect {
  /** Below 0 behind the layer, above 0 over it. Higher ones are above lower ones. */
  readonly number: number;
  readonly values: GivenValues;
}

/** A layer of a request. */
export interface ImageLayer {
  readonly number: number;
  readonly names: readonly string[];
  readonly values: GivenValues;
  /** In rising order of their numbers. */
  readonly effects: readonly ImageEffect[];
}

/** A request for an image, understood. */
export interface ImageRequest {
  /** Commands about the answer and about the view. */
  readonly values: GivenValues;
  /** Commands of layers that mean the composite, and those that only the composite of a watermark takes, such as `sizeN`. */
  readonly composite: GivenValues;
  /** Effects of the composite, in rising order of their numbers. */
  readonly effects: readonly ImageEffect[];
  /** In rising order of their numbers; layer 0 is always among them. */
  readonly layers: readonly ImageLayer[];
  /** Variables by name in lower case; nested requests know them too. */
  readonly variables: Readonly<Record<string, string>>;
  /** Commands that are known and that this project's server does not carry out, and unknown macros, each once. */
  readonly ignored: readonly string[];
  /** Names that are not those of commands, in lower case, with their values: applications have parameters of their own. */
  readonly others: Readonly<Record<string, string>>;
}

/** Of these, the last one in a layer decides what it shows. */
const SOURCES: readonly CommandName[] = ['src', 'text', 'textPs'];

/** What effects take. The documentation says that they ignore other commands of layers. */
const OF_EFFECTS: ReadonlySet<CommandName> = new Set([
  'blendMode',
  'color',
  'maskUse',
  'opac',
  'op_grow',
  'op_blur',
  'op_noise',
  'pos',
  'posN',
]);

/**
 * Parses the commands of a request for an image, as they follow the `?` of its URL. If a command occurs twice in a layer, the later one
 * counts. Macros are put in where they are. A variable that a later text defines counts in earlier ones too, whose definitions are defaults.
 *
 * @param texts - Commands, of which later ones take precedence: the asset's modifier, the request, the asset's post-modifier.
 * @throws DeliveryError that names the command, what was found and what was expected, also if the request exceeds its limits.
 *
 * @example
 * ```ts
 * import { parseRequest } from '@ips-sdk/delivery';
 *
 * const { values, layers } = parseRequest('wid=400&fit=crop&layer=1&src=Sale&pos=10,20');
 * console.log(values.wid, values.fit); // 400 [ 'crop' ]
 * console.log(layers[1]?.values.pos); // [ 10, 20 ]
 * ```
 */
export function parseRequest(
  texts: string | null | undefined | readonly (string | null | undefined)[],
  options: ParseOptions = {},
): ImageRequest {
  const reader = new RequestReader(options);
  const given = (typeof texts === 'string' ? [texts] : (texts ?? [])).filter(
    (text) => typeof text === 'string',
  );
  for (const [index, text] of given.entries()) reader.read(text, given.slice(index + 1));
  return reader.request();
}

interface OpenEffect {
  readonly number: number;
  readonly values: Record<string, unknown>;
}

interface OpenLayer {
  readonly number: number;
  readonly names: string[];
  readonly values: Record<string, unknown>;
  readonly effects: Map<number, OpenEffect>;
}

class RequestReader {
  readonly #budget: Budget;
  readonly #options: ParseOptions;
  readonly #values: Record<string, unknown> = {};
  readonly #composite: Record<string, unknown> = {};
  readonly #layers = new Map<number, OpenLayer>();
  readonly #variables = new Map<string, string>();
  readonly #ignored = new Set<string>();
  readonly #others = new Map<string, string>();
  /** Variables of later texts. */
  #given: ReadonlyMap<string, string> = new Map();
  readonly #effects = new Map<number, OpenEffect>();
  /** Layers and effects. */
  #count = 0;
  /** The layer of the current segment; `comp` outside of layers. */
  #segment: OpenLayer | 'comp' = 'comp';
  /** The effect of the current segment. */
  #effect: OpenEffect | undefined;

  constructor(options: ParseOptions) {
    this.#options = options;
    this.#budget = { limits: { ...LIMITS, ...options.limits }, length: 0, commands: 0 };
    for (const [name, value] of Object.entries(options.variables ?? {})) this.#variables.set(name, value);
    if (options.object !== undefined) this.#variables.set('object', options.object);
    this.#layerOf(0);
  }

  /** @param later - Texts that take precedence: the variables that they define count instead of those of this one. */
  read(text: string, later: readonly string[]): void {
    this.#segment = 'comp';
    this.#effect = undefined;
    this.#given = later.length === 0 ? new Map() : this.#definitions(later);
    for (const [name, value] of this.#given) this.#variables.set(name, value);
    for (const token of macroTokens(text, this.#options.macro, this.#budget)) {
      if (token.name.startsWith('$')) this.#readDollar(token);
      else this.#readCommand(token);
    }
  }

  /** Variables of the request around this one, and of texts. */
  #definitions(texts: readonly string[]): ReadonlyMap<string, string> {
    const found = new Map(Object.entries(this.#options.variables ?? {}));
    const budget: Budget = { limits: this.#budget.limits, length: 0, commands: 0 };
    for (const text of texts) {
      for (const token of macroTokens(text, this.#options.macro, budget)) {
        const variable = definedBy(token);
        if (variable !== undefined && token.value !== undefined)
          found.set(variable, decodeValue(token.name, token.value));
      }
    }
    return found;
  }

  request(): ImageRequest {
    // Values were read by the grammars of their commands.
    return {
      values: this.#values as GivenValues,
      composite: this.#composite as GivenValues,
      effects: sorted(this.#effects),
      layers: [...this.#layers.values()]
        .sort((a, b) => a.number - b.number)
        .map(({ number, names, values, effects }) => ({
          number,
          names,
          values: values as GivenValues,
          effects: sorted(effects),
        })),
      variables: Object.fromEntries(this.#variables),
      ignored: [...this.#ignored],
      others: Object.fromEntries(this.#others),
    };
  }

  /** The definition of a variable, or a macro that is unknown. */
  #readDollar(token: Token): void {
    const { name, value } = token;
    if (value === undefined) {
      this.#ignored.add(name.slice(0, 100));
      return;
    }
    const variable = definedBy(token);
    if (variable === undefined)
      throw new DeliveryError(name, value, 'letters, digits, - _ and . as the name');
    // A definition in front is a default.
    if (!this.#given.has(variable)) this.#variables.set(variable, decodeValue(name, value));
  }

  #readCommand({ name: written, value: encoded = '' }: Token): void {
    const name = findCommand(written);
    if (name === undefined) {
      this.#others.set(written.toLowerCase(), decodeValue(written, encoded));
      return;
    }
    if (name === 'layer') {
      this.#segment = this.#opened(decodeValue(name, encoded));
      this.#effect = undefined;
      return;
    }
    const { scope, comp = 'layer 0', support, value: grammar, ignoredValues } = commands[name];
    const plain = (name === 'src' || name === 'mask') && nestedRequest(encoded) !== undefined;
    // A nested request is decoded where it is read, so that each depth is encoded once.
    const text = this.#substituted(plain ? encoded : decodeValue(name, encoded));
    const value = readValue(name, text, grammar);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    // Without a value, a command restores its default, which needs no support.
    const isUnsupported = support === 'none' && value !== undefined;
    if (isUnsupported || (typeof first === 'string' && ignoredValues?.includes(first) === true))
      this.#ignored.add(name);
    if (name === 'effect') {
      if (typeof value !== 'number' || value === 0)
        throw new DeliveryError(name, text, 'a whole number other than 0');
      this.#effect = this.#effectOf(value);
      return;
    }
    if (scope === 'request' || scope === 'view') {
      set(this.#values, name, value);
    } else if (this.#effect !== undefined) {
      if (OF_EFFECTS.has(name)) set(this.#effect.values, name, value);
    } else if (this.#segment === 'comp') {
      // What the composite ignores, watermarks do not.
      if (comp !== 'layer 0') set(this.#composite, name, value);
      else set(this.#layerOf(0).values, name, value);
    } else set(this.#segment.values, name, value);
  }

  /** The segment that `layer=` starts. */
  #opened(text: string): OpenLayer | 'comp' {
    const [first = '', second] = text.split(',').map((part) => part.trim());
    if (first.toLowerCase() === 'comp') return 'comp';
    if (/^\d{1,9}$/.test(first)) {
      const layer = this.#layerOf(Number(first));
      if (second !== undefined && second !== '') this.#name(layer, second);
      return layer;
    }
    const named = [...this.#layers.values()].find(({ names }) => names.includes(first));
    if (named === undefined)
      throw new DeliveryError('layer', text, 'a number from 0, the name of a layer above, or comp');
    return named;
  }

  #name(layer: OpenLayer, name: string): void {
    const other = [...this.#layers.values()].find(({ names }) => names.includes(name));
    if (other !== undefined && other !== layer)
      throw new DeliveryError(
        'layer',
        `${layer.number},${name}`,
        `another name: layer ${other.number} has it`,
      );
    if (other === undefined) layer.names.push(name);
  }

  #layerOf(number: number): OpenLayer {
    const known = this.#layers.get(number);
    if (known !== undefined) return known;
    this.#countLayer('layer');
    const layer: OpenLayer = { number, names: [], values: {}, effects: new Map() };
    this.#layers.set(number, layer);
    return layer;
  }

  /** The effect that `effect=` starts: one of the current layer, or of the composite. */
  #effectOf(number: number): OpenEffect {
    const effects = this.#segment === 'comp' ? this.#effects : this.#segment.effects;
    const known = effects.get(number);
    if (known !== undefined) return known;
    this.#countLayer('effect');
    const effect: OpenEffect = { number, values: {} };
    effects.set(number, effect);
    return effect;
  }

  #countLayer(what: 'layer' | 'effect'): void {
    this.#count += 1;
    const { layers } = this.#budget.limits;
    if (this.#count > layers)
      throw new DeliveryError(what, `${this.#count} layers and effects`, `at most ${layers}`);
  }

  /** Puts variables in. */
  #substituted(text: string): string {
    const result = withVariables(text, this.#variables);
    if (result.length > text.length) spendLength(this.#budget, result.length - text.length);
    return result;
  }
}

/** In rising order of their numbers. */
const sorted = (effects: ReadonlyMap<number, OpenEffect>): ImageEffect[] =>
  [...effects.values()]
    .sort((a, b) => a.number - b.number)
    // Values were read by the grammars of their commands.
    .map(({ number, values }) => ({ number, values: values as GivenValues }));

/** Sets a value, in place of others that exclude it; an empty one resets the command to its default. */
function set(values: Record<string, unknown>, name: CommandName, value: unknown): void {
  const { pair } = commands[name];
  if (pair !== undefined) delete values[pair];
  if (SOURCES.includes(name)) for (const other of SOURCES) delete values[other];
  delete values[name];
  if (value !== undefined) values[name] = value;
}
