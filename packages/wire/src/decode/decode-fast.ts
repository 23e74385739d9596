import { SOAP11, SOAP12 } from '../encode/encode-envelope.js';
import { faultKind } from '../errors.js';
import type { FullLimits } from '../limits.js';
import { NOT_XML } from '../not-xml.js';
import type { Plans } from '../plan.js';
import type { Decoded } from './decoded.js';
import { FastReader } from './fast-reader.js';
import type { DecodeOptions } from './issue.js';
import { MissingFields } from './missing-fields.js';
import { withoutMarkup } from './without-markup.js';

const FORBIDDEN = new RegExp(`[${NOT_XML}]`);
const DECLARATION = /<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")? ?\?>/y;
const NAME = '[A-Za-z_][A-Za-z0-9_.-]*';
const NAMESPACES = `((?:[ \\t\\n]+xmlns(?::${NAME})?="[^"<&]*")*)`;
const ENVELOPE = new RegExp(
  `[ \\t\\n]*<(${NAME}):Envelope${NAMESPACES}[ \\t\\n]*>[ \\t\\n]*` +
    '(?:<\\1:Header[ \\t\\n]*(?:/>|>[ \\t\\n]*</\\1:Header[ \\t\\n]*>)[ \\t\\n]*)?<\\1:Body[ \\t\\n]*>',
  'y',
);
const MESSAGE = new RegExp(`[ \\t\\n]*<(?:(${NAME}):)?(${NAME})${NAMESPACES}[ \\t\\n]*(/?)>`, 'y');
const NAMESPACE = new RegExp(`xmlns(?::(${NAME}))?="([^"]*)"`, 'g');

/**
 * Reads a plain document, the form that the service writes: an envelope with an empty header and one message of the contract, with
 * elements in order, and no attributes except the namespaces of message and envelope. Comments, CDATA and processing instructions are
 * removed first. Missing required fields are reported, except in strict mode.
 *
 * For any other document, invalid or only unusual, it returns `undefined`. The conformant parser then reads the document and reports
 * mistakes.
 */
export function decodeFast(
  xml: string,
  plans: Plans,
  options: DecodeOptions,
  limits: FullLimits,
): Decoded | undefined {
  if (!xml.isWellFormed()) return undefined;
  const lines = xml.includes('\r') ? xml.replace(/\r\n?/g, '\n') : xml;
  const declaration = lines.startsWith('<?xml ') ? matchAt(DECLARATION, lines, 0) : [''];
  if (declaration === null) return undefined;
  let at = declaration[0]?.length ?? 0;
  const text = withoutMarkup(lines, at);
  if (text === undefined || text.includes(']]>')) return undefined;
  // In the elements of the message, the reader looks for them itself.
  if (text !== lines && FORBIDDEN.test(lines)) return undefined;

  const scope = new Map<string, string>();
  const envelope = matchAt(ENVELOPE, text, at);
  let soapNamespace: string | undefined;
  if (envelope !== null) {
    if (!declare(scope, envelope[2] ?? '', limits)) return undefined;
    soapNamespace = scope.get(envelope[1] ?? '');
    if (soapNamespace !== SOAP11 && soapNamespace !== SOAP12) return undefined;
    at += envelope[0].length;
  }
  const message = matchAt(MESSAGE, text, at);
  if (message === null || FORBIDDEN.test(text.slice(0, at + message[0].length))) return undefined;
  const [tag = '', prefix = '', local = '', namespaces = '', empty] = message;
  const inner = new Map<string, string>();
  if (!declare(inner, namespaces, limits)) return undefined;
  if (!plans.isPlain) return undefined;
  const plan = plans.byElement(local);
  const namespace = inner.get(prefix) ?? scope.get(prefix);
  if (
    plan === undefined ||
    namespace !== (options.namespace ?? plans.contract.messageNamespace) ||
    faultKind(local) !== undefined
  )
    return undefined;

  const missing = options.strict ? undefined : new MissingFields(options.onIssue);
  const reader = new FastReader(text, at + tag.length, prefix === '' ? '' : `${prefix}:`, limits, {
    bigints: options.longs === 'bigint',
    missing,
  });
  const place = missing?.place(undefined, local);
  const value = empty === '/' ? reader.empty(plan.body, place) : reader.complex(plan.body, local, 3, place);
  if (value === undefined) return undefined;
  const rest = text.slice(reader.position);
  const end =
    envelope === null
      ? /^[ \t\n]*$/
      : new RegExp(
          `^[ \\t\\n]*</${envelope[1]}:Body[ \\t\\n]*>[ \\t\\n]*</${envelope[1]}:Envelope[ \\t\\n]*>[ \\t\\n]*$`,
        );
  if (!end.test(rest)) return undefined;
  missing?.report();
  return {
    soapVersion: soapNamespace === undefined ? undefined : soapNamespace === SOAP12 ? '1.2' : '1.1',
    plain: envelope === null,
    message: { plan, value, namespace },
    authHeader: undefined,
    headerBlocks: [],
    fault: undefined,
    bareFault: undefined,
    unknownMessage: undefined,
    rawMessage: undefined,
  };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Records declared namespaces; `false` for declarations that are forbidden, unusual or beyond a limit. */
function declare(scope: Map<string, string>, declarations: string, limits: FullLimits): boolean {
  for (const [, prefix = '', uri = ''] of declarations.matchAll(NAMESPACE)) {
    const odd =
      scope.has(prefix) ||
      prefix.startsWith('xml') ||
      uri.startsWith('http://www.w3.org/XML/') ||
      uri.startsWith('http://www.w3.org/2000/xmlns');
    if (odd || (prefix !== '' && uri === '') || /[\t\n]/.test(uri)) return false;
    if (uri.length > limits.maxText) return false;
    scope.set(prefix, uri);
  }
  return scope.size <= limits.maxAttributes;
}
