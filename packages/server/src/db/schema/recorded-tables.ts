/**
 * The tables whose changes are recorded, by the triggers of the migration `recorded_changes`: of folders, only their paths count for
 * conditions of searches, and of users, their e-mail addresses.
 */
export const RECORDED: ReadonlySet<string> = new Set([
  'assets',
  'folders',
  'metadata_values',
  'permission_entries',
  'permission_sets',
  'project_assets',
  'users',
]);
