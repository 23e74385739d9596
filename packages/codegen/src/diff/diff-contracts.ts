import { type Contract, type Field, type MessageElement, type TypeDefinition, UNBOUNDED } from '../model.js';
import { reachableTypes } from './reachable-types.js';

/** The semantic version step that a change requires. */
export type Bump = 'major' | 'minor' | 'patch' | 'none';

/** A difference between two contracts. */
export interface ContractChange {
  readonly kind: 'service' | 'operation' | 'message' | 'type' | 'field';
  readonly change: 'added' | 'removed' | 'changed';
  /** The changed item, such as `ActiveJob`, `getActiveJobs` or `ActiveJob/triggerTime`. */
  readonly name: string;
  /** Description of the change or, for an added or removed field, its type. */
  readonly detail: string;
  readonly breaking: boolean;
  readonly bump: Bump;
}

/** All differences, and the version step that the largest one requires. */
export interface ContractDiff {
  readonly from: string;
  readonly to: string;
  readonly changes: readonly ContractChange[];
  readonly bump: Bump;
}

/** Whether clients send a type, receive it, or both. */
interface Audience {
  readonly sent: boolean;
  readonly read: boolean;
}

/**
 * Compares two contracts from the perspective of a client written for the first.
 *
 * A change is breaking if such a client no longer compiles with the new types or its messages are no longer accepted: a removed item, a
 * changed type, a newly required field in a request, a newly optional field in a response.
 */
export function diffContracts(from: Contract, to: Contract): ContractDiff {
  const differ = new Differ(from, to);
  const changes = differ.run();
  const order: Bump[] = ['none', 'patch', 'minor', 'major'];
  const bump = order[Math.max(0, ...changes.map((c) => order.indexOf(c.bump)))] ?? 'none';
  return { from: label(from), to: label(to), changes, bump };
}

function label(contract: Contract): string {
  return `${contract.service} ${contract.version ?? contract.messageNamespace}`;
}

class Differ {
  readonly #from: Contract;
  readonly #to: Contract;
  readonly #changes: ContractChange[] = [];

  constructor(from: Contract, to: Contract) {
    this.#from = from;
    this.#to = to;
  }

  run(): ContractChange[] {
    if (this.#from.messageNamespace !== this.#to.messageNamespace) {
      const detail = `messages moved from namespace ${this.#from.messageNamespace} to ${this.#to.messageNamespace}`;
      this.#add('service', 'changed', this.#to.service, detail, 'major');
    }
    this.#ports();
    this.#operations();
    this.#types();
    return this.#changes;
  }

