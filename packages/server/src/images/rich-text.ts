/** A text in the markup of the library that draws it. */
export interface RichText {
  readonly markup: string;
  /** Characters that are shown. */
  readonly length: number;
  readonly align: Alignment;
  /** All alignments of its paragraphs. */
  readonly alignments: ReadonlySet<Alignment>;
  /** Where it is in a box that is higher. */
  readonly vertical: 'top' | 'center' | 'bottom';
  /** The markup of its first line. */
  readonly firstLine: string;
}

export type Alignment = 'left' | 'center' | 'right' | 'justified';

/** How a run of characters looks. */
interface Look {
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: '' | 'single' | 'double' | 'error';
  readonly script: '' | 'sub' | 'super';
  readonly capitals: '' | 'all' | 'small';
  /** The name of a font; `undefined` for the default. */
  readonly face: string | undefined;
  /** Half points by which it is above the line. */
  readonly rise: number;
  /** Twentieths of a point between characters. */
  readonly spacing: number;
  /** In half points; 0 for the default. */
  readonly size: number;
  readonly color: string | undefined;
}

const PLAIN: Look = {
  bold: false,
  italic: false,
  underline: '',
  script: '',
  capitals: '',
  face: undefined,
  rise: 0,
  spacing: 0,
  size: 0,
  color: undefined,
};

/** Kinds of underlining; others are lines as usual. */
const UNDERLINES: Readonly<Record<string, Look['underline']>> = {
  ul: 'single',
  uld: 'single',
  uldash: 'single',
  uldashd: 'single',
  uldashdd: 'single',
  ulth: 'single',
  ulw: 'single',
  uldb: 'double',
  ulwave: 'error',
};

const ALIGNMENTS: Readonly<Record<string, Alignment>> = {
  ql: 'left',
  qc: 'center',
  qr: 'right',
  qj: 'justified',
};

const VERTICAL: Readonly<Record<string, RichText['vertical']>> = {
  vertalt: 'top',
  vertalc: 'center',
  vertalb: 'bottom',
};

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
 * A plain text, or one in RTF: of its commands, those for paragraphs, alignment, fonts, bold, italic, underlined, raised, capitals, spacing,
 * sizes and colors. Others are skipped.
 */
export function pangoOf(text: string): RichText {
  if (!/^\s*\{\\rtf/.test(text)) {
    const [firstLine = ''] = text.split(/[\r\n]/);
    return {
      markup: escaped(text),
      length: lengthOf(text),
      align: 'left',
      alignments: new Set(),
      vertical: 'top',
      firstLine: escaped(firstLine),
    };
  }
  return new RtfReader(text).read();
}

class RtfReader {
  readonly #text: string;
  readonly #runs: { readonly look: Look; text: string }[] = [];
  readonly #stack: { look: Look; silent: boolean }[] = [];
  readonly #colors: string[];
  readonly #fonts: ReadonlyMap<number, string>;
  readonly #alignments = new Set<Alignment>();
  #look = PLAIN;
  #silent = false;
  #align: Alignment = 'left';
  #vertical: RichText['vertical'] = 'top';

  constructor(text: string) {
    this.#text = text;
    this.#fonts = fontsIn(text);
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
    const end = this.#runs.findIndex(({ text }) => text.includes('\n'));
    const first = end < 0 ? this.#runs : this.#runs.slice(0, end + 1);
    return {
      markup: this.#runs.map(({ look, text }) => spanOf(look, text)).join(''),
      length: lengthOf(shown),
      align: this.#align,
      alignments: this.#alignments,
      vertical: this.#vertical,
      firstLine: first.map(({ look, text }) => spanOf(look, text.replace(/\n.*$/s, ''))).join(''),
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
    else if (Object.hasOwn(UNDERLINES, word))
      this.#look = { ...look, underline: on ? (UNDERLINES[word] ?? '') : '' };
    else if (word === 'ulnone') this.#look = { ...look, underline: '' };
    else if (word === 'sub' || word === 'super') this.#look = { ...look, script: on ? word : '' };
    else if (word === 'nosupersub') this.#look = { ...look, script: '' };
    else if (word === 'caps') this.#look = { ...look, capitals: on ? 'all' : '' };
    else if (word === 'scaps') this.#look = { ...look, capitals: on ? 'small' : '' };
    else if (word === 'f') this.#look = { ...look, face: this.#fonts.get(number ?? 0) };
    else if (word === 'up') this.#look = { ...look, rise: within(number ?? 6) };
    else if (word === 'dn') this.#look = { ...look, rise: -within(number ?? 6) };
    else if (word === 'expndtw') this.#look = { ...look, spacing: within(number ?? 0) };
    else if (word === 'expnd') this.#look = { ...look, spacing: within((number ?? 0) * 5) };
    else if (word === 'fs') this.#look = { ...look, size: Math.min(MAX_SIZE, Math.max(0, number ?? 0)) };
    else if (word === 'cf') this.#look = { ...look, color: this.#colors[number ?? 0] || undefined };
    else if (word === 'plain') this.#look = PLAIN;
    else if (Object.hasOwn(VERTICAL, word)) this.#vertical = VERTICAL[word] ?? 'top';
    else if (Object.hasOwn(ALIGNMENTS, word)) {
      this.#align = ALIGNMENTS[word] ?? 'left';
      this.#alignments.add(this.#align);
    }
  }

  #show(text: string): void {
    if (this.#silent || text === '') return;
    const last = this.#runs.at(-1);
    if (last?.look === this.#look) last.text += text;
    else this.#runs.push({ look: this.#look, text });
  }
}

/** The names of fonts by their numbers. */
function fontsIn(text: string): ReadonlyMap<number, string> {
  const [, table = ''] = /\{\\fonttbl((?:[^{}]|\{[^{}]*\})*)\}/.exec(text) ?? [];
  const found = [...table.matchAll(/\\f(\d{1,5})((?:\\[a-z]+-?\d* ?)*)([^\\{};]+)/gi)];
  return new Map(found.map(([, number, , name = '']) => [Number(number), name.trim().slice(0, 100)]));
}

const within = (number: number): number => Math.max(-MAX_SIZE, Math.min(MAX_SIZE, number));

function spanOf(look: Look, text: string): string {
  if (text === '') return '';
  const { bold, italic, underline, script, capitals, face, rise, spacing, size, color } = look;
  const attributes = [
    bold ? 'weight="bold"' : '',
    italic ? 'style="italic"' : '',
    underline === '' ? '' : `underline="${underline}"`,
    script === ''
      ? ''
      : `font_scale="${script === 'sub' ? 'subscript' : 'superscript'}" baseline_shift="${script}script"`,
    capitals === '' ? '' : capitals === 'all' ? 'text_transform="uppercase"' : 'variant="small-caps"',
    face === undefined || face === '' ? '' : `face="${escaped(face).replaceAll('"', '&quot;')}"`,
    rise === 0 ? '' : `rise="${rise * 512}"`,
    spacing === 0 ? '' : `letter_spacing="${Math.round(spacing * 51.2)}"`,
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
