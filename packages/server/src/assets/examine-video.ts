import { makeThumb } from '../images/derivatives.js';
import { ImageError } from '../images/image-library.js';
import { frameOf, probeVideo } from '../images/video.js';
import { type FileContents, type FileToExamine, plainContents } from './file-contents.js';

/** Reads size and duration of a video, and makes its thumbnail if requested. The file is stored unchanged. */
export async function examineVideo(file: FileToExamine): Promise<FileContents> {
  const { files, stored, type, processing, ffmpeg, maxPixels, signal } = file;
  const path = await files.path(stored.hash);
  const probe = await probeVideo({ path, ffmpeg, signal });
  const contents: FileContents = {
    ...plainContents(type.type),
    width: probe?.width,
    height: probe?.height,
    info: probe?.duration === undefined ? {} : { duration: probe.duration },
  };
  const time = processing.thumbnailTime;
  if (time === undefined) return contents;
  if (ffmpeg === undefined)
    return {
      ...contents,
      warnings: ['no thumbnail was made: this server found no ffmpeg to decode videos with'],
    };
  try {
    const frame = await frameOf({ path, ffmpeg, signal }, time);
    return { ...contents, thumbFile: await makeThumb(frame, files, maxPixels, signal) };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { ...contents, warnings: [`no thumbnail was made: ${error.message}`] };
  }
}