  #ports(): void {
    const before = new Map(this.#from.ports.map((p) => [p.name, p]));
    const after = new Map(this.#to.ports.map((p) => [p.name, p]));
    for (const [name, port] of before) {
      const now = after.get(name);
      if (now === undefined) this.#add('service', 'removed', name, `SOAP ${port.soapVersion} port`, 'major');
      else if (now.soapVersion !== port.soapVersion) {
        this.#add(
          'service',
          'changed',
          name,
          `SOAP version changed from ${port.soapVersion} to ${now.soapVersion}`,
          'major',
        );
      } else if (now.address !== port.address) {
        this.#add(
          'service',
          'changed',
          name,
          `address changed from ${port.address} to ${now.address}`,
          'patch',
        );
      }
    }
    for (const [name, port] of after) {
      if (!before.has(name)) this.#add('service', 'added', name, `SOAP ${port.soapVersion} port`, 'minor');
    }
  }

  #operations(): void {
    const before = new Map(this.#from.operations.map((o) => [o.name, o]));
    const after = new Map(this.#to.operations.map((o) => [o.name, o]));
    for (const [name, operation] of before) {
      const now = after.get(name);
      if (now === undefined) {
        this.#add('operation', 'removed', name, 'calls to it no longer compile', 'major');
        continue;
      }
      if (operation.soapAction !== now.soapAction) {
        const detail = `SOAPAction changed from "${operation.soapAction}" to "${now.soapAction}"`;
        this.#add('operation', 'changed', name, detail, 'major');
      }
      this.#message(operation.input, now.input, { sent: true, read: false });
      if (operation.output && now.output)
        this.#message(operation.output, now.output, { sent: false, read: true });
      else if (operation.output) this.#add('operation', 'changed', name, 'no longer has a response', 'major');
      else if (now.output) this.#add('operation', 'changed', name, 'now has a response', 'minor');
    }
    for (const name of after.keys()) {
      if (!before.has(name)) this.#add('operation', 'added', name, 'new operation', 'minor');
    }
    const [header] = this.#from.operations[0]?.headers ?? [];
    const [headerNow] = this.#to.operations[0]?.headers ?? [];
    if (header && headerNow) this.#message(header, headerNow, { sent: true, read: false });
    else if (header || headerNow) {
      const name = (header ?? headerNow)?.xmlName ?? '';
      this.#add('message', header ? 'removed' : 'added', name, 'request header', 'major');
    }
  }

  #message(before: MessageElement, after: MessageElement, audience: Audience): void {
    const name = after.xmlName;
    if (before.xmlName !== after.xmlName) {
      this.#add(
        'message',
        'changed',
        name,
        `element changed from <${before.xmlName}> to <${after.xmlName}>`,
        'major',
      );
    }
    if (before.base !== after.base) {
      const detail = `base type changed from ${before.base ?? 'none'} to ${after.base ?? 'none'}`;
      this.#add('message', 'changed', name, detail, 'major');
    }
    this.#fields(
      name,
      before.fields,
      after.fields,
      audience,
      before.group === 'all' && after.group === 'all',
    );
  }

  #types(): void {
    const before = new Map(this.#from.types.map((t) => [t.name, t]));
    const after = new Map(this.#to.types.map((t) => [t.name, t]));
    const sent = reachableTypes(this.#to, 'input');
    const read = reachableTypes(this.#to, 'output');
    for (const [name, type] of before) {
      const now = after.get(name);
      // The type is unused, but programs may import its name.
      const audience = { sent: sent.has(name), read: read.has(name) };
      if (now === undefined) this.#add('type', 'removed', name, 'imports of it no longer compile', 'major');
      else this.#type(name, type, now, audience);
    }
    for (const name of after.keys())
      if (!before.has(name)) this.#add('type', 'added', name, 'new type', 'minor');
  }

  #type(name: string, before: TypeDefinition, after: TypeDefinition, audience: Audience): void {
    if (before.kind === 'complex' && after.kind === 'complex') {
      if (before.base !== after.base) {
        const detail = `base type changed from ${before.base ?? 'none'} to ${after.base ?? 'none'}`;
        this.#add('type', 'changed', name, detail, 'major');
      }
      this.#fields(
        name,
        before.fields,
        after.fields,
        audience,
        before.group === 'all' && after.group === 'all',
      );
    } else if (before.kind === 'simple' && after.kind === 'simple') {
      if (before.primitive !== after.primitive) {
        this.#add(
          'type',
          'changed',
          name,
          `changed from xsd:${before.primitive} to xsd:${after.primitive}`,
          'major',
        );
      }
      const gone = before.enumeration.filter((v) => !after.enumeration.includes(v));
      const fresh = after.enumeration.filter((v) => !before.enumeration.includes(v));
      const opened = before.enumeration.length > 0 && after.enumeration.length === 0;
      if (opened)
        this.#add('type', 'changed', name, 'any value is now allowed', audience.read ? 'major' : 'minor');
      else if (gone.length > 0)
        this.#add('type', 'changed', name, `values removed: ${gone.join(', ')}`, 'major');
      if (fresh.length > 0) this.#add('type', 'changed', name, `values added: ${fresh.join(', ')}`, 'minor');
    } else {
      this.#add(
        'type',
        'changed',
        name,
        `changed from a ${before.kind} type to a ${after.kind} type`,
        'major',
      );
    }
  }

  #fields(
    owner: string,
    before: readonly Field[],
    after: readonly Field[],
    audience: Audience,
    orderFree: boolean,
  ): void {
    const key = (f: Field): string => (f.attribute ? `@${f.name}` : f.name);
    const old = new Map(before.map((f) => [key(f), f]));
    const now = new Map(after.map((f) => [key(f), f]));
    for (const [name, field] of old) {
      const current = now.get(name);
      if (current === undefined) this.#add('field', 'removed', `${owner}/${name}`, describe(field), 'major');
      else this.#field(`${owner}/${name}`, field, current, audience);
    }
    for (const [name, field] of now) {
      if (old.has(name)) continue;
      const mustSend = audience.sent && field.min > 0;
      const suffix = mustSend ? '; now required in requests' : '';
      this.#add('field', 'added', `${owner}/${name}`, describe(field) + suffix, mustSend ? 'major' : 'minor');
    }
    const kept = [...old.keys()].filter((k) => now.has(k));
    const keptNow = [...now.keys()].filter((k) => old.has(k));
    if (!orderFree && kept.join() !== keptNow.join()) {
      this.#add('type', 'changed', owner, 'order of the fields on the wire changed', 'patch');
    }
  }

  #field(name: string, before: Field, after: Field, audience: Audience): void {
    const change = (detail: string, bump: Bump): void => this.#add('field', 'changed', name, detail, bump);
    if (typeText(before) !== typeText(after))
      change(`changed from ${typeText(before)} to ${typeText(after)}`, 'major');
    if (before.min === 0 && after.min > 0) {
      change('now required', audience.sent ? 'major' : 'minor');
    } else if (before.min > 0 && after.min === 0) {
      change('now optional', audience.read ? 'major' : 'minor');
    }
    if (before.max !== after.max) {
      const detail = `now allowed ${times(after.max)} instead of ${times(before.max)}`;
      const wider = after.max > before.max;
      const shapeChanged = before.max <= 1 !== after.max <= 1;
      change(detail, shapeChanged || (wider ? audience.read : audience.sent) ? 'major' : 'minor');
    }
    if (before.nillable !== after.nillable) {
      const harmful = after.nillable ? audience.read : audience.sent;
      change(after.nillable ? 'can now be nil' : 'can no longer be nil', harmful ? 'major' : 'minor');
    }
  }

  #add(
    kind: ContractChange['kind'],
    change: ContractChange['change'],
    name: string,
    detail: string,
    bump: Bump,
  ): void {
    this.#changes.push({ kind, change, name, detail, breaking: bump === 'major', bump });
  }
}

function describe(field: Field): string {
  return `${typeText(field)}, ${field.min > 0 ? 'required' : 'optional'}`;
}

function typeText(field: Field): string {
  const name = field.type.kind === 'primitive' ? `xsd:${field.type.name}` : field.type.name;
  return field.max > 1 ? `${name}[]` : name;
}

function times(max: number): string {
  return max === UNBOUNDED ? 'any number of times' : max === 1 ? 'once' : `${max} times`;
}
