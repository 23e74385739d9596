import type * as t from './schema.js';

// Row types of the tables that several areas use, below all code that reads or writes them.

export type UserRow = typeof t.users.$inferSelect;
export type CompanyRow = typeof t.companies.$inferSelect;
export type AssetRow = typeof t.assets.$inferSelect;
export type RunRow = typeof t.runs.$inferSelect;
export type OutboxRow = typeof t.outbox.$inferSelect;
export type TriggerRow = typeof t.triggers.$inferSelect;
export type PublicationRow = typeof t.publications.$inferSelect;
export type ExportArchiveRow = typeof t.exportArchives.$inferSelect;
