import type { CommandSpec } from '../spec.js';

/** `ips reconcile` */
export const reconcile: CommandSpec = {
  name: 'reconcile',
  summary: 'compare an inventory with the company, and mend what differs',
  description:
    'Finds assets that are missing, exist only under a numbered name (red-1), are not marked for publish, are duplicated under a ' +
    'numbered name, or of which only the duplicate is marked, and those in another folder. With --apply it renames, uploads, marks and ' +
    'publishes, after a prompt that lists each change; it deletes and moves nothing. Exits with 1 when something differs, or still ' +
    'differs after --apply.',
  arguments: [
    {
      syntax: '[inventory]',
      description:
        'CSV with a header: path or name, and any of folder, fileName, size, publishState, file, url; - is stdin',
      completion: 'file',
    },
  ],
  options: [
    {
      flags: '--from-profile <name>',
      description: 'compare with the company of this profile instead',
      completion: 'profile',
    },
    { flags: '--from-company <name>', description: 'compare with another company of the same service' },
    {
      flags: '--root <folder>',
      description: 'the folder of the inventory that is the root of the company: OtherCompany/',
    },
    {
      flags: '--files <folder>',
      description: 'the local folder with the files of what is missing, under their paths',
      completion: 'file',
    },
    { flags: '--apply', description: 'mend what can be mended' },
  ],
  prints: true,
  lists: true,
  connects: true,
  hasDryRun: true,
  asks: true,
  examples: [
    { command: 'ips reconcile inventory.csv', says: 'What differs' },
    { command: 'ips reconcile inventory.csv --csv > differences.csv', says: 'For a spreadsheet' },
    {
      command: 'ips reconcile --from-profile old --files export/ --apply',
      says: 'After a migration: mend what differs from the old company',
    },
  ],
  load: () => import('../commands/reconcile.js'),
};
