/** Indents XML. Elements with text stay on one line. */
export function indentXml(xml: string): string {
  let depth = 0;
  const lines: string[] = [];
  for (const token of xml.replace(/>\s+</g, '><').match(/<[^>]+>[^<]*/g) ?? []) {
    const close = /^<\//.test(token);
    const open = !close && !/^<[?!]/.test(token) && !/\/>/.test(token);
    if (close) depth -= 1;
    const last = lines.at(-1);
    const name = /^<\/([^>\s]+)/.exec(token)?.[1];
    const opened = last === undefined ? undefined : /^\s*<([^\s/>]+)[^>]*>[^<]*$/.exec(last)?.[1];
    if (close && name === opened) lines[lines.length - 1] = `${last}${token.trimEnd()}`;
    else lines.push(`${'  '.repeat(Math.max(0, depth))}${token}`);
    if (open) depth += 1;
  }
  return `${lines.join('\n')}\n`;
}
