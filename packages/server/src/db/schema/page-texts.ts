// The texts of documents with their places.
import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { assets } from './assets.js';

/** A word on a page, or a line of them. Pixels of the picture of the page, from its upper left corner. */
export interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line of a page, with its words. */
export interface PlacedLine extends PlacedText {
  readonly words: readonly PlacedText[];
  /** The name of the font of its first character, as in the document. */
  readonly font: string;
  /** The size of that font in points. */
  readonly pointSize: number;
}

/** The texts of documents with their places, by page. Not in `assets`, because they are large and rarely read. */
export const pageTexts = pgTable(
  'page_texts',
  {
    documentId: integer('document_id')
      .notNull()
      .references(() => assets.id, { onDelete: 'cascade' }),
    /** From 1. */
    page: integer('page').notNull(),
    /** Hash of the picture of the page to which the places refer; null if the job made none. */
    picture: text('picture'),
    lines: jsonb('lines').$type<readonly PlacedLine[]>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.documentId, table.page] })],
);
