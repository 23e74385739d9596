import { asc, eq } from 'drizzle-orm';
import { anyOf } from '../db/any-of.js';
import type { Db } from '../db/db.js';
import { insertOf } from '../db/many-rows.js';
import type { AssetRow } from '../db/rows.js';
import type { PlacedLine, PlacedText } from '../db/schema/page-texts.js';
import * as t from '../db/schema.js';
import type { Margins } from '../images/processing.js';
import { documentPages } from './document-pages.js';
import type { FileContents } from './file-contents.js';

/** Stores the texts of a document with its new contents. Those of other contents are removed. */
export async function storePageTexts(
  tx: Db,
  documentId: number,
  { texts }: Pick<FileContents, 'texts'>,
): Promise<void> {
  await tx.delete(t.pageTexts).where(eq(t.pageTexts.documentId, documentId));
  const rows = (texts ?? []).filter(({ lines }) => lines.length > 0).map((each) => ({ documentId, ...each }));
  // In parts, because the lines of a catalog are many.
  for (let start = 0; start < rows.length; start += 50)
    await tx.execute(insertOf(t.pageTexts, rows.slice(start, start + 50)));
}

/**
 * The lines of a document, or of a page of it, in pixels of the pictures of its pages: page by page, each in reading order. Empty for
 * any other asset, and for a page whose picture was replaced.
 */
export async function textsOf(db: Db, asset: AssetRow): Promise<readonly PlacedLine[]> {
  const documentId = asset.engine === 'PostScriptRip' && asset.type === 'Image' ? asset.ownerId : asset.id;
  if (documentId === null) return [];
  const rows = await db
    .select()
    .from(t.pageTexts)
    .where(anyOf(t.pageTexts.documentId, [documentId]))
    .orderBy(asc(t.pageTexts.page));
  const isDocument = documentId === asset.id;
  const pages = isDocument && rows.length > 0 ? await documentPages(db, documentId) : [asset];
  return rows.flatMap(({ page, picture, lines }) => {
    const image = pages.find(
      ({ info, originalFile }) => info['page'] === page && picture !== null && originalFile === picture,
    );
    if (image === undefined) return isDocument ? lines : [];
    // The picture may have been cropped when it was made, or later.
    const crop = image.processing['crop'] as Margins | undefined;
    const { width, height } = image;
    return crop === undefined || width === null || height === null
      ? lines
      : cropped(lines, crop, { width, height });
  });
}

/** The lines that remain in a picture from which margins were removed. */
function cropped(
  lines: readonly PlacedLine[],
  { left, top }: Margins,
  size: { readonly width: number; readonly height: number },
): PlacedLine[] {
  const inside = <Placed extends PlacedText>(placed: Placed): Placed[] => {
    const x = Math.max(0, placed.x - left);
    const y = Math.max(0, placed.y - top);
    const width = Math.min(size.width, placed.x - left + placed.width) - x;
    const height = Math.min(size.height, placed.y - top + placed.height) - y;
    return width > 0 && height > 0 ? [{ ...placed, x, y, width, height }] : [];
  };
  return lines.flatMap((line) => inside({ ...line, words: line.words.flatMap(inside) }));
}
