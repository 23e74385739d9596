import { and, inArray, isNotNull, notInArray, type SQL, sql } from 'drizzle-orm';
import { logFileTypeOf } from '../assets/log-file-types.js';
import * as t from '../db/schema.js';
import type { ContextType } from './publish-contexts.js';

/** What image rendering uses. */
const RENDERING_TYPES = ['Vignette', 'Cabinet', 'WindowCovering', 'WindowsCovering', 'RenderScene'];

/** What a video server delivers. */
const VIDEO_TYPES = ['Video', 'MasterVideo', 'Audio', 'VideoCaption', 'CuePoint'];

/** Types whose assets consist of other assets and have no file of their own. */
export const FILELESS_TYPES: ReadonlySet<string> = new Set([
  'ImageSet',
  'RenderSet',
  'SpinSet',
  'Catalog',
  'ColorSwatch',
  'AssetSet',
]);

/** Which assets a context of a type carries, as a condition of a query over `assets`. */
export function carriedBy(type: ContextType): SQL {
  switch (type) {
    case 'ImageRendering':
      return inArray(t.assets.type, RENDERING_TYPES);
    case 'Video':
      return inArray(t.assets.type, VIDEO_TYPES);
    case 'ServerDirectory':
      return isNotNull(t.assets.originalFile);
    case 'ImageServing':
      // Images, sets, and the static content that viewers load beside them.
      return (
        and(
          notInArray(t.assets.type, [...RENDERING_TYPES, ...VIDEO_TYPES]),
          sql`(${t.assets.originalFile} is not null or ${inArray(t.assets.type, [...FILELESS_TYPES])})`,
        ) ?? sql`true`
      );
  }
}

/** What job logs call a published file. */
export function logFileType(asset: { readonly type: string; readonly optimizedFile: string | null }): string {
  return asset.type === 'Image' && asset.optimizedFile !== null
    ? 'OptimizedImage'
    : logFileTypeOf(asset.type);
}
