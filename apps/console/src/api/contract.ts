/** The types of the console's API. They belong to its host; nothing of it is part of the bundle. */
export type * from '../../../../packages/server/src/console/api.ts';
