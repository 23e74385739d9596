/**
 * The records of a CSV text according to RFC 4180: quoted values may contain commas, quotes and line breaks. Empty lines are
 * skipped.
 *
 * @throws SyntaxError with the line of a quote that is never closed, or that is followed by text.
 */
export function parseCsv(text: string): { readonly line: number; readonly values: readonly string[] }[] {
  const records: { line: number; values: string[] }[] = [];
  let line = 1;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const record = { line, values: [] as string[] };
    for (;;) {
      if (text[at] === '"') {
        const began = line;
        let value = '';
        at += 1;
        for (;;) {
          const quote = text.indexOf('"', at);
          if (quote === -1) throw new SyntaxError(`line ${began}: a quote is never closed`);
          value += text.slice(at, quote);
          at = quote + 1;
          if (text[at] !== '"') break;
          value += '"';
          at += 1;
        }
        line += value.split('\n').length - 1;
        if (!/^(?:,|\r?\n|$)/.test(text.slice(at, at + 2)))
          throw new SyntaxError(`line ${line}: expected a comma or a line break after the quote`);
        record.values.push(value);
      } else {
        const [value = ''] = /^[^,\r\n]*/.exec(text.slice(at, at + 65_536)) ?? [];
        at += value.length;
        record.values.push(value.trim());
      }
      if (text[at] !== ',') break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (record.values.length > 1 || record.values[0] !== '') records.push(record);
  }
  return records;
}
