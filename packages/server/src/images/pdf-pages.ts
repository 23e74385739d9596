import { readFile } from 'node:fs/promises';
import type { Worker } from 'node:worker_threads';
import { ImageError } from './image-library.js';
import { answerOf, startThread, threadFile } from './image-thread.js';
import type { PageAnswer, PageCharacters, PageRequest, PageSize } from './pdf-worker.js';
import type { Pixels } from './pixels.js';

/** A rendered page. */
export interface DrawnPage extends Pixels {
  /** From 1. */
  readonly number: number;
  /** Pixels per inch at which it was rendered. */
  readonly resolution: number;
  /** Its text, if requested. */
  readonly characters: PageCharacters | undefined;
}

/** The text of a page that was not rendered. */
export type ReadPage = Pick<DrawnPage, 'number' | 'resolution' | 'characters'>;

/** How to render pages. */
export interface DrawOptions {
  readonly resolution: number;
  readonly gray: boolean;
  readonly transparent: boolean;
  readonly maxPixels: number;
  readonly text: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** How to read the text of pages. */
export type ReadOptions = Pick<DrawOptions, 'resolution' | 'maxPixels' | 'signal'>;

/** Maximum bytes of a document to render; it is read into memory. */
const MAX_BYTES = 512 * 2 ** 20;

/** Maximum pages of a document to render. */
const MAX_PAGES = 5000;

/** Maximum pixels of one page. */
const MAX_PAGE_PIXELS = 60_000_000;

/** Milliseconds for opening the document, and for each page. */
const PAGE_TIMEOUT = 60_000;

const WORDS = { what: 'document', verb: 'render', participle: 'rendered' };

/** An open document for rendering pages. Close it after use. */
export class PdfPages {
  readonly #worker: Worker;
  readonly count: number;
  readonly firstPage: PageSize;

  private constructor(worker: Worker, count: number, firstPage: PageSize) {
    this.#worker = worker;
    this.count = count;
    this.firstPage = firstPage;
  }

  /**
   * Opens a document.
   *
   * @throws ImageError when it is damaged, protected by a password, or too large.
   */
  static async open(path: string, size: number, signal?: AbortSignal): Promise<PdfPages> {
    if (size > MAX_BYTES)
      throw new ImageError(`a document of ${size} bytes is too large to render; at most ${MAX_BYTES}`);
    const content = new Uint8Array(await readFile(path));
    const worker = startThread(threadFile('pdf-worker'), content, [content.buffer]);
    try {
      const answer = await soundAnswer(worker, signal);
      if (!('pages' in answer)) throw new ImageError('the document cannot be opened');
      if (answer.pages > MAX_PAGES)
        throw new ImageError(`the document has ${answer.pages} pages; at most ${MAX_PAGES} can be rendered`);
      return new PdfPages(worker, answer.pages, answer.firstPage);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /**
   * Renders a page.
   *
   * @param number - From 1.
   */
  async draw(number: number, options: DrawOptions): Promise<DrawnPage> {
    const { resolution, gray, transparent, text, signal } = options;
    const maxPixels = Math.min(options.maxPixels, MAX_PAGE_PIXELS);
    const request = { page: number - 1, resolution, gray, transparent, maxPixels, pixels: true, text };
    return { ...(await this.#answerTo(request, signal)), number, channels: gray ? 1 : 4 };
  }

  /**
   * Reads the text of a page, with the places that it has in the page rendered with the same options.
   *
   * @param number - From 1.
   */
  async read(number: number, { resolution, ...options }: ReadOptions): Promise<ReadPage> {
    const maxPixels = Math.min(options.maxPixels, MAX_PAGE_PIXELS);
    const unseen = { gray: true, transparent: false, pixels: false, text: true };
    const request = { page: number - 1, resolution, maxPixels, ...unseen };
    return { ...(await this.#answerTo(request, options.signal)), number };
  }

  async #answerTo(request: PageRequest, signal: AbortSignal | undefined) {
    const answer = soundAnswer(this.#worker, signal);
    this.#worker.postMessage(request);
    const drawn = await answer;
    if (!('data' in drawn)) throw new ImageError(`page ${request.page + 1} cannot be rendered`);
    return drawn;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** The next result of the thread. Throws errors. */
async function soundAnswer(
  worker: Worker,
  signal: AbortSignal | undefined,
): Promise<Exclude<PageAnswer, { readonly error: string }>> {
  const answer = await answerOf<PageAnswer>(worker, WORDS, PAGE_TIMEOUT, signal);
  if ('error' in answer) throw new ImageError(`the document is damaged or protected: ${answer.error}`);
  return answer;
}
