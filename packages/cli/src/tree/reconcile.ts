import type { CommandSpec } from '../spec.js';

/** `ips reconcile` */
export const reconcile: CommandSpec = {
  name: 'reconcile',
  summary: 'compare an inventory with the company, and fix differences',
  description:
    'Finds assets that are missing, exist only under a numbered name (red-1), have a numbered duplicate, are not marked for publish, ' +
    'are not marked although their duplicate is, or are in a different folder. --apply renames, uploads, marks and publishes after a ' +
    'prompt that lists each change; it never deletes or moves assets. Exits with 1 if differences remain.',
  arguments: [
    {
      syntax: '[inventory]',
      description:
        'CSV with a header line: path or name, and optionally folder, fileName, size, publishState, file, url; - is stdin',
      completion: 'file',
    },
  ],
  options: [
    {
      flags: '--from-profile <name>',
      description: 'compare with the company of this profile instead of an inventory',
      completion: 'profile',
    },
    { flags: '--from-company <name>', description: 'compare with another company of the same service' },
    {
      flags: '--root <folder>',
      description: 'the folder in the inventory that corresponds to the company root: OtherCompany/',
    },
    {
      flags: '--files <folder>',
      description: 'the local folder with the files of missing assets, stored under their inventory paths',
      completion: 'file',
    },
    { flags: '--apply', description: 'fix differences where possible' },
  ],
  prints: true,
  lists: true,
  connects: true,
  hasDryRun: true,
  asks: true,
  examples: [
    { command: 'ips reconcile inventory.csv', says: 'List differences' },
    { command: 'ips reconcile inventory.csv --csv > differences.csv', says: 'Save differences as CSV' },
    {
      command: 'ips reconcile --from-profile old --files export/ --apply',
      says: 'After a migration: fix differences from the old company',
    },
  ],
  load: () => import('../commands/reconcile.js'),
};
