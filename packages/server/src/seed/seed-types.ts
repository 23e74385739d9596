// The form of seeds. scripts/seed-schema.ts makes seed.schema.json of it, so comments are what editors show.

/** The data that a seed adds. Existing objects are not changed. */
export interface Seed {
  /** Location of the JSON Schema, for editors. The server ignores it. */
  readonly $schema?: string | undefined;
  /** Companies, with everything in them. */
  readonly companies?: readonly SeedCompany[] | undefined;
  /** Users, with their roles in companies. */
  readonly users?: readonly SeedUser[] | undefined;
}

/** A company, with everything in it. */
export interface SeedCompany {
  /** Name of the company. A company with this name is used if there is one. */
  readonly name: string;
  /** Folders: paths below the company's root, or objects with a path and contents. */
  readonly folders?: readonly (string | SeedFolder)[];
  /** Fields for metadata of assets. */
  readonly metadataFields?: readonly SeedField[];
  /**
   * Image formats: commands of image serving by their names, such as `{ "Large": "wid=800&qlt=90" }` for image URLs that end in
   * `?$Large$`. A name has letters, digits, `-`, `_` and `.`. An image format with its name, regardless of case, is not changed.
   */
  readonly imageFormats?: Readonly<Record<string, string>>;
  /** Groups, with users who are members of the company. */
  readonly groups?: readonly SeedGroup[];
  /** What groups may do in folders. Folders that have permissions keep them. */
  readonly permissions?: readonly SeedPermission[];
  /** Scheduled jobs. */
  readonly jobs?: readonly SeedJob[];
}

/** A folder with contents. */
export interface SeedFolder {
  /** Path below the company's root, such as `Shoes/Red`; `/` is the root itself. */
  readonly path: string;
  readonly assets?: readonly SeedAsset[];
  readonly sets?: readonly (SeedSet | SeedAssetSet)[];
}

/** What assets and sets have in common. */
export interface SeedItem {
  /** Values of metadata fields, by the names of the fields. A tag field can have several values. */
  readonly metadata?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** When it was created, as an ISO 8601 time. Default: now. */
  readonly created?: string;
  /** When it was last changed, as an ISO 8601 time. Default: when it was created. */
  readonly lastModified?: string;
  /**
   * Whether it is marked for publish: in all publish contexts, or in those that are named, such as `{ "Video": false }`; it is then marked
   * in the others. Default: true.
   */
  readonly publish?: boolean | Readonly<Record<string, boolean>>;
  /** Whether it is published to image serving. Default: false. */
  readonly published?: boolean;
}

/** An asset: either of a file or of a generated picture. */
export interface SeedAsset extends SeedItem {
  /** Path of a file, relative to the folder of the seed file, and not outside of it. */
  readonly file?: string;
  /** A picture to generate. The same description gives the same picture. */
  readonly generate?: SeedPicture;
  /** Name of the asset, which no other asset of the company has. Default: the name of the file without its extension. */
  readonly name?: string;
  /** Number of assets with generated pictures, from 1 to 100,000. `{n}` in name and text stands for 1, 2 and so on. Default: 1. */
  readonly count?: number;
  /** Keywords, which become the XMP property dc.subject. */
  readonly keywords?: readonly string[];
  /** Any text for the applications of the company, such as for viewers. */
  readonly userData?: string;
  /** Smart crops of an image. */
  readonly smartCrops?: readonly SeedSmartCrop[];
}

/** A smart crop: a part of an image, which image URLs show as `asset:name`. */
export interface SeedSmartCrop {
  /** Up to 100 characters without colons, slashes and question marks, different from those of the other crops of the asset. */
  readonly name: string;
  /** What it is for. Default: `Banner`. */
  readonly type?: string;
  /** Width of the delivered image in pixels. */
  readonly width: number;
  /** Height of the delivered image in pixels. */
  readonly height: number;
  /** The part of the image. Default: found by the server, as for uploads. */
  readonly rect?: SeedRect;
}

