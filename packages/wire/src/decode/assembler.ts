import { SOAP11, SOAP12 } from '../encode/encode-envelope.js';
import { faultKind, WireError } from '../errors.js';
import type { MessagePlan, Plans } from '../plan.js';
import type { FieldPlan } from '../type-plan.js';
import { type UnknownElement, unknownElements } from '../unknown-elements.js';
import { Collected } from './collected.js';
import type { Decoded } from './decoded.js';
import { Frame, genericFrame, isRepeating } from './frame.js';
import { type GenericElement, newElement, rawOf, unknownElementOf } from './generic-element.js';
import type { DecodeOptions } from './issue.js';
import type { ItemSink } from './item-sink.js';
import { isOtherVersion } from './other-version.js';
import type { OpenTag } from './raw-xml.js';
import { ValueStack } from './value-stack.js';

/** The relevant attributes of an element. */
export interface ElementAttributes {
  readonly nil: boolean;
  /** The value of `xml:lang`. */
  readonly lang: string | undefined;
}

/**
 * Builds the value of a document from parser events: finds the message in its envelope, and converts elements to values by the plan of
 * the contract. All decisions about tolerated deviations are made here. Envelope and values are one class, because each step reads or
 * changes the same stack of open elements.
 */
export class Assembler extends ValueStack {
  readonly result: Decoded = {
    soapVersion: undefined,
    plain: false,
    message: undefined,
    authHeader: undefined,
    headerBlocks: [],
    fault: undefined,
    bareFault: undefined,
    unknownMessage: undefined,
    rawMessage: undefined,
  };
  readonly #plans: Plans;
  readonly #raw: boolean;
  readonly #keeps: boolean;
  readonly #expectsFault: boolean;
  /** The expected namespace of messages, which may differ from that of the contract. */
  readonly #namespace: string;
  /** The namespace of the message in the contract and in the document. */
  #own = '';
  #actual = '';
  #namespaceReported = false;

  /**
   * @param options - `raw` reads the message without a plan into `rawMessage`. `expectsFault` reads a fault of the service as a message.
   */
  constructor(
    plans: Plans,
    options: DecodeOptions & { readonly raw?: boolean; readonly expectsFault?: boolean },
    sink?: ItemSink,
  ) {
    super(options, sink);
    this.#plans = plans;
    this.#raw = options.raw ?? false;
    this.#keeps = options.unknownElements === 'keep';
    this.#expectsFault = options.expectsFault ?? false;
    this.#namespace = options.namespace ?? plans.contract.messageNamespace;
  }

  open(local: string, uri: string, attributes: ElementAttributes, tag: OpenTag): void {
    this.#open(local, uri, attributes, tag);
    if (tag.ns !== undefined) for (const _ in tag.ns) this.top.declared = tag.ns;
  }

