import type { ImageRequest } from '@ips-sdk/delivery';
import { xmlText } from '../../xml-text.js';
import type { Content } from '../representation.js';

/** An answer of text, in memory. */
export interface TextContent extends Content {
  readonly bytes: Uint8Array;
}

/** Properties by their names: `image.width`. */
export type Properties = Readonly<Record<string, string | number>>;

/** A list of properties in the format that a request asks for. */
export function propertyContent(
  properties: Properties,
  { values, others }: ImageRequest,
  time: Date,
): TextContent {
  const [, format = 'text'] = values.req ?? [];
  const entries = Object.entries(properties).map(([name, value]) => [name, String(value)] as const);
  switch (format) {
    case 'json':
      return jsonContent(Object.fromEntries(entries), values.id, others['handler']);
    case 'javascript':
      return textContent(
        'text/javascript',
        entries.map(([name, value]) => `${name}='${singleQuoted(value)}'\r\n`).join(''),
      );
    case 'xml':
      return textContent('text/xml', xmlOf(entries));
    default:
      return textContent(
        'text/plain',
        `#S7Z OK\r\n#${time.toUTCString()}\r\n${entries.map(([name, value]) => `${name}=${oneLine(value)}\r\n`).join('')}`,
      );
  }
}

/** A value as the call of a function of the page, as JSONP has it. */
export function jsonContent(
  value: unknown,
  id: string | undefined,
  handler: string | undefined,
): TextContent {
  const named = handler !== undefined && /^[A-Za-z0-9]{1,100}$/.test(handler) ? handler : 's7jsonResponse';
  const json = (part: unknown): string =>
    // What ends a script of a page, or a line of one, does not occur as it is.
    JSON.stringify(part).replaceAll(
      /[<>\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return textContent('text/javascript', `/*jsonp*/${named}(${json(value)},${json(id ?? '')});`);
}

/** A text in the format that a request asks for. */
export function inFormat(
  name: string,
  text: string,
  plain: string,
  { values, others }: ImageRequest,
): TextContent {
  const [, format = 'text'] = values.req ?? [];
  if (format === 'json') return jsonContent({ [name]: text }, values.id, others['handler']);
  if (format === 'xml')
    return textContent(
      'text/xml',
      `<?xml version="1.0" encoding="UTF-8"?>\r\n<${name}>${escapeXml(text)}</${name}>\r\n`,
    );
  return textContent('text/plain', plain);
}

export function textContent(mediaType: string, text: string): TextContent {
  const data = Buffer.from(text, 'utf8');
  return {
    mediaType: `${mediaType}; charset=utf-8`,
    bytes: data,
    size: data.length,
    read: ({ start, end }) => data.subarray(start, end),
  };
}

/** Text for XML and attributes. */
export function escapeXml(text: string): string {
  return xmlText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const oneLine = (value: string): string => value.replaceAll(/[\r\n]+/g, ' ');

const singleQuoted = (value: string): string => oneLine(value).replaceAll("'", "''");

/** Properties in groups by their objects. */
function xmlOf(entries: readonly (readonly [name: string, value: string])[]): string {
  const groups = Map.groupBy(entries, ([name]) => name.slice(0, name.indexOf('.')));
  const written = [...groups].map(
    ([group, properties]) =>
      `<prop-group name="${escapeXml(group)}">${properties
        .map(
          ([name, value]) =>
            `<property name="${escapeXml(name.slice(group.length + 1))}" value="${escapeXml(value)}"/>`,
        )
        .join('')}</prop-group>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\r\n<prop-group>${written.join('')}</prop-group>\r\n`;
}
