import { and, inArray, isNotNull, not, notInArray, type SQL, sql } from 'drizzle-orm';
import { SET_TYPES } from '../assets/asset-types.js';
import { logFileTypeOf } from '../assets/log-file-types.js';
import { VIEWER_PRESET } from '../assets/viewer-settings.js';
import * as t from '../db/schema.js';
import type { ContextType } from './publish-contexts.js';

/** The types that image rendering uses. */
const RENDERING_TYPES = ['Vignette', 'Cabinet', 'WindowCovering', 'WindowsCovering', 'RenderScene'];

/** The types that a video server delivers. */
const VIDEO_TYPES = ['Video', 'MasterVideo', 'Audio', 'VideoCaption', 'CuePoint'];

/** Types whose assets are lists of other assets, or texts that refer to them. */
export const SET_TYPES_OF_CATALOG: ReadonlySet<string> = new Set([...SET_TYPES, 'AssetSet']);

/** Types whose assets are other images, changed by commands. */
export const VIEW_TYPES: ReadonlySet<string> = new Set(['AdjustedView', 'LayerView']);

/** Types whose assets are commands. */
export const COMMAND_TYPES: ReadonlySet<string> = new Set(['Template', 'Watermark']);

/** Types whose assets consist of others, or of settings, and have no file. */
const FILELESS_TYPES = [...SET_TYPES_OF_CATALOG, ...VIEW_TYPES, ...COMMAND_TYPES, VIEWER_PRESET];

/** Whether an asset is a preset of a video player, which only a video publish sends. */
const isPlayerPreset = sql`(${t.assets.type} = ${VIEWER_PRESET} and coalesce((select v.type from ${t.viewerSettings} v where v.asset_id = ${t.assets.id}), ${t.assets.info}->>'type', '') = 'VideoPlayer')`;

/** The assets in contexts of a type, as a condition of a query over `assets`. */
export function carriedBy(type: ContextType): SQL {
  switch (type) {
    case 'ImageRendering':
      return inArray(t.assets.type, RENDERING_TYPES);
    case 'Video':
      return sql`(${inArray(t.assets.type, VIDEO_TYPES)} or ${isPlayerPreset})`;
    case 'ServerDirectory':
      return isNotNull(t.assets.originalFile);
    case 'ImageServing':
      // Images, sets, views, templates, and static content for viewers.
      return (
        and(
          notInArray(t.assets.type, [...RENDERING_TYPES, ...VIDEO_TYPES]),
          not(isPlayerPreset),
          sql`(${t.assets.originalFile} is not null or ${inArray(t.assets.type, FILELESS_TYPES)})`,
        ) ?? sql`true`
      );
  }
}

/** The name of a published file in job logs. */
export function logFileType(asset: { readonly type: string; readonly optimizedFile: string | null }): string {
  return asset.type === 'Image' && asset.optimizedFile !== null
    ? 'OptimizedImage'
    : logFileTypeOf(asset.type);
}
