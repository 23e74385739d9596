import type { PlacedLine } from '../db/schema/page-texts.js';
import type { FileStore, StoredFile } from '../files/file-store.js';
import type { FileType } from '../images/file-type.js';
import type { Margins } from '../images/processing.js';
import type { FileProcessing, UnsupportedFeature } from './ingest-options.js';

/** A file to examine. */
export interface FileToExamine {
  readonly files: FileStore;
  readonly stored: StoredFile;
  readonly type: FileType;
  readonly processing: FileProcessing;
  /** Requested features that this server does not support. */
  readonly requested: ReadonlySet<UnsupportedFeature>;
  readonly maxPixels: number;
  /** The program `ffmpeg`, if there is one. */
  readonly ffmpeg: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly progress: (fraction: number, message?: string) => void;
}

/** The results of examining a file. */
export interface FileContents {
  /** An asset type, which can be more specific than the one detected from the first bytes. */
  readonly type: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly resolution?: number | undefined;
  readonly optimizedFile?: string | undefined;
  readonly thumbFile?: string | undefined;
  readonly maskFile?: string | undefined;
  readonly crop?: Margins | undefined;
  readonly info: Readonly<Record<string, unknown>>;
  readonly xmp: Readonly<Record<string, string | string[]>>;
  readonly packet?: string | undefined;
  readonly pages: readonly PreparedPage[];
  /** The texts of the pages of a document with their places; `undefined` if they were not requested. */
  readonly texts?: readonly PageText[] | undefined;
  readonly warnings: readonly string[];
}

/** The results for a file with only a known type. */
export function plainContents(type: string): FileContents {
  return { type, info: {}, xmp: {}, pages: [], warnings: [] };
}

/** The text of a page of a document. */
export interface PageText {
  /** From 1. */
  readonly page: number;
  /** Hash of the picture of the page, if there is one. */
  readonly picture: string | null;
  /** In pixels of that picture, before a crop. */
  readonly lines: readonly PlacedLine[];
}

/** A page of a document, rendered as an image. */
export interface PreparedPage {
  /** From 1. */
  readonly number: number;
  /** The image, as a PNG. */
  readonly stored: StoredFile;
  readonly contents: FileContents;
}
