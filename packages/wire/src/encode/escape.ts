import { WireError } from '../errors.js';
import { NOT_XML } from '../not-xml.js';
import { type Path, pathText } from './path.js';

const FORBIDDEN = new RegExp(`[${NOT_XML}]`);

/** Escapes text for an element, including carriage returns, which a parser would turn into line feeds. */
export function escapeText(text: string, path?: Path): string {
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden) {
    const code = forbidden[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    throw new WireError(
      'bad-character',
      `U+${code} at ${forbidden.index} cannot be written in XML`,
      pathText(path),
    );
  }
  if (!text.isWellFormed())
    throw new WireError('bad-character', 'an unpaired surrogate cannot be written in XML', pathText(path));
  // One replacement per character: few texts contain more than one of them, and a callback for each match would cost more.
  let escaped = text;
  if (escaped.includes('&')) escaped = escaped.replaceAll('&', '&amp;');
  if (escaped.includes('<')) escaped = escaped.replaceAll('<', '&lt;');
  if (escaped.includes('>')) escaped = escaped.replaceAll('>', '&gt;');
  return escaped.includes('\r') ? escaped.replaceAll('\r', '&#xD;') : escaped;
}

/** Escapes text for an attribute in double quotes. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#xA;').replaceAll('\t', '&#x9;');
}
