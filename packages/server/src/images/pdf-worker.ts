// Renders the pages of one document, in its own thread: a document that hangs or crashes the renderer affects nothing else, and
// the thread can be terminated at any time. Imports only packages, so that it runs without a build.
import { parentPort, workerData } from 'node:worker_threads';
import { PDFiumLibrary } from '@hyzyla/pdfium';

/** A request to render a page. */
export interface PageRequest {
  /** From 0. */
  readonly page: number;
  /** Pixels per inch. */
  readonly resolution: number;
  readonly gray: boolean;
  readonly transparent: boolean;
  /** Maximum pixels of the page; a larger one is rendered at a lower resolution. */
  readonly maxPixels: number;
  readonly text: boolean;
}

/** The size of a page, in points. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

/** Its results: first the number of pages, then each requested page. */
export type PageAnswer =
  | { readonly pages: number; readonly firstPage: PageSize }
  | {
      readonly data: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly resolution: number;
      readonly text: string;
    }
  | { readonly error: string };

/** Points in an inch, the unit of PDF. */
const POINTS = 72;

/** Maximum length of a side of a rendered page, in pixels. */
const MAX_SIDE = 30_000;

async function start(content: Uint8Array): Promise<void> {
  const answer = (message: PageAnswer): void =>
    parentPort?.postMessage(message, 'data' in message ? [message.data.buffer as ArrayBuffer] : []);
  const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
  try {
    const library = await PDFiumLibrary.init();
    const document = await library.loadDocument(content);
    parentPort?.on('message', (request: PageRequest) => {
      void (async () => {
        const page = document.getPage(request.page);
        const { originalWidth, originalHeight } = page.getOriginalSize();
        const whole = (originalWidth / POINTS) * (originalHeight / POINTS) * request.resolution ** 2;
        const longest = (Math.max(originalWidth, originalHeight) / POINTS) * request.resolution;
        const shrink = Math.min(1, Math.sqrt(request.maxPixels / whole), MAX_SIDE / longest);
        const scale = (request.resolution / POINTS) * shrink;
        const text = request.text ? page.getText() : '';
        const { data, width, height } = await page.render({
          scale,
          render: 'bitmap',
          colorSpace: request.gray ? 'Gray' : 'BGRA',
          transparent: request.transparent,
          renderFormFields: true,
        });
        answer({ data, width, height, resolution: scale * POINTS, text });
      })().catch((error: unknown) => answer({ error: wordsOf(error) }));
    });
    const pages = document.getPageCount();
    const size = pages > 0 ? document.getPage(0).getOriginalSize() : { originalWidth: 0, originalHeight: 0 };
    answer({ pages, firstPage: { width: size.originalWidth, height: size.originalHeight } });
  } catch (error) {
    answer({ error: wordsOf(error) });
  }
}

await start(workerData as Uint8Array);
