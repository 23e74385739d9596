import type { Asset, AssetJobLog, Folder, PublishContext, PublishHistory } from '@ips-sdk/types';
import type { Long, Moment, Outcome, PageInfo } from './common.js';

/** The answer to `GET folders`. */
export interface FoldersAnswer {
  /** The path of the folder whose children these are; the root of the company for an empty `path`. */
  readonly path: string;
  readonly folders: readonly FolderNode[];
}

export interface FolderNode extends Pick<Folder, 'lastModified'> {
  readonly folderHandle: string;
  /** Such as `MyCompany/Shoes/`. */
  readonly path: string;
  readonly name: string;
  readonly hasSubfolders: boolean;
}

/** Body of `POST folders`. */
export type FolderActionRequest =
  | { readonly action: 'create'; readonly path: string }
  | { readonly action: 'rename'; readonly folderHandle: string; readonly name: string }
  | { readonly action: 'move'; readonly folderHandle: string; readonly destFolderHandle: string }
  | { readonly action: 'delete'; readonly folderHandle: string };

export interface FolderActionResult {
  readonly outcome: Outcome;
}

/** The query of `GET assets`. */
export interface AssetsQuery {
  /** Path. Default: the root. */
  readonly folder?: string | undefined;
  readonly includeSubfolders?: boolean | undefined;
  /** Words in the name. */
  readonly text?: string | undefined;
  readonly type?: readonly string[] | undefined;
  readonly publishState?: 'MarkedForPublish' | 'NotMarkedForPublish' | undefined;
  /** `trash` shows what was deleted. Default: `live`. */
  readonly place?: 'live' | 'trash' | undefined;
  readonly sort?: 'name' | 'type' | 'created' | 'lastModified' | 'fileSize' | undefined;
  readonly direction?: 'asc' | 'desc' | undefined;
  readonly page?: number | undefined;
  /** From 1 to 200. Default: 60. */
  readonly pageSize?: number | undefined;
}

export interface AssetsPage extends PageInfo {
  readonly assets: readonly AssetRow[];
  readonly shell: string;
}

export interface AssetRow {
  readonly assetHandle: string;
  readonly name: string;
  readonly type: string;
  readonly subType?: string | undefined;
  readonly fileName?: string | undefined;
  /** Path. */
  readonly folder: string;
  readonly folderHandle?: string | undefined;
  readonly readyForPublish: boolean;
  readonly isInTrash: boolean;
  readonly created?: Moment | undefined;
  readonly createUser?: string | undefined;
  readonly lastModified?: Moment | undefined;
  readonly lastModifyUser?: string | undefined;
  /** Bytes of the original. */
  readonly fileSize?: Long | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Path under the console's origin: append `&size=` and the longer side in pixels, up to 2000. */
  readonly thumbnail?: string | undefined;
  readonly hasAlpha?: boolean | undefined;
}

/** The answer to `GET asset`. */
export interface AssetPage {
  readonly row: AssetRow;
  readonly asset: Asset;
  readonly metadata: readonly MetadataValue[];
  /** Publish contexts in which it is marked. */
  readonly contexts: readonly PublishContext[];
  readonly publishHistory: readonly PublishHistory[];
  readonly jobs: readonly AssetJobLog[];
  readonly delivery?: DeliveryPreview | undefined;
  /** `undefined` if the endpoint has none, or it is not an image. */
  readonly smartCrops?: readonly SmartCropInfo[] | undefined;
  /** Names of the company's image presets that URLs can call. */
  readonly presets: readonly string[];
  /** What belongs to it or what it consists of: members of a set, views of an image, pages of a document. */
  readonly related: readonly AssetRow[];
  readonly shell: readonly string[];
}

export interface MetadataValue {
  readonly fieldHandle: string;
  /** In words. */
  readonly name: string;
  /** The constant, such as `String`, `Date`, `Boolean`, `Enum`, `Tag`. */
  readonly fieldType: string;
  readonly value: string | undefined;
  /** For an enumeration. */
  readonly choices?: readonly string[] | undefined;
  readonly isEditable: boolean;
}

/** The delivery URL of an asset, taken apart. */
export interface DeliveryPreview {
  /** Where everybody gets it once it is published. */
  readonly url: string;
  /** The same picture through the console, published or not. */
  readonly image: string;
  readonly isPublished: boolean;
  readonly commands: readonly DeliveryCommand[];
}

/** A command of a delivery URL, such as `wid=300`. */
export interface DeliveryCommand {
  readonly name: string;
  readonly value: string;
  readonly meaning: string | undefined;
  /** `false` for a command that this server does not have. */
  readonly isKnown: boolean;
}

export interface SmartCropInfo {
  /** `subAssetHandle`. */
  readonly handle: string;
  readonly name: string;
  /** Fractions of width and height, from 0 to 1, from the upper left corner. */
  readonly rect: CropRectangle;
}

export interface CropRectangle {
  readonly leftN: number;
  readonly topN: number;
  readonly widthN: number;
  readonly heightN: number;
}

/** Body of `POST assets/crops`. */
export interface SmartCropsRequest {
  readonly assetHandle: string;
  readonly crops: readonly { readonly handle: string; readonly rect: CropRectangle }[];
}

/** Body of `POST assets/actions`: exactly these assets, 500 at most. */
export type AssetActionRequest =
  | { readonly action: 'move'; readonly handles: readonly string[]; readonly folderHandle: string }
  | { readonly action: 'rename'; readonly handles: readonly [string]; readonly name: string }
  | { readonly action: 'delete' | 'restore' | 'publish'; readonly handles: readonly string[] }
  | { readonly action: 'deleteForever'; readonly handles: readonly string[] }
  | { readonly action: 'mark' | 'unmark'; readonly handles: readonly string[] };

export interface AssetActionResult {
  readonly outcomes: readonly Outcome[];
  readonly summary: string;
  /** The job that an action such as `publish` submitted. */
  readonly jobHandle?: string | undefined;
}

/** Body of `POST assets/metadata`. */
export interface MetadataRequest {
  readonly assetHandle: string;
  /** `undefined` values stay, `null` removes. */
  readonly values: readonly { readonly fieldHandle: string; readonly value: string | null }[];
}
