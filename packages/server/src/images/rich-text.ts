/** A text in the markup of the library that draws it. */
export interface RichText {
  readonly markup: string;
  /** Characters that are shown. */
  readonly length: number;
  readonly align: 'left' | 'center' | 'right';
}

/** How a run of characters looks. */
interface Look {
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  /** In half points; 0 for the default. */
  readonly size: number;
  readonly color: string | undefined;
}

const PLAIN: Look = { bold: false, italic: false, underline: false, size: 0, color: undefined };

/** Groups that show nothing. */
const SILENT: ReadonlySet<string> = new Set([
  'fonttbl',
  'colortbl',
  'cmykcolortbl',
  'iscolortbl',
  'stylesheet',
  'info',
  'pict',
]);

/** Most groups within each other. */
const MAX_DEPTH = 50;

/** Half points of the largest characters. */
const MAX_SIZE = 2000;

/**
 * A plain text, or one in RTF: of its commands, those for paragraphs, alignment, bold, italic, underlined, sizes and colors. Others are
 * skipped.
 */
export function pangoOf(text: string): RichText {
  if (!/^\s*\{\\rtf/.test(text)) return { markup: escaped(text), length: lengthOf(text), align: 'left' };
  return new RtfReader(text).read();
}

class RtfReader {
  readonly #text: string;
  readonly #runs: { readonly look: Look; text: string }[] = [];
  readonly #stack: { look: Look; silent: boolean }[] = [];
  readonly #colors: string[];
  #look = PLAIN;
  #silent = false;
  #align: RichText['align'] = 'left';

  constructor(text: string) {
    this.#text = text;
    const [, table = ''] = /\{\\colortbl([^{}]*)\}/.exec(text) ?? [];
    this.#colors = table.split(';').map((entry) => {
      const part = (name: string): string =>
        Math.min(255, Number(new RegExp(`\\\\${name}(\\d{1,3})`).exec(entry)?.[1] ?? 0))
          .toString(16)
          .padStart(2, '0');
      return /\\(?:red|green|blue)\d/.test(entry) ? `#${part('red')}${part('green')}${part('blue')}` : '';
    });
  }

  read(): RichText {
    const pattern =
      /\\'([0-9a-f]{2})|\\u(-?\d{1,5}) ?\??|\\([a-z]+)(-?\d{1,9})? ?|\\([\\{}~_*-])|([{}])|([^\\{}\r\n]+)|[\s\S]/gi;
    for (const [, hex, code, word, number, symbol, brace, plain] of this.#text.matchAll(pattern)) {
      if (brace !== undefined) this.#brace(brace);
      else if (hex !== undefined)
        this.#show(new TextDecoder('windows-1252').decode(Uint8Array.of(Number.parseInt(hex, 16))));
      else if (code !== undefined) this.#show(String.fromCharCode(Number(code) & 0xffff));
      else if (word !== undefined) this.#command(word, number === undefined ? undefined : Number(number));
      else if (symbol === '*') this.#silent = true;
      else if (symbol !== undefined) this.#show({ '~': '\u00a0', _: '\u2011', '-': '' }[symbol] ?? symbol);
      else if (plain !== undefined) this.#show(plain);
    }
    const shown = this.#runs.map(({ text }) => text).join('');
    return {
      markup: this.#runs.map(({ look, text }) => spanOf(look, text)).join(''),
      length: lengthOf(shown),
      align: this.#align,
    };
  }

  #brace(brace: string): void {
    if (brace === '{') {
      if (this.#stack.length < MAX_DEPTH) this.#stack.push({ look: this.#look, silent: this.#silent });
      return;
    }
    const outer = this.#stack.pop();
    this.#look = outer?.look ?? PLAIN;
    this.#silent = outer?.silent ?? false;
  }

  #command(word: string, number: number | undefined): void {
    const on = number !== 0;
    const look = this.#look;
    if (SILENT.has(word)) this.#silent = true;
    else if (word === 'par' || word === 'line') this.#show('\n');
    else if (word === 'tab') this.#show('\t');
    else if (word === 'b') this.#look = { ...look, bold: on };
    else if (word === 'i') this.#look = { ...look, italic: on };
    else if (word === 'ul') this.#look = { ...look, underline: on };
    else if (word === 'ulnone') this.#look = { ...look, underline: false };
    else if (word === 'fs') this.#look = { ...look, size: Math.min(MAX_SIZE, Math.max(0, number ?? 0)) };
    else if (word === 'cf') this.#look = { ...look, color: this.#colors[number ?? 0] || undefined };
    else if (word === 'plain') this.#look = PLAIN;
    else if (word === 'ql') this.#align = 'left';
    else if (word === 'qc') this.#align = 'center';
    else if (word === 'qr') this.#align = 'right';
  }

  #show(text: string): void {
    if (this.#silent || text === '') return;
    const last = this.#runs.at(-1);
    if (last?.look === this.#look) last.text += text;
    else this.#runs.push({ look: this.#look, text });
  }
}

function spanOf({ bold, italic, underline, size, color }: Look, text: string): string {
  const attributes = [
    bold ? 'weight="bold"' : '',
    italic ? 'style="italic"' : '',
    underline ? 'underline="single"' : '',
    // In 1024ths of a point.
    size > 0 ? `size="${size * 512}"` : '',
    color === undefined ? '' : `foreground="${color}"`,
  ].filter((each) => each !== '');
  return attributes.length === 0 ? escaped(text) : `<span ${attributes.join(' ')}>${escaped(text)}</span>`;
}

/** Without characters that markup cannot contain. */
const allowed = (text: string): string =>
  text.replaceAll(/(?![\t\n\r])\p{Cc}|[\ud800-\udfff\ufffe\uffff]/gu, '');

const lengthOf = (text: string): number => [...allowed(text).trim()].length;

const escaped = (text: string): string =>
  allowed(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
