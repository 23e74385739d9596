import { access, constants } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runFfmpeg } from './ffmpeg.js';
import { ImageError } from './image-library.js';
import { answerOf, startThread, threadFile } from './image-thread.js';
import type { VideoAnswer } from './video-worker.js';

/** What the header of a video says. */
export interface VideoProbe {
  /** Pixels at which it is shown. */
  readonly width: number;
  readonly height: number;
  /** Seconds; `undefined` where the file does not say. */
  readonly duration: number | undefined;
}

/** A video to examine. */
export interface VideoFile {
  readonly path: string;
  /** The program `ffmpeg`, if there is one. */
  readonly ffmpeg: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds to read the header of a video. */
const TIMEOUT = 30_000;

/** Longest side of a frame, in pixels: frames become thumbnails. */
const FRAME_SIDE = 1024;

/** Most pixels of a video to decode: those of 16K. */
const MAX_VIDEO_PIXELS = 15_360 * 8640;

const WORDS = { what: 'video', verb: 'read', participle: 'read' };

/** Size and duration of a video; `undefined` when they cannot be read. */
export async function probeVideo({ path, ffmpeg, signal }: VideoFile): Promise<VideoProbe | undefined> {
  const worker = startThread(threadFile('video-worker'), path, []);
  try {
    const answer = await answerOf<VideoAnswer>(worker, WORDS, TIMEOUT, signal);
    if (!('error' in answer)) return answer;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
  } finally {
    await worker.terminate();
  }
  // Other formats are known to the programs of ffmpeg only.
  return ffmpeg === undefined ? undefined : probeByProgram(path, ffmpeg, signal);
}

async function probeByProgram(
  path: string,
  ffmpeg: string,
  signal: AbortSignal | undefined,
): Promise<VideoProbe | undefined> {
  const program = join(dirname(ffmpeg), process.platform === 'win32' ? 'ffprobe.exe' : 'ffprobe');
  try {
    await access(program, constants.X_OK);
    const output = await runFfmpeg(
      program,
      path,
      {
        output: [
          ...['-select_streams', 'v:0', '-show_entries', 'stream=width,height:format=duration'],
          ...['-print_format', 'json'],
        ],
      },
      signal,
    );
    const { streams, format } = JSON.parse(output.toString()) as {
      streams?: readonly { width?: unknown; height?: unknown }[];
      format?: { duration?: unknown };
    };
    const [width, height] = [Number(streams?.[0]?.width), Number(streams?.[0]?.height)];
    if (!(width > 0 && height > 0)) return undefined;
    const duration = Number(format?.duration);
    return { width, height, duration: duration > 0 ? duration : undefined };
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/**
 * A frame of a video, as a PNG of at most {@link FRAME_SIDE} pixels a side.
 *
 * @param time - Milliseconds from the beginning. Where the video has no frame then, the first one is taken.
 * @throws ImageError when there is none.
 */
export async function frameOf(
  { path, ffmpeg, signal }: VideoFile & { readonly ffmpeg: string },
  time: number,
): Promise<Buffer> {
  const shape = `scale=w='iw*sar':h='ih',setsar=1,scale=w='min(iw,${FRAME_SIDE})':h='min(ih,${FRAME_SIDE})':force_original_aspect_ratio=decrease`;
  const at = (seconds: number): Promise<Buffer> =>
    runFfmpeg(
      ffmpeg,
      path,
      {
        input: [...(seconds > 0 ? ['-ss', String(seconds)] : []), '-max_pixels', String(MAX_VIDEO_PIXELS)],
        output: [
          ...['-map', '0:v:0', '-frames:v', '1', '-an', '-sn', '-dn', '-vf', shape],
          ...['-f', 'image2pipe', '-c:v', 'png', 'pipe:1'],
        ],
      },
      signal,
    );
  const frame = time > 0 ? await at(time / 1000).catch(orNone) : NONE;
  signal?.throwIfAborted();
  const found = frame.length > 0 ? frame : await at(0);
  if (found.length === 0) throw new ImageError('the video has no frame that can be decoded');
  return found;
}

const NONE = Buffer.alloc(0);

function orNone(error: unknown): Buffer {
  if (error instanceof ImageError) return NONE;
  throw error;
}
