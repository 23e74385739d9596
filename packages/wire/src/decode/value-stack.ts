import { WireError } from '../errors.js';
import { fullLimits } from '../limits.js';
import { type ComplexPlan, type FieldPlan, OPEN_ATTRIBUTES } from '../type-plan.js';
import { Collected } from './collected.js';
import { BAD, decodeValue, UNSAFE } from './decode-value.js';
import { Frame, type Values } from './frame.js';
import type { DecodeOptions } from './issue.js';
import { IssueStack } from './issue-stack.js';
import type { ItemSink } from './item-sink.js';
import { MISSING_FIELD } from './missing-fields.js';
import { type OpenTag, RawXml } from './raw-xml.js';

const XMLNS = 'http://www.w3.org/2000/xmlns/';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/** The stack of open elements, with their values. */
export class ValueStack extends IssueStack {
  protected readonly sink: ItemSink | undefined;
  protected readonly maxText: number;
  readonly #bigints: boolean;

  constructor(options: DecodeOptions, sink: ItemSink | undefined) {
    super(options);
    this.sink = sink;
    this.#bigints = options.longs === 'bigint';
    this.maxText = fullLimits(options.limits, false).maxText;
  }

  /** Opens the element of a field. */
  protected openValue(field: FieldPlan, namespace: string, trail: number, tag: OpenTag): void {
    const plan = field.complex;
    if (plan === undefined) {
      this.push(new Frame(field.kind === 'xml' ? 'raw' : 'simple', namespace, field));
      if (field.kind === 'xml') this.top.raw = this.#newRaw();
      return;
    }
    this.push(new Frame(plan.item === undefined ? 'complex' : 'array', namespace, field, plan, trail));
    this.begin(plan, tag);
  }

  /** Reads the attributes of a complex value. */
  protected begin(plan: ComplexPlan, { attributes }: OpenTag): void {
    if (plan.text?.kind === 'xml') this.top.raw = this.#newRaw();
    if (plan.attributes.length === 0 && !plan.anyAttribute) return;
    const found = Object.values(attributes);
    if (plan.anyAttribute) this.#keepOthers(plan, found);
    for (const field of plan.attributes) {
      const attribute = found.find(({ local, uri }) => local === field.name && uri === field.namespace);
      if (attribute === undefined) continue;
      const value = this.#read(field, attribute.value, field.property);
      if (value !== BAD) (this.top.values as Values)[field.property] = value;
    }
  }

