// The tables. Identity columns supply the numbers in handles.
export * from './schema/assets.js';
export * from './schema/companies.js';
export * from './schema/jobs.js';
export * from './schema/kept.js';
export * from './schema/page-texts.js';
export * from './schema/permissions.js';
export * from './schema/presets.js';
export * from './schema/publish.js';
export type * from './schema/run-counters.js';
