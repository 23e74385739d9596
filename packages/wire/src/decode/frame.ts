import type { ComplexPlan, FieldPlan, MessagePlan } from '../plan.js';
import type { Collected } from './collected.js';
import type { GenericElement } from './generic-element.js';
import type { OpenTag, RawXml } from './raw-xml.js';

export type Values = Record<string, unknown>;

type FrameKind =
  | 'document'
  | 'envelope'
  | 'header'
  | 'body'
  | 'request'
  | 'complex'
  | 'array'
  | 'simple'
  | 'raw'
  | 'generic'
  | 'unknown'
  | 'skip';

/** One open element. All kinds share one shape, which keeps the hot code fast. */
export class Frame {
  readonly kind: FrameKind;
  /** The namespace that the elements inside are expected in. */
  readonly namespace: string;
  readonly field: FieldPlan | undefined;
  readonly plan: ComplexPlan | undefined;
  /** How many steps of the sink's path lead here; negative when the path does not. */
  readonly trail: number;
  readonly message: MessagePlan | undefined;
  readonly generic: GenericElement | undefined;
  readonly values: Values | undefined;
  readonly items: unknown[] | undefined;
  /** Which fields occurred, by their index. */
  readonly seen: Uint8Array | undefined;
  /** The index of the furthest field so far. */
  last = -1;
  text = '';
  /** How many items an array has so far. */
  count = 0;
  /** How much of an element that the contract lacks was kept, this element or one around it. */
  collected: Collected | undefined = undefined;
  /** The path of the element, once it has been needed. */
  path: string | undefined = undefined;
  /** Where what the element holds is kept as XML. */
  raw: RawXml | undefined = undefined;
  /** The name of an element that is kept as XML itself. */
  tag: string | undefined = undefined;
  /** The namespaces that the element declares, by their prefixes. */
  declared: OpenTag['ns'] = undefined;

  constructor(
    kind: FrameKind,
    namespace: string = '',
    field?: FieldPlan,
    plan?: ComplexPlan,
    trail: number = -1,
    message?: MessagePlan,
    generic?: GenericElement,
  ) {
    this.kind = kind;
    this.namespace = namespace;
    this.field = field;
    this.plan = plan;
    this.trail = trail;
    this.message = message;
    this.generic = generic;
    this.values = kind === 'complex' ? {} : undefined;
    this.items = kind === 'array' ? [] : undefined;
    this.seen = kind === 'complex' && plan ? new Uint8Array(plan.fields.length) : undefined;
  }
}

/** The frame of an element that no plan describes. */
export function genericFrame(
  kind: 'generic' | 'unknown',
  element: GenericElement,
  collected?: Collected,
  field?: FieldPlan,
): Frame {
  const frame = new Frame(kind, element.namespace, field, undefined, -1, undefined, element);
  frame.collected = collected;
  return frame;
}
