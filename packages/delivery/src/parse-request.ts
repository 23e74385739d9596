import type { CommandName, GivenValues } from './command-values.js';
import { commands, findCommand } from './commands.js';
import { DeliveryError } from './delivery-error.js';
import { readValue } from './read-value.js';
import { decodeValue, nestedRequest, type Token, tokensOf } from './request-text.js';

/** A layer of a request. */
export interface ImageLayer {
  readonly number: number;
  readonly names: readonly string[];
  readonly values: GivenValues;
}

/** A request for an image, understood. */
export interface ImageRequest {
  /** Commands about the answer and about the view. */
  readonly values: GivenValues;
  /** Commands of layers that mean the composite. */
  readonly composite: GivenValues;
  /** In rising order of their numbers; layer 0 is always among them. */
  readonly layers: readonly ImageLayer[];
  /** Variables by name in lower case; nested requests know them too. */
  readonly variables: Readonly<Record<string, string>>;
  /** Commands that are known and that this project's server does not carry out, and unknown macros, each once. */
  readonly ignored: readonly string[];
  /** Names that are not those of commands, in lower case, with their values: applications have parameters of their own. */
  readonly others: Readonly<Record<string, string>>;
}

/** Bounds of a request. They keep a hostile one from causing much work. */
export interface RequestLimits {
  /** Most characters, with those of macros. Default: 65,536. */
  readonly length: number;
  /** Most commands. Default: 1,000. */
  readonly commands: number;
  /** Most layers. Default: 50. */
  readonly layers: number;
  /** Most macros within each other. Default: 8. */
  readonly depth: number;
}

/**
 * Finds the commands of a macro or preset.
 *
 * @param name - Its name in lower case.
 * @param within - The names of the macros that call it, the outermost first; empty for a call by the request itself.
 * @returns The commands; `undefined` if there is no such macro. The call is then reported as ignored.
 */
export type FindMacro = (name: string, within: readonly string[]) => string | undefined;

/** How to parse a request. */
export interface ParseOptions {
  /** The object of the path, for `$object$`. */
  readonly object?: string | undefined;
  /** Variables of the request around a nested one, by name in lower case. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Finds the commands of macros and presets. */
  readonly macro?: FindMacro | undefined;
  readonly limits?: Partial<RequestLimits> | undefined;
}

const LIMITS: RequestLimits = { length: 65_536, commands: 1000, layers: 50, depth: 8 };

/** Of these, the last one in a layer decides what it shows. */
const SOURCES: readonly CommandName[] = ['src', 'text', 'textPs'];

