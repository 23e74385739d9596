/** A complete tag. Attribute values may contain `>`. */
const TAG = /<[^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*>/y;
/** The content of a processing instruction: its target, then optionally white space and any text. */
const INSTRUCTION = /^(?!xml(?:[ \t\n]|$))[a-z_][\w.-]*(?:[ \t\n]|$)/i;

/** The number of pieces to keep before joining them, so a document of comments does not use many times its size. */
const MAX_PARTS = 65_536;

/**
 * Removes comments and processing instructions from a document and replaces CDATA sections with escaped text, for a reader of plain
 * documents. A document without any is returned unchanged.
 *
 * It accepts only markup between tags and outside references, which is certainly well-formed. Otherwise the result could be well-formed
 * although the original is not. For any other document it returns `undefined`.
 *
 * It reads each character a fixed number of times.
 *
 * @param text - A document with line feeds as line ends.
 * @param start - Position after the XML declaration.
 */
export function withoutMarkup(text: string, start: number): string | undefined {
  if (!hasMarkup(text, start)) return text;
  let bang = text.indexOf('<!', start);
  let instruction = text.indexOf('<?', start);
  let parts: string[] = [];
  let done = text.slice(0, start);
  let from = start;
  let seenTag = false;
  // CDATA must be inside the document element.
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

/** Whether there may be some. The engine finds a character fast if it is rare, which `<` is not. */
function hasMarkup(text: string, start: number): boolean {
  const bang = text.indexOf('!', start);
  if (bang >= 0 && (text.includes('!--', bang) || text.includes('![CDATA[', bang))) return true;
  return text.includes('?>', start);
}

/** Whether a piece of a document ends outside tags and references. */
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

/** The content of CDATA as escaped text, which must not form a `]]>` with the text around it. */
function escaped(content: string): string {
  let text = content;
  if (text.includes('&')) text = text.replaceAll('&', '&amp;');
  if (text.includes('<')) text = text.replaceAll('<', '&lt;');
  if (text.includes('>')) text = text.replaceAll('>', '&gt;');
  return text.endsWith(']') ? `${text.slice(0, -1)}&#93;` : text;
}