/** A part of an image, as fractions of its width and height, from 0 to 1. */
export interface SeedRect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A generated picture. */
export interface SeedPicture {
  /** Width in pixels, from 1 to 10,000. A picture has at most 25 million pixels. */
  readonly width: number;
  /** Height in pixels, from 1 to 10,000. */
  readonly height: number;
  /** Color as `#rrggbb`. Default: `#808080`. */
  readonly color?: string;
  /** The second color of patterns, and that of the text, as `#rrggbb`. Default: `#ffffff`. */
  readonly background?: string;
  /** Default: `plain`. */
  readonly pattern?: 'plain' | 'checkers' | 'stripes' | 'gradient';
  /** Text in the middle, up to 60 letters, digits and common signs, in capitals. A letter takes at least 8 by 9 pixels. */
  readonly text?: string;
  /** Default: `png`. */
  readonly format?: 'png' | 'jpeg' | 'tiff' | 'gif';
}

/** A set of assets. */
export interface SeedSet extends SeedItem {
  /** Name of the set, which no other asset of the company has. */
  readonly name: string;
  /** Default: `ImageSet`. */
  readonly type?: 'ImageSet' | 'SpinSet' | 'RenderSet' | 'Catalog' | 'ColorSwatch';
  /** Names of assets of the company, in order: of the same seed or of the server. */
  readonly members: readonly string[];
}

/** A set with a definition instead of members. */
export interface SeedAssetSet extends SeedItem {
  /** Name of the set, which no other asset of the company has. */
  readonly name: string;
  readonly type: 'AssetSet';
  /**
   * The definition. Its substitutions name assets and metadata fields of the company, instead of their handles: `${getCatalogId([red])}`,
   * `${getMetaData([red], [Color])}`.
   */
  readonly definition: string;
  /** Any subtype. Default: none. */
  readonly subType?: string;
}

/** A metadata field. */
export interface SeedField {
  readonly name: string;
  /** Type of its values. Default: `String`. */
  readonly type?: string;
  /** The type of assets that have it, or `Asset` for all types. Default: `Asset`. */
  readonly assetType?: string;
  /** The tags of a tag field. */
  readonly tags?: readonly string[];
}

/** A group of a company. */
export interface SeedGroup {
  readonly name: string;
  /** Email addresses of members of the company. */
  readonly members?: readonly string[];
}

/** Permissions of a group on a folder. */
export interface SeedPermission {
  /** Path in the company's root; `/` is the root itself. */
  readonly folder: string;
  readonly group: string;
  readonly allow?: readonly ('Read' | 'Write' | 'Delete')[];
  readonly deny?: readonly ('Read' | 'Write' | 'Delete')[];
  /** Whether the entries take precedence over those of the folder above. Default: true. */
  readonly override?: boolean;
}

/** A scheduled job. A job with its name is not changed. */
export interface SeedJob {
  readonly name: string;
  /** The field of submitJobParam for this kind of job, such as `imageServingPublishJob`. */
  readonly kind: string;
  /** The content of that field. */
  readonly details: Readonly<Record<string, unknown>>;
  /** When it runs repeatedly, as a Quartz schedule such as `0 0 2 * * ?`. */
  readonly schedule?: string;
  /** When it runs once, as an ISO 8601 time. A job has either this or a schedule. */
  readonly time?: string;
  /** E-mail address of the user who submits it. Default: the administrator of the server. */
  readonly submitter?: string;
  readonly description?: string;
}

/** A user. A user with this address is used if there is one. */
export interface SeedUser {
  /** E-mail address, with which the user logs in. */
  readonly email: string;
  readonly password: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** Whether the user may administer all companies. Default: false. */
  readonly isIpsAdmin?: boolean;
  readonly memberships?: readonly SeedMembership[];
}

/** The role of a user in a company. */
export interface SeedMembership {
  /** Name of the company. */
  readonly company: string;
  /** Role in the company, such as `ImagePortalUser`. */
  readonly role: string;
}
