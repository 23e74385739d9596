import { and, desc, eq, ne } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { PublicationRow } from '../db/rows.js';
import type { PublishedSmartCrop } from '../db/schema.js';
import * as t from '../db/schema.js';

/** The names in a delivery URL, ignoring case. */
export interface PublishedName {
  /** The root folder of the company, without its slash. */
  readonly company: string;
  /** The name in the catalog. */
  readonly name: string;
}

/** The latest publication of a name, or of the path of an optimized file, in the contexts that image serving delivers. */
export async function findPublishedImage(
  db: Db,
  { company, name: asked }: PublishedName,
): Promise<PublicationRow | undefined> {
  const name = asked.replace(/\/$/, '');
  const [found] = await publicationsOf(db, { company, name }, 'images')
    .orderBy(desc(t.publications.publishedAt))
    .limit(1);
  return found?.publication ?? (await findByPath(db, { company, name }));
}

/** The latest publication of the image whose optimized file has a path, such as `Shoes/red.tif`. */
async function findByPath(db: Db, { company, name }: PublishedName): Promise<PublicationRow | undefined> {
  const [, folder = '', file] = /^(.*\/)?([^/]+)\.tif$/i.exec(name) ?? [];
  if (file === undefined) return undefined;
  const [found] = await db
    .select({ publication: t.publications })
    .from(t.publications)
    .innerJoin(t.publishContexts, eq(t.publishContexts.id, t.publications.contextId))
    .innerJoin(t.assets, eq(t.assets.id, t.publications.assetId))
    .innerJoin(t.folders, eq(t.folders.id, t.assets.folderId))
    .where(
      and(
        equalsIgnoreCase(t.assets.name, file),
        equalsIgnoreCase(t.folders.path, `${company}/${folder}`),
        eq(t.publishContexts.type, 'ImageServing'),
      ),
    )
    .orderBy(desc(t.publications.publishedAt))
    .limit(1);
  return found?.publication;
}

/** The content that image serving delivers for a name. */
export interface FoundImage {
  readonly publication: PublicationRow;
  /** The requested part of it. */
  readonly crop: PublishedSmartCrop | undefined;
}

/**
 * The content that image serving delivers for a name: an image, or one of its smart crops, whose name follows
 * a colon. An image with a colon in its own name takes precedence.
 */
export async function findDelivered(
  db: Db,
  { company, name }: PublishedName,
): Promise<FoundImage | undefined> {
  const whole = await findPublishedImage(db, { company, name });
  if (whole !== undefined) return { publication: whole, crop: undefined };
  const colon = name.lastIndexOf(':');
  if (colon < 1) return undefined;
  const publication = await findPublishedImage(db, { company, name: name.slice(0, colon) });
  const asked = name
    .slice(colon + 1)
    .replace(/\/$/, '')
    .toLowerCase();
  const crop = publication?.smartCrops.find((one) => one.name.toLowerCase() === asked);
  return publication === undefined || crop === undefined ? undefined : { publication, crop };
}

/** The publication of a name in any context whose files are served unchanged. */
export async function findPublishedContent(
  db: Db,
  published: PublishedName,
): Promise<PublicationRow | undefined> {
  const [found] = await publicationsOf(db, published, 'files').limit(1);
  return found?.publication;
}

function publicationsOf(db: Db, { company, name }: PublishedName, what: 'images' | 'files') {
  const { type } = t.publishContexts;
  return db
    .select({ publication: t.publications })
    .from(t.publications)
    .innerJoin(t.companies, eq(t.companies.id, t.publications.companyId))
    .innerJoin(t.publishContexts, eq(t.publishContexts.id, t.publications.contextId))
    .where(
      and(
        equalsIgnoreCase(t.companies.rootPath, `${company}/`),
        equalsIgnoreCase(t.publications.catalogId, name),
        what === 'images' ? eq(type, 'ImageServing') : ne(type, 'ServerDirectory'),
      ),
    );
}
