import { wholeNumber } from '../duration.js';
import type { ArgumentSpec, CommandSpec } from '../spec.js';

const ASSETS: ArgumentSpec = {
  syntax: '<assets...>',
  description: 'handles or exact names; - reads them from stdin, one per line',
};

/** Commands about assets. */
export const asset: CommandSpec = {
  name: 'asset',
  summary: 'manage assets: images, videos, sets and other files',
  description:
    'Give an asset by its handle or exact name. If several assets have the same name, the command lists their handles and exits with 2.',
  examples: [{ command: 'ips asset search shoe --type Image', says: 'Images with shoe in their name' }],
  commands: [
    {
      name: 'search',
      summary: 'find assets',
      arguments: [{ syntax: '[text]', description: 'text that the name contains' }],
      options: [
        { flags: '--folder <path>', description: 'only in this folder and its subfolders: MyCompany/Shoes/' },
        { flags: '--flat', description: 'exclude subfolders' },
        {
          flags: '--type <type>',
          description: 'only of this type: Image, Video, ImageSet, …',
          repeatable: true,
          completion: 'asset-type',
        },
        { flags: '--keyword <word>', description: 'only assets with this keyword', repeatable: true },
        {
          flags: '--where <condition>',
          description: 'match a field: Sku=123, FileName^=red, FileName$=.tif, Description*=leather',
          repeatable: true,
        },
        {
          flags: '--marked <yes|no>',
          description: 'only assets that are, or are not, marked for publish',
          choices: ['yes', 'no'],
        },
        { flags: '--trash', description: 'only assets in the trash' },
        {
          flags: '--sort <field>',
          description: 'the field to sort by',
          choices: ['Name', 'Created', 'Modified', 'AssetType', 'FileSize'],
          default: 'Name',
        },
        { flags: '--reverse', description: 'reverse the order' },
        {
          flags: '--limit <n>',
          description: 'the maximum number of assets; 0 for all',
          default: '100',
          parse: wholeNumber(0),
        },
      ],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        {
          command: 'ips asset search shoe --folder MyCompany/Shoes/ --type Image',
          says: 'Images in a folder',
        },
        {
          command: 'ips asset search --marked no --limit 0 --jq length',
          says: 'Count assets not marked for publish',
        },
        {
          command: 'ips asset search --template "{{name}}: {{imageInfo.width}} x {{imageInfo.height}}"',
          says: 'One line per image',
        },
      ],
      load: () => import('../commands/asset-search.js'),
    },
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'list all assets with path, type, size, publish state and dates',
      description:
        '--csv writes an inventory of any size, row by row. Sizes are in bytes; the publish state is whether the asset is marked for publish.',
      arguments: [
        {
          syntax: '[folder]',
          description: 'only in this folder and its subfolders: MyCompany/Shoes/ (the company root)',
        },
      ],
      options: [
        { flags: '--flat', description: 'exclude subfolders' },
        {
          flags: '--type <type>',
          description: 'only of this type: Image, Video, ImageSet, …',
          repeatable: true,
          completion: 'asset-type',
        },
        {
          flags: '--marked <yes|no>',
          description: 'only assets that are, or are not, marked for publish',
          choices: ['yes', 'no'],
        },
        { flags: '--trash', description: 'only assets in the trash' },
      ],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        { command: 'ips asset list --csv > inventory.csv', says: 'Save an inventory of the company' },
        {
          command: 'ips asset list MyCompany/Shoes/ --marked no --csv path,created',
          says: 'Assets in a folder that are not marked for publish',
        },
      ],
      load: () => import('../commands/asset-list.js'),
    },
    {
      name: 'get',
      summary: 'show all details of assets',
      arguments: [ASSETS],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        { command: 'ips asset get red-shoe', says: 'By name' },
        { command: 'ips asset get "a|739|1|537" --jq ".[0].imageInfo"', says: 'Image details only' },
      ],
      load: () => import('../commands/asset-get.js'),
    },
    {
      name: 'move',
      aliases: ['mv'],
      summary: 'move assets to a folder',
      arguments: [ASSETS],
      options: [
        { flags: '--to <folder>', description: 'the path or handle of the target folder (required)' },
      ],
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
      options: [{ flags: '--no-check', description: 'do not check whether the name is taken' }],
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips asset rename red-shoe crimson-shoe', says: 'Rename an asset; its URL changes too' },
      ],
      load: () => import('../commands/asset-rename.js'),
    },
    {
      name: 'delete',
      aliases: ['rm'],
      summary: 'move assets to the trash, or delete them permanently',
      arguments: [ASSETS],
      options: [
        {
          flags: '--forever',
          description: 'permanently delete assets that are in the trash',
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
          says: 'All assets in a folder, without a prompt',
        },
      ],
      load: () => import('../commands/asset-delete.js'),
    },
    {
      name: 'restore',
      summary: 'restore assets from the trash',
      description: 'Names refer to assets in the trash.',
      arguments: [ASSETS],
      connects: true,
      hasDryRun: true,
      examples: [
        {
          command: 'ips asset search --trash --jq ".[].assetHandle" | ips asset restore -',
          says: 'Restore everything',
        },
      ],
      load: () => import('../commands/asset-restore.js'),
    },
    {
      name: 'tag',
      summary: 'set metadata and tag fields of assets',
      arguments: [ASSETS],
      options: [
        {
          flags: '--field <field>',
          description: 'the name or handle of the field: Season, m|21|IMAGE|Season (required)',
        },
        { flags: '--add <values>', description: 'add tags: spring,summer' },
        { flags: '--remove <values>', description: 'remove tags' },
        { flags: '--set <values>', description: 'replace all tags' },
        { flags: '--value <value>', description: 'set the value of a field without tags' },
      ],
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips asset tag red-shoe --field Season --add spring,summer', says: 'Add two tags' },
        {
          command: 'ips asset tag red-shoe blue-shoe --field Photographer --value "Ann Lee"',
          says: 'Set a text field',
        },
      ],
      load: () => import('../commands/asset-tag.js'),
    },
  ],
};
