// Renders the pages of one document and reads their texts, in its own thread: a document that hangs or crashes the renderer affects
// nothing else, and the thread can be terminated at any time. Imports only packages, so that it runs without a build.
import { parentPort, workerData } from 'node:worker_threads';
import { type PDFiumDocument, PDFiumLibrary, type PDFiumPage } from '@hyzyla/pdfium';

/** A request to render a page, or to read it. */
export interface PageRequest {
  /** From 0. */
  readonly page: number;
  /** Pixels per inch. */
  readonly resolution: number;
  readonly gray: boolean;
  readonly transparent: boolean;
  /** Maximum pixels of the page; a larger one is rendered at a lower resolution. */
  readonly maxPixels: number;
  /** Whether to render it. */
  readonly pixels: boolean;
  /** Whether to read its text. */
  readonly text: boolean;
}

/** The size of a page, in points. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** The font of the first character of a line. */
export interface LineFont {
  /** The position of the character. */
  readonly from: number;
  readonly name: string;
  /** In points. */
  readonly size: number;
}

/** The characters of a page in reading order, with spaces and line ends between them. */
export interface PageCharacters {
  /** Code points, or halves of surrogate pairs. */
  readonly codes: Uint32Array;
  /**
   * Four numbers for each: left, top, right and bottom in pixels of the rendered page, from its upper left corner. They are not numbers
   * for a character outside of the page.
   */
  readonly boxes: Float32Array;
  readonly fonts: readonly LineFont[];
  /** Whether the page has more of them. */
  readonly hasMore: boolean;
}

/** Its results: first the number of pages, then each requested page. */
export type PageAnswer =
  | { readonly pages: number; readonly firstPage: PageSize }
  | {
      readonly data: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly resolution: number;
      /** Its text, if requested. */
      readonly characters: PageCharacters | undefined;
    }
  | { readonly error: string };

/** Points in an inch, the unit of PDF. */
const POINTS = 72;

/** Maximum length of a side of a rendered page, in pixels. */
const MAX_SIDE = 30_000;

/** Maximum number of characters of a page to read. */
const MAX_CHARACTERS = 100_000;

/** Maximum bytes of the name of a font. */
const MAX_FONT_NAME = 256;

/** The functions of the library that its wrapper has no methods for. */
interface TextFunctions {
  _FPDF_ClosePage(page: number): void;
  _FPDFText_LoadPage(page: number): number;
  _FPDFText_ClosePage(text: number): void;
  _FPDFText_CountChars(text: number): number;
  _FPDFText_GetUnicode(text: number, index: number): number;
  _FPDFText_GetLooseCharBox(text: number, index: number, rectangle: number): number;
  _FPDFText_GetFontSize(text: number, index: number): number;
  _FPDFText_GetMatrix(text: number, index: number, matrix: number): number;
  _FPDFText_GetFontInfo(text: number, index: number, buffer: number, size: number, flags: number): number;
  _FPDF_PageToDevice(
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    pageX: number,
    pageY: number,
    deviceX: number,
    deviceY: number,
  ): number;
  readonly wasmExports: { malloc(bytes: number): number; free(address: number): void };
  readonly HEAPU8: Uint8Array;
}

/** The wrapper keeps the functions and the number of a page in members that its types hide. */
const inside = (page: PDFiumPage) => page as unknown as { module: TextFunctions; pageIdx: number };

const NOWHERE = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];

/** The characters of a page that is rendered with `width` and `height` pixels. */
function readCharacters(
  page: PDFiumPage,
  picture: { readonly width: number; readonly height: number },
): PageCharacters {
  const { module, pageIdx } = inside(page);
  const text = module._FPDFText_LoadPage(pageIdx);
  if (text === 0) throw new Error('the text of a page cannot be read');
  const buffer = module.wasmExports.malloc(MAX_FONT_NAME);
  try {
    // The memory of the library can move whenever one of its functions is called.
    const memory = () => new DataView(module.HEAPU8.buffer, buffer, MAX_FONT_NAME);
    const floatAt = (index: number) => memory().getFloat32(index * 4, true);
    const placeOf = placement(picture, (scale, x, y) => {
      const { width, height } = picture;
      module._FPDF_PageToDevice(pageIdx, 0, 0, width * scale, height * scale, 0, x, y, buffer, buffer + 4);
      return [memory().getInt32(0, true) / scale, memory().getInt32(4, true) / scale];
    });
    const all = module._FPDFText_CountChars(text);
    const count = Math.max(0, Math.min(MAX_CHARACTERS, all));
    const codes = new Uint32Array(count);
    const boxes = new Float32Array(4 * count);
    const fonts: LineFont[] = [];
    let begins = true;
    for (let index = 0; index < count; index += 1) {
      codes[index] = module._FPDFText_GetUnicode(text, index);
      const isSpace = /\s/.test(String.fromCharCode(codes[index] ?? 0));
      const box =
        isSpace || module._FPDFText_GetLooseCharBox(text, index, buffer) === 0
          ? undefined
          : placeOf(floatAt(0), floatAt(1), floatAt(2), floatAt(3));
      boxes.set(box ?? NOWHERE, 4 * index);
      if (codes[index] === 10 || codes[index] === 13) begins = true;
      if (box === undefined || !begins) continue;
      begins = false;
      // The size in the document is scaled by the matrix of the text.
      const isKnown = module._FPDFText_GetMatrix(text, index, buffer) !== 0;
      const scale = isKnown ? Math.hypot(floatAt(2), floatAt(3)) : 1;
      const size = module._FPDFText_GetFontSize(text, index) * scale;
      // With the zero that ends it.
      const length = module._FPDFText_GetFontInfo(text, index, buffer, MAX_FONT_NAME, 0);
      const isFont = length > 1 && length <= MAX_FONT_NAME;
      const bytes = module.HEAPU8.slice(buffer, buffer + (isFont ? length - 1 : 0));
      fonts.push({
        from: index,
        name: new TextDecoder().decode(bytes),
        size: Number.isFinite(size) ? size : 0,
      });
    }
    return { codes, boxes, fonts, hasMore: all > count };
  } finally {
    module.wasmExports.free(buffer);
    module._FPDFText_ClosePage(text);
  }
}