  /** Keeps attributes that are not in the contract, except those for the XML reader itself. */
  #keepOthers(plan: ComplexPlan, found: readonly OpenTag['attributes'][string][]): void {
    const others = found.filter(
      ({ name, local, uri }) =>
        name !== 'xmlns' &&
        uri !== XMLNS &&
        uri !== XSI &&
        !plan.attributes.some((field) => field.name === local && field.namespace === uri),
    );
    if (others.length === 0) return;
    (this.top.values as Values)[OPEN_ATTRIBUTES] = Object.fromEntries(
      others.map(({ local, uri, value }) => [uri === '' ? local : `{${uri}}${local}`, value]),
    );
  }

  /** Opens an element that is not in the contract, in place of a wildcard. */
  protected openWildcard(field: FieldPlan, tag: OpenTag): void {
    this.push(new Frame('raw', this.top.namespace, field));
    this.top.raw = this.#newRaw();
    this.top.tag = tag.name;
    this.top.raw.start(tag);
  }

  /** Opens a child of an element that is kept as XML. */
  protected openRaw(raw: RawXml, tag: OpenTag): void {
    raw.start(tag);
    this.push(new Frame('raw'));
    this.top.raw = raw;
    this.top.tag = tag.name;
  }

  protected closeRaw(top: Frame, raw: RawXml): void {
    if (top.tag !== undefined) raw.end(top.tag);
    const value = top.field === undefined ? undefined : raw.finish((prefix) => this.#resolve(top, prefix));
    this.pop();
    if (top.field !== undefined) this.deliver(this.top, top.field, value);
  }

  /** Ends an element with text. */
  protected closeSimple(top: Frame): void {
    const field = top.field as FieldPlan;
    const value = this.#read(field, top.text);
    this.pop();
    if (value !== BAD) this.deliver(this.top, field, value);
  }

  /** Ends a complex value: reads its text and reports missing fields. */
  protected finishComplex(top: Frame): void {
    const plan = top.plan as ComplexPlan;
    const values = top.values as Values;
    if (plan.text !== undefined) this.#finishText(top, plan.text, values);
    if (plan.hasChoices) this.#checkChoices(plan, values);
    if (plan.requiredCount > 0) this.#checkMissing(plan, top);
  }

  protected deliver(owner: Frame, field: FieldPlan | undefined, value: unknown): void {
    if (field === undefined) return;
    if (owner.kind === 'complex') {
      const values = owner.values as Values;
      if (!field.repeated) values[field.property] = value;
      else this.#append(owner, values, field, value);
    } else if (owner.kind === 'array') {
      owner.count += 1;
      if (this.sink && owner.trail === this.sink.path.length) this.sink.emit(value);
      else owner.items?.push(value);
    }
  }

  #append(owner: Frame, values: Values, field: FieldPlan, value: unknown): void {
    const before = values[field.property];
    const path = this.sink?.path;
    const isDelivered = path !== undefined && owner.trail === path.length - 1 && path.at(-1) === field.name;
    if (isDelivered) this.sink?.emit(value);
    // As with an array type, an empty array remains in place of the returned items.
    if (Array.isArray(before)) {
      if (!isDelivered) before.push(value);
    } else values[field.property] = isDelivered ? [] : [value];
  }

  #finishText(top: Frame, field: FieldPlan, values: Values): void {
    if (top.raw !== undefined) {
      const xml = top.raw.finish((prefix) => this.#resolve(top, prefix));
      if (xml !== '' || field.required) values[field.property] = xml;
      return;
    }
    if (top.text === '' && !field.required) return;
    const value = this.#read(field, top.text);
    if (value !== BAD) values[field.property] = value;
  }

  #checkChoices(plan: ComplexPlan, values: Values): void {
    const taken = new Map<number, FieldPlan>();
    for (const field of plan.fields) {
      if (field.choice === undefined || values[field.property] === undefined) continue;
      const [group, branch] = field.choice;
      const other = taken.get(group) ?? field;
      taken.set(group, other);
      if (other.choice?.[1] === branch) continue;
      this.issue(
        'wrong-order',
        `the contract allows only one of <${field.name}> and <${other.name}>`,
        field.property,
      );
    }
  }

  #checkMissing(plan: ComplexPlan, top: Frame): void {
    for (const field of plan.fields) {
      if (field.required && top.seen?.[field.index] !== 1) {
        this.issue('missing-field', MISSING_FIELD, field.property);
      }
    }
    for (const field of plan.attributes) {
      if (field.required && top.values?.[field.property] === undefined) {
        this.issue('missing-field', 'the contract requires the attribute', field.property);
      }
    }
  }

  /** The value of a text, or {@link BAD} if it has the wrong type, after reporting it. */
  #read(field: FieldPlan, text: string, child?: string): unknown {
    const value = decodeValue(field, text, this.#bigints);
    if (value === UNSAFE) {
      throw new WireError(
        'unsafe-integer',
        `${text.trim()} exceeds the safe range of a number; decode with longs: 'bigint'`,
        child === undefined ? this.path() : `${this.path()}.${child}`,
      );
    }
    const isOther =
      field.values !== undefined && field.kind === 'text' && !field.values.includes(text.trim());
    if (value !== BAD && !isOther) return value;
    const shown = field.secret
      ? 'a secret'
      : JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
    const expected = value === BAD ? `a valid ${field.kind}` : 'a value in the contract';
    const raw = field.secret ? undefined : text;
    this.issue('bad-value', `found ${shown}, which is not ${expected}`, child, { raw });
    // A newer version may have more values, so the value is kept.
    return value;
  }

  #newRaw(): RawXml {
    return new RawXml(new Collected(this.maxText));
  }

  #resolve(top: Frame, prefix: string): string | undefined {
    // A complete element declares its own namespaces. If only its content is kept, its declarations are not.
    return (top.tag === undefined ? top.declared?.[prefix] : undefined) ?? this.namespaceAround(prefix);
  }
}
