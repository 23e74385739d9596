import type { CommandSpec } from '../spec.js';

/** Commands about image presets, which the API calls image formats. */
export const preset: CommandSpec = {
  name: 'preset',
  summary: 'manage image presets: named image serving commands',
  description: 'Image URLs call a preset as ?$name$. The API calls presets image formats.',
  examples: [{ command: 'ips preset save Large "wid=1200&qlt=90"', says: 'Create or change a preset' }],
  commands: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'list the image presets of the company',
      prints: true,
      lists: true,
      connects: true,
      examples: [
        { command: 'ips preset list', says: 'As a table' },
        { command: 'ips preset list --json name,urlModifier', says: 'For programs' },
      ],
      load: () => import('../commands/preset-list.js'),
    },
    {
      name: 'save',
      summary: 'create or change an image preset',
      description:
        'Changes the preset with the name, in any case, or creates one, and prints its handle. Image URLs call it as ?$name$, so a ' +
        'new name consists of letters, digits, "-", "_" and ".".',
      arguments: [
        { syntax: '<name>', description: 'the name or handle' },
        { syntax: '<commands>', description: 'image serving commands: wid=1200&qlt=90' },
      ],
      options: [{ flags: '--rename <name>', description: 'the new name of an existing preset' }],
      prints: true,
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips preset save Large "wid=1200&qlt=90"', says: 'Create or change Large' },
        { command: 'ips preset save Large "wid=1200" --rename Huge', says: 'Change the name, too' },
      ],
      load: () => import('../commands/preset-save.js'),
    },
    {
      name: 'delete',
      aliases: ['rm'],
      summary: 'delete image presets',
      arguments: [
        { syntax: '<presets...>', description: 'names or handles; - reads them from stdin, one per line' },
      ],
      connects: true,
      hasDryRun: true,
      asks: true,
      examples: [{ command: 'ips preset delete Large --yes', says: 'Without a prompt' }],
      load: () => import('../commands/preset-delete.js'),
    },
  ],
};
