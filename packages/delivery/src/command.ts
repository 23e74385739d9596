/** What a value may be. */
export type Grammar =
  | {
      readonly kind: 'number';
      readonly min?: number;
      readonly max?: number;
      /** A bound that the number has to exceed. */
      readonly above?: number;
      /** Whether a fraction is rounded. */
      readonly integer?: boolean;
      readonly unit?: string;
    }
  | { readonly kind: 'flag' }
  | {
      readonly kind: 'choice';
      readonly values: readonly string[];
      /** Other spellings, in lower case, with the value that they mean. */
      readonly also?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'color' }
  /** Any text: words, the name of an object, or path data. Commands of this kind may be empty. */
  | { readonly kind: 'text'; readonly what: string; readonly pattern?: RegExp }
  | { readonly kind: 'list'; readonly parts: readonly Part[]; readonly rest?: Grammar };

/** One part of a list, separated from the others by commas. */
export interface Part {
  readonly name: string;
  readonly value: Grammar;
  /** Whether it is optional. */
  readonly optional?: boolean;
}

/**
 * What a command is about: the answer as a whole, the view of the composite, a layer, or the source of a layer. Commands of the first
 * two count wherever they are; the others belong to the layer in whose segment they are.
 */
export type Scope = 'request' | 'view' | 'layer' | 'source';

/** Whether `@ips-sdk/server` carries a command out: as documented, in part, or not. */
export type Support = 'full' | 'part' | 'none';

/** One command of image serving. */
export interface Command {
  readonly scope: Scope;
  readonly summary: string;
  readonly value: Grammar;
  /** The value that counts without the command, as it would be written. */
  readonly default?: string;
  /** Other names. */
  readonly also?: readonly string[];
  /** The command that says the same in other units: of the two, the later one counts. */
  readonly pair?: string;
  /** What the command means outside of a layer's segment. Default: layer 0. */
  readonly comp?: 'layer 0' | 'composite' | 'ignored';
  /** The step of processing in which it takes effect, from 1 to 19. Steps are listed in `steps`. */
  readonly step: number;
  readonly support: Support;
  /** Words that have no effect as its value or first part: requests with one of them report the command as ignored. */
  readonly ignoredValues?: readonly string[];
  /** What is not supported, or what the documentation leaves open and was decided here. */
  readonly note?: string;
  /** The documentation, below the folder of command references. */
  readonly source: string;
  /** A request that shows it. */
  readonly example?: string;
}

/** The steps of processing a request, in their order. */
export const steps: readonly string[] = [
  'The lock is checked and the rule set is applied',
  'Path and query are split and decoded, and the object is found',
  'Macros and variables are put in; modifier, request and post-modifier are merged',
  'Nested sources are rendered',
  'Each image layer is masked, cropped, scaled, flipped, filled, rotated, changed in color, extended and filled behind',
  'Each text layer is set in its box, rotated and extended',
  'Layer 0 becomes the canvas, and the other layers are placed on it',
  'Layers are blended in rising order',
  'Commands that mean the composite are carried out',
  'The watermark is laid over the composite',
  'The region of interest is chosen',
  'The view is scaled',
  'The view is aligned, and what remains is filled with the background color',
  'The view is sharpened',
  'A rectangle of the view is taken',
  'The size is checked',
  'Clear areas are filled, for formats without alpha',
  'Colors are converted to the output profile',
  'The answer is encoded',
];

/** The address of the folder that {@link Command.source} is in. */
export const referenceUrl: string =
  'https://github.com/AdobeDocs/dynamic-media-developer-resources.en/blob/main/help/aem-is-ir-api/is-api/http-ref/image-serving-api-ref/c-http-protocol-reference/c-command-reference/';
