import type { ComplexPlan, FieldPlan, MessagePlan } from '../plan.js';
import type { GenericElement } from './generic-element.js';

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
  | 'generic'
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
  count = 0;
  /** The path of the element, once it has been needed. */
  path: string | undefined = undefined;

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
