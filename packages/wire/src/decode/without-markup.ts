/** A whole tag at the end of which text stands; attribute values may contain `>`. */
const TAG = /<[^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*>/y;
/** What a processing instruction says: its target, and after white space anything. */
const INSTRUCTION = /^(?!xml(?:[ \t\n]|$))[a-z_][\w.-]*(?:[ \t\n]|$)/i;

/** So many pieces are kept apart, so that a document of comments does not take many times its size. */
const MAX_PARTS = 65_536;

/**
 * Writes a document without comments, CDATA sections and processing instructions, so that a reader of plain documents
 * understands it: CDATA becomes escaped text, the others nothing. A document without any is returned as it is.
 *
 * It only accepts markup that is certainly well-formed: between tags, and not in the middle of a reference. Otherwise the document
 * without it could be well-formed although the original is not. For any other document it returns `undefined`.
 *
 * It reads every character a fixed number of times, for any document.
 *
 * @param text - A document whose line ends are line feeds.
 * @param start - Where the XML declaration has ended.
 */
export function withoutMarkup(text: string, start: number): string | undefined {
  let bang = text.indexOf('<!', start);
  let instruction = text.indexOf('<?', start);
  if (bang < 0 && instruction < 0) return text;
  let parts: string[] = [];
  let done = text.slice(0, start);
  let from = start;
  let seenTag = false;
  // CDATA is inside the document element, which begins before it and ends after it.
  let openCdata = false;
  while (bang >= 0 || instruction >= 0) {
    const at = bang < 0 || (instruction >= 0 && instruction < bang) ? instruction : bang;
    const before = text.slice(from, at);
    const lastTag = before.lastIndexOf('<');
    if (lastTag >= 0) {
      seenTag = true;
      openCdata = false;
    }
    if (!endsInText(before, lastTag)) return undefined;
    parts.push(before);
    if (parts.length >= MAX_PARTS) {
      done += parts.join('');
      parts = [];
    }
    if (at === instruction) {
      const end = text.indexOf('?>', at + 2);
      if (end < 0 || !INSTRUCTION.test(text.slice(at + 2, end))) return undefined;
      from = end + 2;
    } else if (text.startsWith('<!--', at)) {
      const end = text.indexOf('--', at + 4);
      if (end < 0 || text[end + 2] !== '>') return undefined;
      from = end + 3;
    } else if (text.startsWith('<![CDATA[', at)) {
      const end = text.indexOf(']]>', at + 9);
      if (end < 0 || !seenTag) return undefined;
      openCdata = true;
      parts.push(escaped(text.slice(at + 9, end)));
      from = end + 3;
    } else return undefined;
    if (bang >= 0 && bang < from) bang = text.indexOf('<!', from);
    if (instruction >= 0 && instruction < from) instruction = text.indexOf('<?', from);
  }
  const rest = text.slice(from);
  if (openCdata && !rest.includes('</')) return undefined;
  return done + parts.join('') + rest;
}

/** Whether a piece of a document ends outside of a tag and of a reference. */
function endsInText(piece: string, lastTag: number): boolean {
  let end = 0;
  if (lastTag >= 0) {
    TAG.lastIndex = lastTag;
    if (!TAG.test(piece)) return false;
    end = TAG.lastIndex;
  }
  const reference = piece.lastIndexOf('&');
  return reference < end || piece.includes(';', reference);
}

/** The content of CDATA as text. It must not form a `]]>` with the text around it. */
function escaped(content: string): string {
  let text = content;
  if (text.includes('&')) text = text.replaceAll('&', '&amp;');
  if (text.includes('<')) text = text.replaceAll('<', '&lt;');
  if (text.includes('>')) text = text.replaceAll('>', '&gt;');
  return text.endsWith(']') ? `${text.slice(0, -1)}&#93;` : text;
}