  #open(local: string, uri: string, attributes: ElementAttributes, tag: OpenTag): void {
    const top = this.top;
    if (top.raw !== undefined) {
      this.openRaw(top.raw, tag);
      return;
    }
    switch (top.kind) {
      case 'array':
        this.#openItem(top, local, uri, attributes, tag);
        break;
      case 'complex':
        this.#openField(top, local, uri, attributes, tag);
        break;
      case 'simple':
        this.#unknown(local, uri);
        break;
      case 'generic':
      case 'unknown': {
        const element = newElement(local, uri, attributes.lang);
        top.generic?.children.push(element);
        top.collected?.addElement();
        this.push(genericFrame('generic', element, top.collected));
        break;
      }
      case 'skip':
        this.push(new Frame('skip'));
        break;
      default:
        this.#openOutside(top, local, uri, tag);
    }
  }

  text(chunk: string): void {
    const top = this.top;
    if (top.raw !== undefined) top.raw.characters(chunk);
    else if (top.kind === 'simple' || top.plan?.text !== undefined) top.text += chunk;
    else if (top.generic !== undefined) {
      top.collected?.add(chunk.length);
      top.generic.text += chunk;
    } else if (top.kind !== 'skip' && /[^\t\n\r ]/.test(chunk))
      this.strayText(chunk.trim(), 'between elements');
  }

  close(): void {
    const top = this.top;
    if (top.kind === 'complex') this.finishComplex(top);
    if (top.kind === 'simple') {
      this.closeSimple(top);
      return;
    }
    if (top.kind === 'raw' && top.raw !== undefined) {
      this.closeRaw(top, top.raw);
      return;
    }
    this.pop();
    if (top.kind === 'complex' && top.message === undefined) this.deliver(this.top, top.field, top.values);
    else if (top.kind === 'array') this.deliver(this.top, top.field, top.items);
    else if (top.kind === 'unknown' && top.generic !== undefined) this.#closeUnknown(top, top.generic);
  }

  /** Elements around the message: the envelope, its header and body, or the plain form. */
  #openOutside(top: Frame, local: string, uri: string, tag: OpenTag): void {
    if (top.kind === 'document' && local === 'Envelope') {
      if (uri !== SOAP11 && uri !== SOAP12)
        throw new WireError('namespace', `an Envelope in the namespace "${uri}" is not SOAP`);
      this.result.soapVersion = uri === SOAP12 ? '1.2' : '1.1';
      this.push(new Frame('envelope', uri));
    } else if (top.kind === 'envelope') {
      const kind = local === 'Header' ? 'header' : local === 'Body' ? 'body' : undefined;
      if (kind === undefined || uri !== top.namespace) this.#unknown(local, uri);
      else this.push(new Frame(kind, uri));
    } else if (top.kind === 'body' && local === 'Fault' && uri === top.namespace && !this.result.fault) {
      this.result.fault = newElement(local, uri);
      this.push(genericFrame('generic', this.result.fault));
    } else if (top.kind === 'document' && local === 'Request' && !this.#plans.byElement(local)) {
      this.result.plain = true;
      this.push(new Frame('request', uri));
    } else if (local === 'authHeader' && top.kind !== 'body' && this.#plans.contract.headers.length > 0) {
      if (top.kind === 'document') this.result.plain = true;
      this.#openAuthHeader(uri, tag);
    } else if (top.kind === 'header') {
      const element = newElement(local, uri);
      this.result.headerBlocks.push(element);
      this.push(genericFrame('generic', element));
    } else {
      if (top.kind === 'document') this.result.plain = true;
      this.#openMessage(local, uri, tag);
    }
  }

  #openAuthHeader(uri: string, tag: OpenTag): void {
    const [versioned = '', unversioned = versioned] = this.#plans.contract.headers;
    const plan = this.#plans.message(unversioned);
    const form = uri === plan.namespace ? plan : this.#plans.message(versioned);
    const next = new Frame('complex', uri, undefined, form.body, -1, form);
    if (this.result.authHeader !== undefined)
      this.issue('repeated-element', 'the element occurs again', form.element);
    this.result.authHeader = next.values;
    this.#own = form.namespace;
    this.#actual = uri;
    this.push(next);
    this.begin(form.body, tag);
  }

  #openMessage(local: string, uri: string, tag: OpenTag): void {
    if (this.#raw && this.result.rawMessage === undefined && faultKind(local) === undefined) {
      this.result.rawMessage = newElement(local, uri);
      this.push(genericFrame('generic', this.result.rawMessage));
      return;
    }
    const { messageNamespace } = this.#plans.contract;
    const plan = this.#plans.byElement(local, uri === this.#namespace ? messageNamespace : uri);
    if (plan === undefined || this.result.message !== undefined) {
      if (plan === undefined) this.result.unknownMessage ??= local;
      this.#unknown(local, uri);
      return;
    }
    this.#checkMessageNamespace(plan, uri);
    const kind = this.#expectsFault ? undefined : faultKind(local);
    if (kind !== undefined) {
      // Read without the plan, because services send codes and elements that the contract lacks.
      const element = newElement(local, uri);
      this.result.bareFault ??= { kind, element };
      this.push(genericFrame('generic', element));
      return;
    }
    const next = new Frame('complex', uri, undefined, plan.body, 0, plan);
    this.result.message = { plan, value: next.values, namespace: uri };
    this.#own = plan.namespace;
    this.#actual = uri;
    this.push(next);
    this.begin(plan.body, tag);
  }

  #checkMessageNamespace(plan: MessagePlan, uri: string): void {
    const expected =
      plan.namespace === this.#plans.contract.messageNamespace ? this.#namespace : plan.namespace;
    if (uri === expected) return;
    if (!isOtherVersion(plan.namespace, uri)) {
      throw new WireError('namespace', `the namespace "${uri}" is not that of the service`, plan.element);
    }
    this.issue('namespace', `found the namespace "${uri}", expected "${expected}"`, plan.element);
    this.#namespaceReported = true;
  }

  #openField(top: Frame, local: string, uri: string, attributes: ElementAttributes, tag: OpenTag): void {
    const field = top.plan?.byName.get(local);
    if (field === undefined || !this.#sameNamespace(field, uri)) {
      const wildcard = top.plan?.wildcard;
      if (wildcard === undefined) this.#unknown(local, uri);
      else this.#openWildcard(top, wildcard, tag);
      return;
    }
    const seen = top.seen as Uint8Array;
    if (attributes.nil) {
      if (field.nillable) seen[field.index] = 1;
      this.#openNil(field, uri);
      return;
    }
    if (seen[field.index] === 1 && !field.repeated) {
      const replaced = field.secret ? undefined : top.values?.[field.property];
      this.issue('repeated-element', 'the element occurs more than once', local, { replaced });
    } else if (field.index < top.last && top.plan?.anyOrder !== true && !isRepeating(top, field)) {
      this.issue('wrong-order', `<${local}> comes after elements that follow it in the contract`, local);
    }
    seen[field.index] = 1;
    if (field.index > top.last) top.last = field.index;
    const trail = top.trail >= 0 && this.sink?.path[top.trail] === local ? top.trail + 1 : -1;
    this.openValue(field, top.namespace, trail, tag);
  }

  #openWildcard(top: Frame, field: FieldPlan, tag: OpenTag): void {
    const seen = top.seen as Uint8Array;
    if (seen[field.index] === 1 && !field.repeated)
      this.issue(
        'repeated-element',
        'an element that the contract does not name occurs more than once',
        tag.name,
      );
    seen[field.index] = 1;
    this.openWildcard(field, tag);
  }

  #openItem(top: Frame, local: string, uri: string, attributes: ElementAttributes, tag: OpenTag): void {
    const item = top.plan?.item;
    if (item === undefined || item.name !== local || !this.#sameNamespace(item, uri)) {
      this.#unknown(local, uri);
      return;
    }
    if (attributes.nil) this.#openNil(item, uri);
    else this.openValue(item, top.namespace, top.trail, tag);
  }

  /** Elements have the namespace of the contract, or that of the message in the document. Some writers omit it or mix versions. */
  #sameNamespace({ namespace }: FieldPlan, uri: string): boolean {
    const expected = namespace === this.#own ? this.#actual : namespace;
    if (uri === expected) return true;
    if (!isOtherVersion(this.#plans.contract.messageNamespace, uri)) return false;
    if (!this.#namespaceReported)
      this.issue('namespace', `found the namespace "${uri}" inside "${expected}"`);
    this.#namespaceReported = true;
    return true;
  }

  #unknown(local: string, uri: string): void {
    if (this.strict) this.#reportUnknown(newElement(local, uri));
    // Nothing uses the content of the element.
    if (this.onIssue === undefined && !this.#keeps) this.push(new Frame('skip'));
    else this.push(genericFrame('unknown', newElement(local, uri), new Collected(this.maxText)));
  }

  /** An element without a value. Unexpected content is reported when it ends. */
  #openNil(field: FieldPlan, uri: string): void {
    this.push(genericFrame('unknown', newElement(field.name, uri), new Collected(this.maxText), field));
  }

  /** Reports the element with its content, which is now complete. */
  #closeUnknown(frame: Frame, element: GenericElement): void {
    if (frame.field === undefined) {
      this.#reportUnknown(element);
      if (this.#keeps) this.#keep(this.top, element);
      return;
    }
    if (frame.field.nillable) this.deliver(this.top, frame.field, null);
    const raw = rawOf(element);
    if (raw.trim() !== '') this.strayText(raw, 'in a nil element', frame.field.name);
  }

  #keep(owner: Frame, element: GenericElement): void {
    // Only objects and arrays can hold a symbol key. In a text, the element is only in the issue.
    const holder = (owner.values ?? owner.items) as { [unknownElements]?: UnknownElement[] } | undefined;
    if (holder === undefined) return;
    holder[unknownElements] ??= [];
    holder[unknownElements].push(unknownElementOf(element, owner.namespace));
  }

  #reportUnknown(element: GenericElement): void {
    const { local, namespace } = element;
    const name = namespace === '' ? local : `{${namespace}}${local}`;
    this.issue('unknown-element', `the ${this.#plans.name} has no element ${name} here`, undefined, {
      raw: rawOf(element),
    });
  }
}
