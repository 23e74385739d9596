// Letters of 5 by 7 dots, for texts in generated pictures: they look the same on every machine, whatever fonts it has.

/** The most characters of a text. */
export const MAX_TEXT = 60;

/** Width and height of a letter in dots. */
export const LETTER = { width: 5, height: 7 } as const;

/** Each letter's rows from the top, with a dot for each 1, the leftmost first: two hexadecimal digits for a row. */
const LETTERS: Readonly<Record<string, string>> = {
  ' ': '00000000000000',
  A: '0e11111f111111',
  B: '1e11111e11111e',
  C: '0e11101010110e',
  D: '1e11111111111e',
  E: '1f10101e10101f',
  F: '1f10101e101010',
  G: '0e11101713110f',
  H: '1111111f111111',
  I: '0e04040404040e',
  J: '0702020202120c',
  K: '11121418141211',
  L: '1010101010101f',
  M: '111b1515111111',
  N: '11191513111111',
  O: '0e11111111110e',
  P: '1e11111e101010',
  Q: '0e11111115120d',
  R: '1e11111e141211',
  S: '0f10100e01011e',
  T: '1f040404040404',
  U: '1111111111110e',
  V: '11111111110a04',
  W: '11111115151b11',
  X: '11110a040a1111',
  Y: '11110a04040404',
  Z: '1f01020408101f',
  '0': '0e11131519110e',
  '1': '040c040404040e',
  '2': '0e11010204081f',
  '3': '1f02040201110e',
  '4': '02060a121f0202',
  '5': '1f101e0101110e',
  '6': '0608101e11110e',
  '7': '1f010204080808',
  '8': '0e11110e11110e',
  '9': '0e11110f01020c',
  '.': '00000000000c0c',
  ',': '000000000c0408',
  ':': '000c0c000c0c00',
  ';': '000c0c000c0408',
  '!': '04040404000004',
  '?': '0e110102040004',
  '-': '0000001f000000',
  _: '0000000000001f',
  '+': '0004041f040400',
  '*': '00150e1f0e1500',
  '/': '00010204081000',
  '#': '0a0a1f0a1f0a0a',
  '(': '02040808080402',
  ')': '08040202020408',
};

/** Whether a text can be drawn. Small letters are drawn as capitals. */
export function isDrawable(text: string): boolean {
  return text.length <= MAX_TEXT && [...text.toUpperCase()].every((each) => Object.hasOwn(LETTERS, each));
}

/** The part of a picture that a text takes at most, in width and in height. */
export const TEXT_SHARE = 0.8;

/** The width of a text in dots. */
export const dotsOf = (text: string): number => [...text].length * (LETTER.width + 1) - 1;

/** The pixels of the smallest picture that a text fits in. */
export function roomFor(text: string): { readonly width: number; readonly height: number } {
  return { width: Math.ceil(dotsOf(text) / TEXT_SHARE), height: Math.ceil(LETTER.height / TEXT_SHARE) };
}

/** Whether a letter has a dot at a place. Places outside of it have none. */
export function hasDot(letter: string, x: number, y: number): boolean {
  const rows = LETTERS[letter.toUpperCase()] ?? '';
  const row = Number.parseInt(rows.slice(2 * y, 2 * y + 2) || '0', 16);
  return x >= 0 && x < LETTER.width && ((row >> (LETTER.width - 1 - x)) & 1) === 1;
}
