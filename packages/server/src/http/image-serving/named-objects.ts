import { type FindMacro, nestedRequest } from '@ips-sdk/delivery';
import type { PublicationRow } from '../../db/rows.js';
import { innerRequest } from '../../images/inner-request.js';
import { type RenderRequest, RenderRequestError, withoutObject } from '../../images/render-request.js';

/** Most images that one request may name. */
const MAX_NAMES = 30;

/** What the layers of a request name, nested requests included. */
export interface NamedObjects {
  readonly objects: ReadonlyMap<string, PublicationRow>;
  /** What nested requests have without effect. */
  readonly ignored: readonly string[];
}

/** @throws RenderRequestError for a name under which nothing is published. */
export async function objectsOf(
  render: RenderRequest,
  macro: FindMacro,
  find: (name: string) => Promise<PublicationRow | undefined>,
): Promise<NamedObjects> {
  const objects = new Map<string, PublicationRow>();
  const ignored: string[] = [];
  const known = async (name: string): Promise<{ readonly modifier: string | null }> => {
    const found = objects.get(name);
    if (found !== undefined) return { modifier: found.urlModifier };
    if (objects.size >= MAX_NAMES)
      throw new RenderRequestError(`src: found more than ${MAX_NAMES} images, expected at most as many`);
    const object = await find(name);
    if (object === undefined)
      throw new RenderRequestError(
        `src: Unable to find '${name.slice(0, 200)}': no image with this name is published`,
      );
    objects.set(name, object);
    return { modifier: object.urlModifier };
  };
  const look = async ({ layers, variables }: RenderRequest['image'], depth: number): Promise<void> => {
    for (const { values } of layers) {
      for (const value of [values.src, values.mask]) {
        if (value === undefined) continue;
        const nested = nestedRequest(value);
        if (nested === undefined) await known(value.trim());
        else if (nested.kind !== 'is' || depth >= 5) await known(nested.object);
        else {
          const inner = await innerRequest(nested, withoutObject(variables), macro, known);
          ignored.push(...inner.image.ignored);
          await look(inner.image, depth + 1);
        }
      }
    }
  };
  await look(render.image, 0);
  return { objects, ignored };
}
