// Pictures by parameters, without a server, and their difference from those of ImageMagick.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sharp } from 'sharp';
import { expect } from 'vitest';
import type { PhotoshopPath } from '../../src/images/photoshop-paths.js';
import { planImage } from '../../src/images/render.js';
import { parseRenderRequest, RenderRequestError } from '../../src/images/render-request.js';
import { distance, look, type Picture } from './pictures.js';

/** Whether ImageMagick is installed. */
export const magick: boolean = (() => {
  try {
    execFileSync('convert', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Sources by the names that requests use; the object of the path is one of them. */
export interface Gallery {
  readonly folder: string;
  pathOf(name: string): string;
  /** The picture of a request: with alpha and at full size, unless it says otherwise. Without an object if `main` is empty. */
  drawn(parameters: string, main?: string): Promise<Picture>;
  /** What ImageMagick makes of a source. `:name` in its options is another source. */
  converted(options: readonly string[], main?: string): Promise<Picture>;
  remove(): void;
}

/** @param paths - The saved paths of sources, by their names. */
export async function gallery(
  sources: Readonly<Record<string, () => Sharp>>,
  paths: Readonly<Record<string, readonly PhotoshopPath[]>> = {},
): Promise<Gallery> {
  const folder = mkdtempSync(join(tmpdir(), 'ips-golden-'));
  const pathOf = (name: string): string => join(folder, `${name}.png`);
  for (const [name, make] of Object.entries(sources))
    writeFileSync(pathOf(name), await make().png().toBuffer());
  return {
    folder,
    pathOf,
    drawn: async (parameters, main = 'main') => {
      const source = (name: string) => ({
        path: pathOf(name),
        maxPixels: 1e6,
        paths: async () => paths[name] ?? [],
      });
      const plan = await planImage(
        {
          main: main === '' ? undefined : source(main),
          find: async (name) => {
            if (!Object.hasOwn(sources, name)) throw new RenderRequestError(`src: nothing is called ${name}`);
            return { source: source(name), modifier: null };
          },
          maxPixels: 1e6,
        },
        parseRenderRequest([
          `${/(^|&)fmt=/.test(parameters) ? '' : 'fmt=png-alpha&'}${/(^|&)(wid|hei|scl)=/.test(parameters) ? '' : 'scl=1&'}${parameters}`,
        ]),
      );
      try {
        return await look((await plan.render()).data);
      } finally {
        await plan.close();
      }
    },
    converted: async (options, main = 'main') => {
      const file = join(folder, 'magick.png');
      const named = options.map((option) => (/^:\w+$/.test(option) ? pathOf(option.slice(1)) : option));
      execFileSync('convert', [pathOf(main), ...named, `PNG32:${file}`]);
      return look(file);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A pixel as it shows on black: what is clear has no color. */
const shown = ([red, green, blue, alpha]: readonly [number, number, number, number]): [
  number,
  number,
  number,
  number,
] => [(red * alpha) / 255, (green * alpha) / 255, (blue * alpha) / 255, alpha];

/** The mean difference of two pictures of the same size, and the greatest one. */
export function difference(one: Picture, other: Picture): { mean: number; most: number } {
  expect([one.width, one.height]).toEqual([other.width, other.height]);
  let sum = 0;
  let most = 0;
  for (let y = 0; y < one.height; y += 1) {
    for (let x = 0; x < one.width; x += 1) {
      const apart = distance(shown(one.at(x, y)), shown(other.at(x, y)));
      sum += apart;
      most = Math.max(most, apart);
    }
  }
  return { mean: sum / (one.width * one.height), most };
}
