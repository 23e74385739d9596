import { wholeNumber } from '../duration.js';
import type { ArgumentSpec, CommandSpec } from '../spec.js';

const ASSETS: ArgumentSpec = {
  syntax: '<assets...>',
  description: 'handles or exact names; - reads them from stdin, one per line',
};

/** Commands about assets. */
export const asset: CommandSpec = {
  name: 'asset',
  summary: 'assets: images, videos, sets and everything else that a company stores',
  description:
    'An asset is named by its handle or by its exact name. A name that several assets have is refused, and their handles are listed.',
  examples: [{ command: 'ips asset search shoe --type Image', says: 'Images with shoe in their name' }],
  commands: [
    {
      name: 'search',
      aliases: ['list', 'ls'],
      summary: 'find assets',
      arguments: [{ syntax: '[text]', description: 'text in their names' }],
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
          description: 'only those marked for publish, or only the others',
          choices: ['yes', 'no'],
        },
        { flags: '--trash', description: 'only assets in the trash' },
        {
          flags: '--sort <field>',
          description: 'the field to sort by',
          choices: ['Name', 'Created', 'Modified', 'AssetType', 'FileSize'],
          default: 'Name',
        },
        { flags: '--reverse', description: 'in reverse order' },
        {
          flags: '--limit <n>',
          description: 'at most this many; 0 for all',
          default: '100',
          parse: wholeNumber(0),
        },
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
      summary: 'show all details of assets',
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
      options: [{ flags: '--to <folder>', description: 'its path or handle (required)' }],
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips asset move red-shoe blue-shoe --to MyCompany/Archive/', says: 'Two assets' },
      ],
      load: () => import('../commands/asset-move.js'),
    },
    {
      name: 'rename',
      summary: 'rename an asset',
      arguments: [
        { syntax: '<asset>', description: 'its handle or name' },
        { syntax: '<name>', description: 'the new name' },
      ],
      options: [{ flags: '--no-check', description: 'do not check whether another asset has the name' }],
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
        {
          flags: '--forever',
          description: 'delete assets that are in the trash, so that they cannot be restored',
        },
      ],
      connects: true,
      hasDryRun: true,
      asks: true,
      examples: [
        { command: 'ips asset delete red-shoe', says: 'With a prompt' },
        {
          command:
            'ips asset search --folder MyCompany/Old/ --jq ".[].assetHandle" | ips asset delete - --yes',
          says: 'All assets of a folder, without a prompt',
        },
      ],
      load: () => import('../commands/asset-delete.js'),
    },
    {
      name: 'restore',
      summary: 'restore assets from the trash',
      description: 'Names are those of assets in the trash.',
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
          description: 'the name of the field, or its handle m|21|IMAGE|Season (required)',
        },
        { flags: '--add <values>', description: 'add tags: spring,summer' },
        { flags: '--remove <values>', description: 'remove tags' },
        { flags: '--set <values>', description: 'replace all tags with these' },
        { flags: '--value <value>', description: 'the value of a field that is not a tag field' },
      ],
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips asset tag red-shoe --field Season --add spring,summer', says: 'Add two tags' },
        {
          command: 'ips asset tag red-shoe blue-shoe --field Photographer --value "Ann Lee"',
          says: 'A text',
        },
      ],
      load: () => import('../commands/asset-tag.js'),
    },
  ],
};
