import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { AssetRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ensureFolder } from '../folders/folder-store.js';
import { type CommitOptions, folderOf, storeByproduct } from './byproduct-assets.js';
import { byproductsOf } from './document-pages.js';
import type { FileContents, PreparedLayer } from './file-contents.js';
import { freeName } from './free-name.js';
import type { IngestPlace } from './ingest-place.js';
import { anchorOf, composition, MAX_COMPOSED, type PlacedImage } from './layer-commands.js';
import type { LayerOptions } from './layer-options.js';

/** The image whose layers become assets. */
type LayeredImage = Pick<AssetRow, 'id' | 'name' | 'folderId'>;

/** Most characters of a layer's name in that of its image. */
const MAX_NAME = 150;

/**
 * Creates an image of each layer of a Photoshop file, and a view or a template that composes them. Those of an earlier version of the
 * file are updated in place.
 */
export async function commitLayers(
  tx: Db,
  place: IngestPlace,
  image: LayeredImage,
  { layers: prepared, crop }: FileContents,
  options: CommitOptions,
): Promise<AssetRow[]> {
  const asked = options.processing.layers;
  if (prepared === undefined || asked === undefined) return [];
  const before = await byproductsOf(tx, image.id, 'PhotoshopLayers');
  const own = await folderOf(tx, image.folderId);
  const { services, company } = place;
  const folder =
    asked.naming === 'Folders'
      ? await ensureFolder(tx, company.id, `${own.path}${cleaned(image.name)}/`, services.clock.now())
      : own;
  const made: AssetRow[] = [];
  const placed: PlacedImage[] = [];
  for (const { layer, stored, mediaType, contents } of prepared.layers) {
    const anchor = anchorOf(asked.anchor, contents);
    const row = await storeByproduct(tx, place, image.id, {
      engine: 'PhotoshopLayers',
      folder,
      wanted: nameOf(image.name, layer, asked.naming),
      stored,
      mediaType,
      contents,
      info: { layer: layer.number, anchorX: anchor.x, anchorY: anchor.y },
      earlier: before.find(
        ({ info, trashState }) => info['layer'] === layer.number && trashState === 'NotInTrash',
      ),
      // The layers of the layer are not asked for.
      processing: { ...options.processing, layers: undefined },
      readyForPublish: options.readyForPublish,
    });
    if (row === undefined) continue;
    made.push(row);
    placed.push({ layer, anchor, name: row.name });
  }
  if (placed.length > MAX_COMPOSED) return made;
  const commands = composition(prepared, placed, asked, crop);
  const composed = await commitComposition(tx, place, image, commands, asked, options);
  return composed === undefined ? made : [...made, composed];
}

/** The view or template that composes the layers. */
async function commitComposition(
  tx: Db,
  { services, company, userId }: IngestPlace,
  image: LayeredImage,
  urlModifier: string,
  { createTemplate }: LayerOptions,
  { readyForPublish }: CommitOptions,
): Promise<AssetRow | undefined> {
  const now = services.clock.now();
  const type = createTemplate ? 'PsdTemplate' : 'LayerView';
  const changed = { urlModifier, lastModified: now, lastModifyUserId: userId };
  const [earlier] = await tx
    .select()
    .from(t.assets)
    .where(
      and(
        eq(t.assets.ownerId, image.id),
        eq(t.assets.type, type),
        eq(t.assets.trashState, 'NotInTrash'),
        sql`${t.assets.info} ->> 'composes' = 'layers'`,
      ),
    );
  if (earlier !== undefined) {
    const [row] = await tx
      .update(t.assets)
      .set({ ...changed, version: sql`${t.assets.version} + 1` })
      .where(eq(t.assets.id, earlier.id))
      .returning();
    return row;
  }
  const where = { companyId: company.id, folderId: image.folderId, type };
  const name = await freeName(tx, `${image.name}_${createTemplate ? 'template' : 'layers'}`, where);
  const [row] = await tx
    .insert(t.assets)
    .values({
      ...where,
      ...changed,
      name,
      fileName: name,
      readyForPublish,
      created: now,
      createUserId: userId,
      ownerId: image.id,
      // A view is derived from its image; a template is generated from the file.
      engine: createTemplate ? 'PhotoshopLayers' : null,
      info: { composes: 'layers' },
    })
    .returning();
  return row;
}

/** Names in files are of strangers. */
function cleaned(name: string): string {
  return name
    .replaceAll(/[/\\\p{Cc}\p{Cf}\ufffd]|[\ud800-\udfff](?![\udc00-\udfff])/gu, '_')
    .trim()
    .slice(0, MAX_NAME)
    .toWellFormed()
    .replaceAll('\ufffd', '_')
    .trim();
}

function nameOf(
  image: string,
  { name, number }: PreparedLayer['layer'],
  naming: LayerOptions['naming'],
): string {
  const own = cleaned(name);
  const named = own === '' || /^\.+$/.test(own) ? `Layer ${number}` : own;
  if (naming === 'LayerName' || naming === 'Folders') return named;
  return `${image.slice(0, MAX_NAME)}_${naming === 'AppendNumber' ? number : named}`;
}
