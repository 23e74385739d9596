import type { ContractField } from '@ips-sdk/types/contract';
import { fieldsOfElement, fieldsOfType } from './contracts.js';
import { SECRET } from './pseudonyms.js';
import { isSimpleValue } from './simple-value.js';
import type { TextScrubber } from './text-scrubber.js';
import { contractNames } from './vocabulary.js';
import { elementsOf, localName, textOf, type XmlElement } from './xml-node.js';

/** Names of secret fields, in this and later contracts. */
const SECRET_FIELD = /^(?:.*password|.*token|.*secret|.*credentials?|samlResponse)$/i;
/** Fields with messages of the service. */
const MESSAGE_FIELD =
  /^(?:logMessage|progressMessage|reason|scoreDetail|taskType|faultcode|faultstring|faultactor|Text|Value|Code)$/;
/** Fields with names from users, which may equal values of the contract. */
const NAME_FIELD =
  /(?:name|user|email|path|folder|file|company|title|keywords?|descriptions?|comments?|sku|userData|string\d|values)$/i;
const HANDLE_FIELD = /handle(?:array)?$/i;
const FIELD_PATHS = /^(?:response|exclude)FieldArray$/;
const LOCALE = /^[a-z]{2}(?:[-_][A-Z]{2})?$/;
const SCHEDULE =
  /^(?:(?:[\d*?/,#LWC-]|MON|TUE|WED|THU|FRI|SAT|SUN|JAN|FEB|MAR|APR|MAY|JU[NL]|AUG|SEP|OCT|NOV|DEC)+ ?){6,7}$/;

/** Public namespaces. */
const NAMESPACE =
  /^http:\/\/(?:(?:www\.)?scene7\.com\/IpsApi(?:\/xsd)?(?:\/\d{4}-\d\d-\d\d(?:-beta)?)?|(?:schemas\.xmlsoap\.org|www\.w3\.org)\/[\w./-]+)\/?$/;

interface Place {
  /** Name of the element, or of the array for an item. */
  readonly name: string;
  /** Type in the contract, if the element is in the contract. */
  readonly type: string | undefined;
  readonly fields: readonly ContractField[] | undefined;
}

/** SOAP elements that contain messages. */
const CARRIERS: ReadonlySet<string> = new Set(['Envelope', 'Header', 'Body', 'Fault', 'detail', 'Detail']);

/** Scrubs a document element by element, according to the contract. */
export class XmlScrubber {
  readonly #texts: TextScrubber;

  constructor(texts: TextScrubber) {
    this.#texts = texts;
  }

  /** Collects the secrets and names of a document, to find them in other places too. */
  note(element: XmlElement): void {
    for (const child of elementsOf(element)) this.note(child);
    const text = textOf(element);
    if (SECRET_FIELD.test(element.local)) this.#texts.addSecret(text);
    else if (NAME_FIELD.test(element.local)) this.#texts.addName(text);
  }

  scrub(element: XmlElement): XmlElement {
    return this.#element(element, {
      name: element.local,
      type: undefined,
      fields: fieldsOfElement(element.local),
    });
  }

  #element(element: XmlElement, place: Place): XmlElement {
    const inner = elementsOf(element);
    const attributes = element.attributes.map(
      ([name, value]) => [this.#markup(name), this.#attribute(name, value)] as const,
    );
    const name = this.#markup(element.name);
    const { local } = element;
    if (inner.length === 0)
      return { name, local, attributes, children: [this.#leaf(textOf(element), place)] };
    const children = element.children.map((child) => {
      // Text between elements is never expected, so it may be private.
      if (typeof child === 'string') return child.trim() === '' ? child : this.#texts.value(child.trim());
      return this.#element(child, placeOf(child, element, place));
    });
    return { name, local, attributes, children };
  }

  /** The name of an element or attribute, which is kept if it is a plausible name of the service. */
  #markup(name: string): string {
    const own =
      /^(?:[A-Za-z_][\w.-]{0,20}:)?[A-Za-z_][\w.-]{0,50}$/.test(name) && !this.#texts.isSecret(name);
    return own ? name : this.#texts.value(name).replace(/[^\w-]/g, '_');
  }

  #attribute(name: string, value: string): string {
    if (name === 'xmlns' || name.startsWith('xmlns:') || localName(name) === 'encodingStyle')
      return NAMESPACE.test(value) && !this.#texts.isSecret(value) ? value : this.#texts.value(value);
    if (localName(name) === 'type' && contractNames.has(localName(value))) return value;
    return this.#texts.value(value);
  }

  #leaf(text: string, { name, type }: Place): string {
    const texts = this.#texts;
    if (text.trim() === '') return text === '' ? '' : ' ';
    if (SECRET_FIELD.test(name) || texts.isSecret(text)) return SECRET;
    if (type === 'xsd:dateTime') return texts.date(text);
    if (/Id$/.test(name)) return texts.identifier(text);
    if (type === 'xsd:base64Binary')
      return Buffer.from(`scrubbed: ${text.length} characters`).toString('base64');
    if (type !== undefined && isSimpleValue(type, text)) return text;
    if (HANDLE_FIELD.test(name)) return /^\d+$/.test(text) ? texts.identifier(text) : texts.handle(text);
    if (MESSAGE_FIELD.test(name)) return texts.message(text);
    if (FIELD_PATHS.test(name)) return texts.fieldPath(text);
    if (name === 'locale' && LOCALE.test(text)) return text;
    if (name === 'execSchedule' && SCHEDULE.test(text)) return text;
    if (name === 'timeZone' && isTimeZone(text)) return text;
    if (name === 'appName' && /^ips-(?:sdk|cli)$/.test(text)) return text;
    if (name === 'appVersion' && /^\d{1,3}(?:\.\d{1,3}){0,2}$/.test(text)) return text;
    return NAME_FIELD.test(name) ? texts.value(text) : texts.listed(text);
  }
}

function placeOf(child: XmlElement, parent: XmlElement, place: Place): Place {
  if (CARRIERS.has(parent.local)) {
    const fields = fieldsOfElement(child.local);
    if (fields !== undefined) return { name: child.local, type: undefined, fields };
  }
  const field = place.fields?.find(([name]) => name === child.local);
  const type = field?.[1];
  // The name of an array determines the meaning of its items.
  const name = child.local === 'items' ? place.name : child.local;
  return { name, type, fields: type === undefined ? undefined : fieldsOfType(type) };
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