/**
 * Parses the commands of a request for an image, as they follow the `?` of its URL. If a command occurs twice in a layer, the later one
 * counts. Macros are put in where they are.
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
  for (const text of typeof texts === 'string' ? [texts] : (texts ?? [])) if (text) reader.read(text);
  return reader.request();
}

interface OpenLayer {
  readonly number: number;
  readonly names: string[];
  readonly values: Record<string, unknown>;
}

class RequestReader {
  readonly #limits: RequestLimits;
  readonly #options: ParseOptions;
  readonly #values: Record<string, unknown> = {};
  readonly #composite: Record<string, unknown> = {};
  readonly #layers = new Map<number, OpenLayer>();
  readonly #variables = new Map<string, string>();
  readonly #ignored = new Set<string>();
  readonly #others = new Map<string, string>();
  #length = 0;
  #commands = 0;
  /** The layer of the current segment; `comp` outside of layers, `effect` where nothing counts. */
  #segment: OpenLayer | 'comp' | 'effect' = 'comp';

  constructor(options: ParseOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    for (const [name, value] of Object.entries(options.variables ?? {})) this.#variables.set(name, value);
    if (options.object !== undefined) this.#variables.set('object', options.object);
    this.#layerOf(0);
  }

  read(text: string): void {
    this.#segment = 'comp';
    this.#readAll(text, []);
  }

  request(): ImageRequest {
    // Values were read by the grammars of their commands.
    return {
      values: this.#values as GivenValues,
      composite: this.#composite as GivenValues,
      layers: [...this.#layers.values()]
        .sort((a, b) => a.number - b.number)
        .map(({ number, names, values }) => ({ number, names, values: values as GivenValues })),
      variables: Object.fromEntries(this.#variables),
      ignored: [...this.#ignored],
      others: Object.fromEntries(this.#others),
    };
  }

  #readAll(text: string, within: readonly string[]): void {
    this.#length += text.length;
    if (this.#length > this.#limits.length)
      throw new DeliveryError('the request', `${this.#length} characters`, `at most ${this.#limits.length}`);
    for (const token of tokensOf(text)) {
      this.#commands += 1;
      if (this.#commands > this.#limits.commands)
        throw new DeliveryError(
          'the request',
          `${this.#commands} commands`,
          `at most ${this.#limits.commands}`,
        );
      if (token.name.startsWith('$')) this.#readDollar(token, within);
      else this.#readCommand(token);
    }
  }

  /** A macro or the definition of a variable. */
  #readDollar({ name, value }: Token, within: readonly string[]): void {
    if (value !== undefined) {
      const [, variable] = /^\$([\w.-]+)$/.exec(name) ?? [];
      if (variable === undefined)
        throw new DeliveryError(name, value, 'letters, digits, - _ and . as the name');
      this.#variables.set(variable.toLowerCase(), this.#substituted(decodeValue(name, value)));
      return;
    }
    const macro = /^\$([\w.-]+)\$$/.exec(name)?.[1]?.toLowerCase();
    const text = macro === undefined ? undefined : this.#options.macro?.(macro, within);
    if (macro === undefined || text === undefined) {
      this.#ignored.add(name.slice(0, 100));
      return;
    }
    if (within.length >= this.#limits.depth)
      throw new DeliveryError(
        name,
        `${within.length + 1} macros within each other`,
        `at most ${this.#limits.depth}`,
      );
    this.#readAll(text, [...within, macro]);
  }

  #readCommand({ name: written, value: encoded = '' }: Token): void {
    const name = findCommand(written);
    if (name === undefined) {
      this.#others.set(written.toLowerCase(), decodeValue(written, encoded));
      return;
    }
    if (name === 'layer') {
      this.#segment = this.#opened(decodeValue(name, encoded));
      return;
    }
    const { scope, comp = 'layer 0', support, value: grammar } = commands[name];
    if (support === 'none') this.#ignored.add(name);
    const plain = (name === 'src' || name === 'mask') && nestedRequest(encoded) !== undefined;
    // A nested request is decoded where it is read, so that each depth is encoded once.
    const text = this.#substituted(plain ? encoded : decodeValue(name, encoded));
    const value = readValue(name, text, grammar);
    if (name === 'effect') {
      if (value === 0) throw new DeliveryError(name, text, 'a number other than 0');
      this.#segment = 'effect';
      return;
    }
    if (scope === 'request' || scope === 'view') {
      set(this.#values, name, value);
    } else if (this.#segment === 'comp') {
      if (comp === 'composite') set(this.#composite, name, value);
      else if (comp === 'layer 0') set(this.#layerOf(0).values, name, value);
    } else if (this.#segment !== 'effect') set(this.#segment.values, name, value);
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
    if (this.#layers.size >= this.#limits.layers)
      throw new DeliveryError('layer', `${this.#layers.size + 1} layers`, `at most ${this.#limits.layers}`);
    const layer: OpenLayer = { number, names: [], values: {} };
    this.#layers.set(number, layer);
    return layer;
  }

  /** Puts variables in. What they contain is not searched for others. */
  #substituted(text: string): string {
    if (!text.includes('$')) return text;
    const result = text.replaceAll(
      /\$([\w.-]+)\$/g,
      (whole, variable: string) => this.#variables.get(variable.toLowerCase()) ?? whole,
    );
    if (result.length > text.length) this.#length += result.length - text.length;
    if (this.#length > this.#limits.length)
      throw new DeliveryError('the request', `${this.#length} characters`, `at most ${this.#limits.length}`);
    return result;
  }
}

/** Sets a value, in place of others that exclude it; an empty one resets the command to its default. */
function set(values: Record<string, unknown>, name: CommandName, value: unknown): void {
  const { pair } = commands[name];
  if (pair !== undefined) delete values[pair];
  if (SOURCES.includes(name)) for (const other of SOURCES) delete values[other];
  delete values[name];
  if (value !== undefined) values[name] = value;
}