/** Converts rectangles in points of a page, which may be rotated, to pixels of its picture. */
function placement(
  { width, height }: { readonly width: number; readonly height: number },
  toDevice: (scale: number, x: number, y: number) => readonly [number, number],
): (left: number, top: number, right: number, bottom: number) => readonly number[] | undefined {
  // The library answers whole pixels: those of a picture a thousand times as large are exact enough.
  const SCALE = 1000;
  const UNIT = 1000;
  const [x0, y0] = toDevice(SCALE, 0, 0);
  const [xx, yx] = toDevice(SCALE, UNIT, 0);
  const [xy, yy] = toDevice(SCALE, 0, UNIT);
  const at = (x: number, y: number) => [
    x0 + ((xx - x0) * x + (xy - x0) * y) / UNIT,
    y0 + ((yx - y0) * x + (yy - y0) * y) / UNIT,
  ];
  return (left, top, right, bottom) => {
    const [x1 = Number.NaN, y1 = Number.NaN] = at(left, top);
    const [x2 = Number.NaN, y2 = Number.NaN] = at(right, bottom);
    const [x, y] = [Math.max(0, Math.min(x1, x2)), Math.max(0, Math.min(y1, y2))];
    const [endX, endY] = [Math.min(width, Math.max(x1, x2)), Math.min(height, Math.max(y1, y2))];
    return x < endX && y < endY ? [x, y, endX, endY] : undefined;
  };
}

async function answerTo(document: PDFiumDocument, request: PageRequest): Promise<PageAnswer> {
  const page = document.getPage(request.page);
  const { originalWidth, originalHeight } = page.getOriginalSize();
  const whole = (originalWidth / POINTS) * (originalHeight / POINTS) * request.resolution ** 2;
  const longest = (Math.max(originalWidth, originalHeight) / POINTS) * request.resolution;
  const shrink = Math.min(1, Math.sqrt(request.maxPixels / whole), MAX_SIDE / longest);
  const scale = (request.resolution / POINTS) * shrink;
  // As the library rounds them.
  const width = Math.floor(Math.floor(originalWidth) * scale);
  const height = Math.floor(Math.floor(originalHeight) * scale);
  // First, because rendering closes the page.
  const characters = request.text ? readCharacters(page, { width, height }) : undefined;
  const rendered = {
    scale,
    render: 'bitmap',
    colorSpace: request.gray ? 'Gray' : 'BGRA',
    transparent: request.transparent,
    renderFormFields: true,
  } as const;
  const data = request.pixels ? (await page.render(rendered)).data : new Uint8Array(0);
  if (!request.pixels) inside(page).module._FPDF_ClosePage(inside(page).pageIdx);
  return { data, width, height, resolution: scale * POINTS, characters };
}

async function start(content: Uint8Array): Promise<void> {
  const answer = (message: PageAnswer): void =>
    parentPort?.postMessage(message, 'data' in message ? [message.data.buffer as ArrayBuffer] : []);
  const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  try {
    const library = await PDFiumLibrary.init();
    const document = await library.loadDocument(content);
    parentPort?.on('message', (request: PageRequest) => {
      answerTo(document, request).then(answer, (error: unknown) => answer({ error: wordsOf(error) }));
    });
    const pages = document.getPageCount();
    const size = pages > 0 ? document.getPage(0).getOriginalSize() : { originalWidth: 0, originalHeight: 0 };
    answer({ pages, firstPage: { width: size.originalWidth, height: size.originalHeight } });
  } catch (error) {
    answer({ error: wordsOf(error) });
  }
}

await start(workerData as Uint8Array);
