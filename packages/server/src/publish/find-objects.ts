import { and, asc, eq, sql } from 'drizzle-orm';
import { VIEWER_PRESET } from '../assets/viewer-settings.js';
import type { Db } from '../db/db.js';
import type { PublicationRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import type { Margins } from '../images/processing.js';
import { findPublishedImage } from './find-published.js';

/**
 * The published image that a request names: in its own company, else with the company as the first step of the name.
 *
 * @param company - The root folder of the company of the request, without its slash.
 */
export async function findObject(db: Db, company: string, name: string): Promise<PublicationRow | undefined> {
  const plain = name.replace(/^\/+/, '');
  const own = await findPublishedImage(db, { company, name: plain });
  if (own !== undefined) return own;
  const slash = plain.indexOf('/');
  if (slash < 1) return undefined;
  return findPublishedImage(db, { company: plain.slice(0, slash), name: plain.slice(slash + 1) });
}

/** An area of an image with a link. */
export interface LinkedArea {
  readonly name: string;
  readonly shape: 'rect' | 'poly';
  readonly region: string;
  /** Attributes of the element, as they were saved. */
  readonly action: string;
}

/** The areas of an image that are in use, in their order. */
export async function linkedAreas(db: Db, assetId: number): Promise<LinkedArea[]> {
  const rows = await db
    .select()
    .from(t.imageMaps)
    .where(and(eq(t.imageMaps.assetId, assetId), eq(t.imageMaps.enabled, true)))
    .orderBy(asc(t.imageMaps.position));
  return rows.map(({ name, shapeType, region, action }) => ({
    name,
    shape: shapeType === 'Polygon' ? 'poly' : 'rect',
    region,
    action,
  }));
}

/** An area of an image that viewers zoom to, in its pixels. */
export interface TargetArea {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly userData: string | null;
}

/** The zoom targets of an image, in their order. */
export function targetAreas(db: Db, assetId: number): Promise<TargetArea[]> {
  const { name, x, y, width, height, userData } = t.zoomTargets;
  return db
    .select({ name, x, y, width, height, userData })
    .from(t.zoomTargets)
    .where(eq(t.zoomTargets.assetId, assetId))
    .orderBy(asc(t.zoomTargets.position), asc(t.zoomTargets.id));
}

/** The uploaded file of an asset. */
export interface Upload {
  readonly file: string;
  /** The margins that processing removed. */
  readonly crop: Margins | undefined;
}

/** The uploaded file of an asset, if it has one. */
export async function uploadOf(db: Db, assetId: number): Promise<Upload | undefined> {
  const { originalFile, processing } = t.assets;
  const [row] = await db.select({ originalFile, processing }).from(t.assets).where(eq(t.assets.id, assetId));
  if (row?.originalFile == null) return undefined;
  // Written by the processing of uploads.
  return { file: row.originalFile, crop: row.processing['crop'] as Margins | undefined };
}

/** The XMP packet of the file of an asset, or the one that replaced it. */
export async function xmpPacketOf(db: Db, assetId: number): Promise<string | undefined> {
  const [row] = await db
    .select({ packet: t.xmpPackets.packet })
    .from(t.xmpPackets)
    .where(eq(t.xmpPackets.assetId, assetId));
  return row?.packet;
}

/** What is published for programs that show an asset. */
export interface UserData {
  /** The text; `undefined` if it is the published content. */
  readonly text: string | undefined;
}

/** The user data of an asset: the field of an image, or the settings of a viewer preset, which are its published content. */
export async function userDataOf(db: Db, assetId: number): Promise<UserData> {
  const [row] = await db
    .select({ type: t.assets.type, text: sql<string | null>`${t.assets.info}->>'userData'` })
    .from(t.assets)
    .where(eq(t.assets.id, assetId));
  return { text: row?.type === VIEWER_PRESET ? undefined : (row?.text ?? '') };
}
