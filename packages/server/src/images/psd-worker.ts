// Reads the layers of one Photoshop file, in its own thread: a file that hangs or crashes the reader affects nothing else, and the
// thread can be terminated at any time. Imports only files without imports, so that it runs without a build.
import { parentPort, workerData } from 'node:worker_threads';
import type { PsdHeader } from './psd-header.js';
import type { PsdLayerList, PsdLayerReader } from './psd-layers.js';

/** A file to open. */
export interface LayerFile {
  readonly content: Uint8Array;
  readonly header: PsdHeader;
}

/** A request for the pixels of a layer. */
export interface LayerRequest {
  readonly number: number;
  /** Whether the picture has the size of the file, and shows the layer at its place. */
  readonly isExtended: boolean;
}

/** The results: first the list of layers, then each requested layer. */
export type LayerAnswer =
  | { readonly list: PsdLayerList }
  | {
      readonly data: Uint8Array | Uint16Array;
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 2 | 3 | 4 | 5;
      readonly isCmyk: boolean;
    }
  | { readonly error: string };

const besideThis = (name: string): string =>
  new URL(`./${name}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url).href;

const answer = (message: LayerAnswer): void =>
  parentPort?.postMessage(message, 'data' in message ? [message.data.buffer as ArrayBuffer] : []);

function failed(error: unknown): void {
  // The package reads beyond the end of what contradicts itself.
  const isConfused = error instanceof TypeError || error instanceof RangeError;
  answer({ error: isConfused || !(error instanceof Error) ? 'they contradict themselves' : error.message });
}

function draw(reader: PsdLayerReader, header: PsdHeader, { number, isExtended }: LayerRequest): void {
  const layer = reader.list.layers.find((each) => each.number === number);
  const { data, channels, space } = reader.picture(number, isExtended);
  const { width, height } = isExtended || layer === undefined ? header : layer;
  answer({ data, width, height, channels, isCmyk: space === 'cmyk' });
}

// The package writes to it.
console.log = console.warn = console.error = () => undefined;

try {
  // The main thread sends nothing else.
  const { content, header } = workerData as LayerFile;
  // Their paths depend on whether this file was built.
  const planes = (await import(besideThis('psd-planes'))) as typeof import('./psd-planes.js');
  const layers = (await import(besideThis('psd-layers'))) as typeof import('./psd-layers.js');
  const structure = (await import(besideThis('psd-structure'))) as typeof import('./psd-structure.js');
  const reader = new layers.PsdLayerReader(
    structure.layersOfFile(content, header.compositeAt),
    header,
    planes,
  );
  parentPort?.on('message', (request: LayerRequest) => {
    try {
      draw(reader, header, request);
    } catch (error) {
      failed(error);
    }
  });
  answer({ list: reader.list });
} catch (error) {
  failed(error);
}
