import { contract } from '@ips-sdk/types/contract';
import { codec, createCodec } from '@ips-sdk/wire';
import { isPrimitive } from './contract-model.ts';

/** The credentials that examples show. They are nobody's. */
export const exampleHeader = {
  user: 'ann@example.com',
  password: 'secret',
  appName: 'Importer',
  appVersion: '1.0',
} as const;

/** What a client sends, as the codec writes it, on lines of its own. */
export function requestXml(operation: string, input: object): string {
  return indentXml(codec.encodeRequest(operation as never, input as never, { header: exampleHeader }));
}

/** What the service answers. */
export function responseXml(operation: string, output: object): string {
  return indentXml(codec.encodeResponse(operation as never, output as never));
}

const WRAPPER = 'TypeExample';

/** A value of a type as the element that it is inside of a message. */
export function typeXml(type: string, value: unknown): string {
  if (isPrimitive(type)) throw new TypeError(`expected a type of the contract, found ${type}`);
  const element = type.charAt(0).toLowerCase() + type.slice(1);
  const wrapped = createCodec({
    ...contract,
    messages: {
      ...contract.messages,
      [WRAPPER]: { element: WRAPPER, fields: [[element, type, 1, 1]] },
    },
  });
  const xml = wrapped.encodeMessage(WRAPPER, { [element]: value });
  // Without the element that only served to hold it; the element itself gets its namespace.
  const inner = xml.replace(/^<TypeExample xmlns="([^"]*)">/, '').replace(/<\/TypeExample>$/, '');
  return indentXml(inner.replace(/^<([\w.-]+)/, `<$1 xmlns="${contract.messageNamespace}"`));
}

/**
 * Puts the elements of a document on lines of their own. The codec writes elements that hold either elements or text, never both,
 * so no text is changed.
 */
export function indentXml(xml: string): string {
  const lines: string[] = [];
  let depth = 0;
  const tokens = /<\?[^>]*\?>|<([\w:.-]+)([^<>]*?)>([^<]*)<\/\1>|<\/[^>]+>|<[^>]+\/>|<[^>]+>/g;
  for (const [token, simple] of xml.matchAll(tokens)) {
    if (token.startsWith('</')) depth -= 1;
    lines.push('  '.repeat(depth) + token);
    const opens =
      simple === undefined && !token.startsWith('</') && !token.startsWith('<?') && !token.endsWith('/>');
    if (opens) depth += 1;
  }
  return lines.join('\n');
}
