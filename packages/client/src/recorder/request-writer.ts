import { elementsOf, find, textOf, type XmlElement, type XmlNode } from './xml-node.js';

/** Credentials and company of a replay. */
export interface Replayer {
  readonly user: string;
  readonly password: string;
  /** Name of the company. */
  readonly company: string | undefined;
  /** Handle of the company. */
  readonly companyHandle: string | undefined;
}

/** Header elements with credentials. A message may also have a password field. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authHeader', 'AuthUser', 'AuthPassword']);

/** Header fields that replace user and password. */
const TOKENS: readonly string[] = ['accessToken', 'samlResponse'];

const HANDLE_FIELD = /handle(?:array)?$/i;

/** Converts recorded requests for another service, with its credentials and handles. */
export class RequestWriter {
  readonly #replayer: Replayer;
  /** Text of the recording, and its replacement for the other service. */
  readonly #texts: readonly (readonly [string, string])[];
  readonly #handles = new Map<string, string>();
  /** The recorded numbers of companies. */
  readonly #companies = new Set<string>();

  constructor(
    replayer: Replayer,
    recorded: { readonly company?: string | undefined; readonly user?: string | undefined },
  ) {
    this.#replayer = replayer;
    this.#texts = [
      [recorded.company, replayer.company] as const,
      [recorded.user, replayer.user] as const,
    ].flatMap(([from, to]) => (from !== undefined && to !== undefined ? [[from, to] as const] : []));
  }

  /** Whether a document has credentials in its header. */
  static hasCredentials(document: XmlElement): boolean {
    const header = document.local === 'authHeader' ? document : find(document, 'authHeader');
    if (header === undefined) return find(document, 'AuthUser') !== undefined;
    return ['user', ...TOKENS].some((name) => find(header, name) !== undefined);
  }

  /** Maps recorded handles to those of the other service, from two responses to the same request. */
  learn(recorded: XmlElement, ours: XmlElement, name: string = recorded.local): void {
    const [children, others] = [elementsOf(recorded), elementsOf(ours)];
    if (children.length === 0 && HANDLE_FIELD.test(name)) {
      const [from, to] = [textOf(recorded), textOf(ours)];
      if (from !== '' && to !== '' && !this.#handles.has(from)) this.#handles.set(from, to);
    }
    const used = new Map<string, number>();
    for (const child of children) {
      const nth = used.get(child.local) ?? 0;
      used.set(child.local, nth + 1);
      const other = others.filter(({ local }) => local === child.local)[nth];
      if (other !== undefined) this.learn(child, other, child.local === 'items' ? name : child.local);
    }
  }

  /** The request for the other service. */
  write(element: XmlElement): XmlElement {
    return this.#write(element, element.local, CREDENTIALS.has(element.local));
  }

  #write(element: XmlElement, name: string, isHeader: boolean): XmlElement {
    const { user, password } = this.#replayer;
    if (isHeader && (name === 'user' || name === 'AuthUser')) return withText(element, user);
    if (isHeader && (name === 'password' || name === 'AuthPassword')) return withText(element, password);
    if (elementsOf(element).length === 0) return withText(element, this.#text(textOf(element), name));
    const children = element.children.flatMap((child): XmlNode[] => {
      if (typeof child === 'string') return [child];
      if (isHeader && TOKENS.includes(child.local)) return this.#login(child);
      const below = child.local === 'items' ? name : child.local;
      return [this.#write(child, below, isHeader || CREDENTIALS.has(child.local))];
    });
    return { ...element, children };
  }

  /** User and password instead of a token, which is not recorded. */
  #login(token: XmlElement): XmlElement[] {
    const prefix = token.name.slice(0, -token.local.length);
    const { user, password } = this.#replayer;
    return [
      ['user', user],
      ['password', password],
    ].map(([local = '', text = '']) => ({
      name: prefix + local,
      local,
      attributes: token.attributes,
      children: [text],
    }));
  }

  #text(text: string, name: string): string {
    if (!HANDLE_FIELD.test(name)) return this.#replaced(text);
    const isCompany = /^(?:access)?companyHandle$/i.test(name);
    if (isCompany) this.#companies.add(text.split('|').at(-1) ?? '');
    const known = this.#handles.get(text);
    if (known !== undefined) return known;
    const { companyHandle } = this.#replayer;
    if (companyHandle === undefined) return this.#replaced(text);
    const number = companyHandle.split('|').at(-1) ?? '';
    if (isCompany) return companyHandle;
    // Handles of jobs, fields and projects contain the number of their company.
    const parts = text.split('|').map((part, i) => (i > 0 && this.#companies.has(part) ? number : part));
    return this.#replaced(parts.join('|'));
  }

  #replaced(text: string): string {
    return this.#texts.reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
  }
}

function withText(element: XmlElement, text: string): XmlElement {
  return { ...element, children: [text] };
}
