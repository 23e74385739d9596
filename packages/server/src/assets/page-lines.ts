import type { PlacedLine, PlacedText } from '../db/schema/page-texts.js';
import type { PageCharacters } from '../images/pdf-worker.js';

/** The lines of a page, up to a number of words. */
export interface PageLines {
  readonly lines: readonly PlacedLine[];
  readonly words: number;
  /** Whether the page has more. */
  readonly hasMore: boolean;
}

/** The edges of a rectangle while it grows: left, top, right and bottom. */
type Edges = readonly [left: number, top: number, right: number, bottom: number];

const NOTHING: Edges = [Infinity, Infinity, -Infinity, -Infinity];

/** The character that the renderer writes for a hyphen at the end of a line. */
const BROKEN = 2;

/**
 * Divides the characters of a page into lines of words, each with the whole pixels that it touches. White space separates words. What is
 * outside of the page is omitted.
 */
export function pageLines(characters: PageCharacters, maxWords: number): PageLines {
  const { codes, boxes } = characters;
  const fonts = new Map(characters.fonts.map((font) => [font.from, font]));
  const lines: PlacedLine[] = [];
  let line: { words: PlacedText[]; font: string; pointSize: number } | undefined;
  let word = '';
  let edges = NOTHING;
  let words = 0;
  const endWord = (): void => {
    const text = storable(word);
    if (text !== '' && line !== undefined) {
      line.words.push({ text, ...boxOf(edges) });
      words += 1;
    }
    word = '';
    edges = NOTHING;
  };
  const endLine = (): void => {
    endWord();
    if (line !== undefined && line.words.length > 0) {
      const text = line.words.map((each) => each.text).join(' ');
      lines.push({ text, ...boxOf(line.words.map(edgesOf).reduce(united, NOTHING)), ...line });
    }
    line = undefined;
  };
  let at = 0;
  for (; at < codes.length && words < maxWords; at += 1) {
    const code = codes[at] ?? 0;
    const character = code <= 0x10ffff ? String.fromCodePoint(code) : '';
    if (character === '\n' || character === '\r') endLine();
    else if (/\s/.test(character)) endWord();
    else {
      const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(4 * at, 4 * at + 4);
      if (Number.isNaN(left)) continue;
      const font = fonts.get(at);
      line ??= {
        words: [],
        // Embedded parts of fonts have six letters and a plus sign before their names.
        font: storable(font?.name.replace(/^[A-Z]{6}\+/, '') ?? ''),
        pointSize: Math.round((font?.size ?? 0) * 100) / 100,
      };
      word += code === BROKEN ? '-' : character;
      edges = united(edges, [left, top, right, bottom]);
    }
  }
  endLine();
  return { lines, words, hasMore: at < codes.length || characters.hasMore };
}

const united = (one: Edges, other: Edges): Edges => [
  Math.min(one[0], other[0]),
  Math.min(one[1], other[1]),
  Math.max(one[2], other[2]),
  Math.max(one[3], other[3]),
];

const edgesOf = ({ x, y, width, height }: PlacedText): Edges => [x, y, x + width, y + height];

/** The whole pixels that a rectangle touches. */
function boxOf([left, top, right, bottom]: Edges): Omit<PlacedText, 'text'> {
  const x = Math.floor(left);
  const y = Math.floor(top);
  return { x, y, width: Math.ceil(right) - x, height: Math.ceil(bottom) - y };
}

/** Without what neither XML nor the database can store. */
const storable = (text: string): string => text.toWellFormed().replaceAll(/[\p{Cc}\ufffe\uffff]/gu, '');
