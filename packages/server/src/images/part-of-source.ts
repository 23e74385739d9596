import type { Kernel, PixelSource } from './image-source.js';
import { mapped, type PathPoint } from './photoshop-paths.js';
import type { Area, Size } from './view.js';

/** A part of a source as one of its own. */
export function partOfSource(source: PixelSource, area: Area): PixelSource {
  const within = (part: Area): Area => ({ ...part, left: part.left + area.left, top: part.top + area.top });
  const { pipeline, paths } = source;
  const inPart = ({ x, y }: PathPoint): PathPoint => ({
    x: (x * source.width - area.left) / area.width,
    y: (y * source.height - area.top) / area.height,
  });
  return {
    ...source,
    width: area.width,
    height: area.height,
    paths: paths && (async () => (await paths()).map((path) => mapped(path, inPart))),
    read: (part, size, kernel) => source.read(within(part), size, kernel),
    ...(pipeline === undefined
      ? {}
      : { pipeline: (part: Area, size: Size, kernel: Kernel) => pipeline(within(part), size, kernel) }),
  };
}
