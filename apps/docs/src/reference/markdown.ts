/** Text as Markdown that shows it unchanged, for a place where no markup of its own is wanted. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~]/g, '\\$&');
}

/** A description as plain text, for front matter and lists. */
export function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** The first sentence of a description. */
export function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}

/** A table. Cells are Markdown; a pipe inside of one is escaped here. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ').replace(/\\?\|/g, '\\|');
}

/** A fenced block, its fence longer than any inside of it. */
export function codeBlock(language: string, code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code.trimEnd()}\n${fence}`;
}

/** Keeps a part of a page out of the search: examples in XML hold the names of half the contract. */
export function unindexed(markdown: string, style?: string): string {
  const attributes = style === undefined ? '' : ` class="${style}"`;
  return `<div data-pagefind-ignore${attributes}>\n\n${markdown}\n\n</div>`;
}

/** Inline code, which may hold backticks. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Parts of a page with an empty line between them; empty parts are omitted. */
export function blocks(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** A list of words as people write it: `a, b and c`. */
export function listed(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
