import type { ArgumentSpec, CommandSpec } from '../spec.js';

const ASSETS: ArgumentSpec = {
  syntax: '<assets...>',
  description: 'handles, or exact names; - reads them from stdin, one a line',
};

/** Commands about assets. */
export const asset: CommandSpec = {
  name: 'asset',
  summary: 'assets: images, videos, sets and all else that a company stores',
  description:
    'An asset is named by its handle or by its exact name. A name that several assets have is refused, and their handles are told.',
  examples: [{ command: 'ips asset search shoe --type Image', says: 'Images with shoe in their name' }],
  commands: [
    {
      name: 'search',
      aliases: ['list', 'ls'],
      summary: 'find assets',
      arguments: [{ syntax: '[text]', description: 'what their names contain' }],
      options: [
        { flags: '--folder <path>', description: 'only in this folder and below: MyCompany/Shoes/' },
        { flags: '--flat', description: 'only in the folder itself, not below' },
        {
          flags: '--type <type>',
          description: 'only of this type: Image, Video, ImageSet, …',
          repeatable: true,
          completion: 'asset-type',
        },
        { flags: '--keyword <word>', description: 'only with this keyword', repeatable: true },
        {
          flags: '--where <condition>',
          description: 'a field to compare: Sku=123, FileName^=red, FileName$=.tif, Description*=leather',
          repeatable: true,
        },
        {
          flags: '--marked <yes|no>',
          description: 'only marked for publish, or not',
          choices: ['yes', 'no'],
        },
        { flags: '--trash', description: 'only what is in the trash' },
        {
          flags: '--sort <field>',
          description: 'in the order of this',
          choices: ['Name', 'Created', 'Modified', 'AssetType', 'FileSize'],
          default: 'Name',
        },
        { flags: '--reverse', description: 'the other way round' },
        { flags: '--limit <n>', description: 'at most so many; 0 for all', default: '100' },
      ],
      prints: true,
      connects: true,
      examples: [
        {
          command: 'ips asset search shoe --folder MyCompany/Shoes/ --type Image',
          says: 'Images of a folder',
        },
        { command: 'ips asset search --marked no --limit 0 --jq length', says: 'How many are not marked' },
        {
          command: 'ips asset search --template "{{name}}: {{imageInfo.width}} x {{imageInfo.height}}"',
          says: 'A line for each',
        },
      ],
      load: () => import('../commands/asset-search.js'),
    },
    {
      name: 'get',
      summary: 'tell everything about assets',
      arguments: [ASSETS],
      prints: true,
      connects: true,
      examples: [
        { command: 'ips asset get red-shoe', says: 'By name' },
        { command: 'ips asset get "a|739|1|537" --jq ".[0].imageInfo"', says: 'The details of an image' },
      ],
      load: () => import('../commands/asset-get.js'),
    },
    {
      name: 'move',
      aliases: ['mv'],
      summary: 'move assets to a folder',
      arguments: [ASSETS],
      options: [{ flags: '--to <folder>', description: 'its path or handle (needed)' }],
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips asset move red-shoe blue-shoe --to MyCompany/Archive/', says: 'Two assets' },
      ],
      load: () => import('../commands/asset-move.js'),
    },
    {
      name: 'rename',
      summary: 'give an asset another name',
      arguments: [
        { syntax: '<asset>', description: 'its handle or name' },
        { syntax: '<name>', description: 'the new name' },
      ],
      options: [{ flags: '--no-check', description: 'do not check that no other asset has the name' }],
      connects: true,
      hasDryRun: true,
      examples: [{ command: 'ips asset rename red-shoe crimson-shoe', says: 'Its URL changes with it' }],
      load: () => import('../commands/asset-rename.js'),
    },
    {
      name: 'delete',
      aliases: ['rm'],
      summary: 'delete assets; the trash keeps them for a while',
      arguments: [ASSETS],
      options: [
        { flags: '--forever', description: 'empty them from the trash: they cannot be restored any more' },
      ],
      connects: true,
      hasDryRun: true,
      asks: true,
      examples: [
        { command: 'ips asset delete red-shoe', says: 'Be asked' },
        {
          command:
            'ips asset search --folder MyCompany/Old/ --jq ".[].assetHandle" | ips asset delete - --yes',
          says: 'All of a folder, without a question',
        },
      ],
      load: () => import('../commands/asset-delete.js'),
    },
    {
      name: 'restore',
      summary: 'take assets out of the trash',
      arguments: [ASSETS],
      connects: true,
      hasDryRun: true,
      examples: [
        {
          command: 'ips asset search --trash --jq ".[].assetHandle" | ips asset restore -',
          says: 'Everything',
        },
      ],
      load: () => import('../commands/asset-restore.js'),
    },
    {
      name: 'tag',
      summary: 'set the values of metadata and tag fields of assets',
      arguments: [ASSETS],
      options: [
        {
          flags: '--field <field>',
          description: 'the field: its name, or its handle m|21|IMAGE|Season (needed)',
        },
        { flags: '--add <values>', description: 'add tags: spring,summer' },
        { flags: '--remove <values>', description: 'take tags away' },
        { flags: '--set <values>', description: 'these tags and no others' },
        { flags: '--value <value>', description: 'the value of a field that is no tag field' },
      ],
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips asset tag red-shoe --field Season --add spring,summer', says: 'Two more tags' },
        {
          command: 'ips asset tag red-shoe blue-shoe --field Photographer --value "Ann Lee"',
          says: 'A text',
        },
      ],
      load: () => import('../commands/asset-tag.js'),
    },
  ],
};
