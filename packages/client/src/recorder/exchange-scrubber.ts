import { operationOf } from './contracts.js';
import type { Fixture } from './fixture.js';
import type { Pseudonyms } from './pseudonyms.js';
import type { RawExchange } from './raw-exchange.js';
import { TextScrubber } from './text-scrubber.js';
import { parseXml, xmlLines } from './xml-node.js';
import { XmlScrubber } from './xml-scrubber.js';

const SERVICE_PATH = /^\/scene7\/(?:services|api)\/IpsApiService(?:-\w{1,12})?$|^\/scene7\/UploadFile$/;
const MEDIA_TYPE =
  /^\s*((?:text|application|multipart)\/(?:xml|soap\+xml|html|plain|json|form-data|octet-stream))\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([\w-]{1,12})"?/i;

/** Converts exchanges to fixtures without private data. */
export class ExchangeScrubber {
  readonly #pseudonyms: Pseudonyms;
  readonly #texts: TextScrubber;
  readonly #documents: XmlScrubber;

  constructor(pseudonyms: Pseudonyms, kept: Iterable<string>) {
    this.#pseudonyms = pseudonyms;
    this.#texts = new TextScrubber(pseudonyms, kept);
    this.#documents = new XmlScrubber(this.#texts);
  }

  /** The pseudonym of a name or an e-mail address. */
  pseudonym(text: string): string {
    return this.#texts.value(text);
  }

  scrub(exchange: RawExchange): Fixture {
    this.#note(exchange);
    const { operation, attempt, url, status, response, failure, duration } = exchange;
    const known = operationOf(operation) !== undefined;
    const parts = exchange.parts.map((part) =>
      'xml' in part
        ? { name: part.name, xml: this.#xml(part.xml) ?? [] }
        : {
            name: part.name,
            fileName: this.#texts.value(part.fileName),
            size: part.size,
            ...(part.sha256 === undefined ? {} : { sha256: part.sha256 }),
          },
    );
    return {
      operation: known ? operation : this.#texts.value(operation),
      attempt,
      request: {
        path: this.#path(url),
        headers: this.#requestHeaders(exchange.requestHeaders),
        ...(parts.length > 0 ? { parts } : { xml: this.#xml(exchange.request) ?? [] }),
      },
      ...(status === undefined
        ? {}
        : {
            answer: {
              status,
              headers: this.#answerHeaders(exchange.responseHeaders),
              ...this.#answer(response),
            },
          }),
      ...(failure === undefined ? {} : { failure: /^\w{1,40}$/.test(failure) ? failure : 'Error' }),
      duration: Math.round(duration),
    };
  }

  /** Collects secrets before anything is scrubbed, since a response may echo its request. */
  #note({ company, requestHeaders, request, parts, response }: RawExchange): void {
    if (company !== undefined) this.#texts.addName(company);
    const basic = /^Basic\s+(\S+)/i.exec(headerOf(requestHeaders, 'authorization') ?? '')?.[1];
    if (basic !== undefined) {
      const password = Buffer.from(basic, 'base64')
        .toString()
        .replace(/^[^:]*:/, '');
      this.#texts.addSecret(password);
      this.#texts.addSecret(basic);
    }
    const documents = [request, ...parts.map((part) => ('xml' in part ? part.xml : '')), response ?? ''];
    for (const text of documents) {
      const document = text === '' ? undefined : parseXml(text);
      if (document !== undefined) this.#documents.note(document);
    }
  }

  #xml(text: string): string[] | undefined {
    const document = parseXml(text);
    return document === undefined ? undefined : xmlLines(this.#documents.scrub(document));
  }

  #answer(text: string | undefined): { xml?: string[]; unreadable?: number } {
    if (text === undefined) return {};
    const xml = this.#xml(text);
    return xml === undefined ? { unreadable: text.length } : { xml };
  }

  #path(url: string): string {
    const { pathname } = new URL(url);
    return SERVICE_PATH.test(pathname) ? pathname : this.#texts.value(pathname);
  }

  #requestHeaders(headers: RawExchange['requestHeaders']): Record<string, string> {
    const action = headerOf(headers, 'soapaction');
    return {
      ...contentType(headers),
      ...(action !== undefined && operationOf(action.replaceAll('"', '')) !== undefined
        ? { soapaction: action }
        : {}),
      ...matching(headers, 'accept-encoding', /^(?:gzip|identity)$/),
    };
  }

  #answerHeaders(headers: RawExchange['responseHeaders']): Record<string, string> {
    const date = Date.parse(headerOf(headers, 'date') ?? '');
    return {
      ...contentType(headers),
      ...matching(headers, 'content-encoding', /^[a-z-]{1,12}$/),
      ...(Number.isNaN(date) ? {} : { date: this.#pseudonyms.moment(date).toUTCString() }),
      ...matching(headers, 'retry-after', /^\d{1,6}$/),
    };
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function headerOf(headers: Headers, name: string): string | undefined {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return Array.isArray(found) ? found[0] : found;
}

function matching(headers: Headers, name: string, form: RegExp): Record<string, string> {
  const value = headerOf(headers, name);
  return value !== undefined && form.test(value) ? { [name]: value } : {};
}

/** The media type and a known charset, without any other part of the header. */
function contentType(headers: Headers): Record<string, string> {
  const value = headerOf(headers, 'content-type');
  if (value === undefined) return {};
  const type = MEDIA_TYPE.exec(value)?.[1]?.toLowerCase() ?? 'application/octet-stream';
  const charset = CHARSET.exec(value)?.[1];
  const known = charset !== undefined && /^(?:utf-?8|us-ascii|iso-8859-\d+|windows-125\d)$/i.test(charset);
  return { 'content-type': known ? `${type};charset=${charset}` : type };
}
