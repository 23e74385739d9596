import { and, eq, inArray } from 'drizzle-orm';
import { deniedAssets } from '../access/permissions/checks.js';
import { READ } from '../access/permissions/rights.js';
import { viewerOfUser } from '../access/permissions/viewer.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import * as t from '../db/schema.js';
import { RenderRequestError } from '../images/render-request.js';
import type { NamedObject } from '../images/scene.js';
import type { RunContext } from '../jobs/run-context.js';
import { VIEW_TYPES } from '../publish/context-types.js';

/** Types whose assets layers can show. */
const IMAGE_TYPES = ['Image', 'AnimatedGif', ...VIEW_TYPES];

/**
 * Finds the image that a layer shows by its name in the catalog of the company, published or not. Only images that the submitter of the
 * run may read are found.
 */
export function layerImages(
  { services, company, submitter }: RunContext,
  signal: AbortSignal,
): (name: string) => Promise<NamedObject> {
  const { db, files, clock, config } = services;
  return async (name) => {
    const missing = new RenderRequestError(
      `src: Unable to find '${name.slice(0, 200)}': the company has no image with this name`,
    );
    const plain = name.replace(/^\/+/, '');
    const isWhole = plain.toLowerCase().startsWith(company.rootPath.toLowerCase());
    const [asset] = await db
      .select()
      .from(t.assets)
      .where(
        and(
          eq(t.assets.companyId, company.id),
          equalsIgnoreCase(t.assets.name, isWhole ? plain.slice(company.rootPath.length) : plain),
          inArray(t.assets.type, IMAGE_TYPES),
          eq(t.assets.trashState, 'NotInTrash'),
        ),
      )
      .limit(1);
    if (asset === undefined) throw missing;
    const viewer = await viewerOfUser(db, submitter.id, company, clock.now());
    if ((await deniedAssets(db, viewer, [asset.id], READ)).size > 0) throw missing;
    const [owner] =
      asset.originalFile === null && asset.ownerId !== null
        ? await db.select().from(t.assets).where(eq(t.assets.id, asset.ownerId))
        : [];
    const { optimizedFile, originalFile } = owner ?? asset;
    const file = optimizedFile ?? originalFile;
    if (file === null || (await files.size(file)) === undefined) throw missing;
    const { maxPixels } = config.limits;
    return { source: { path: await files.path(file), maxPixels, signal }, modifier: asset.urlModifier };
  };
}
