// Reads the header of one video, in its own thread: a file that hangs or crashes the reader affects nothing else, and the thread can
// be terminated at any time. Imports only packages, so that it runs without a build.
import { parentPort, workerData } from 'node:worker_threads';
import { FilePathSource, Input, MATROSKA, MP4, MPEG_TS, OGG, QTFF, WEBM } from 'mediabunny';

/** What the thread answers. */
export type VideoAnswer =
  | { readonly width: number; readonly height: number; readonly duration: number | undefined }
  | { readonly error: string };

async function read(path: string): Promise<VideoAnswer> {
  // Without formats that are lists of other files.
  const input = new Input({
    source: new FilePathSource(path, { handleUnhandledError: () => undefined }),
    formats: [MP4, QTFF, MATROSKA, WEBM, MPEG_TS, OGG],
  });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (track === null) return { error: 'it has no pictures' };
    const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
    const duration = (await track.getDurationFromMetadata()) ?? (await track.computeDuration());
    return { width, height, duration: Number.isFinite(duration) && duration > 0 ? duration : undefined };
  } catch (error) {
    return { error: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '' };
  } finally {
    input.dispose();
  }
}

// What the package prints says nothing to whoever runs the server.
console.warn = () => undefined;
console.error = () => undefined;
parentPort?.postMessage(await read(workerData as string));
