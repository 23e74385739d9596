import type { MessagePlan } from '../plan.js';
import type { ComplexPlan, FieldPlan } from '../type-plan.js';
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

/** An open element. All kinds have the same shape, which keeps hot code fast. */
export class Frame {
  readonly kind: FrameKind;
  /** The expected namespace of the child elements. */
  readonly namespace: string;
  readonly field: FieldPlan | undefined;
  readonly plan: ComplexPlan | undefined;
  /** The number of steps of the sink's path up to this element; negative if the element is not on the path. */
  readonly trail: number;
  readonly message: MessagePlan | undefined;
  readonly generic: GenericElement | undefined;
  readonly values: Values | undefined;
  readonly items: unknown[] | undefined;
  /** The fields that occurred, by index. */
  readonly seen: Uint8Array | undefined;
  /** The index of the furthest field so far. */
  last = -1;
  text = '';
  /** The number of items of an array so far. */
  count = 0;
  /** The kept size of an unknown element: this one or an ancestor. */
  collected: Collected | undefined = undefined;
  /** The path of the element, computed on first use. */
  path: string | undefined = undefined;
  /** Collects the content of the element as XML. */
  raw: RawXml | undefined = undefined;
  /** The name of an element that is itself kept as XML. */
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

/** The frame of an element without a plan. */
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

/** Whether a field that is out of order belongs to the same repeating group as the furthest field so far. */
export function isRepeating(top: Frame, field: FieldPlan): boolean {
  return field.repeats !== undefined && top.plan?.fields[top.last]?.repeats === field.repeats;
}
