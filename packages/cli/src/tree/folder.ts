import { wholeNumber } from '../duration.js';
import type { CommandSpec } from '../spec.js';

const FOLDER = {
  syntax: '<folder>',
  description: 'the path or handle: MyCompany/Shoes/, f|MyCompany/Shoes/',
};

/** Commands about folders. */
export const folder: CommandSpec = {
  name: 'folder',
  summary: 'manage folders',
  examples: [{ command: 'ips folder tree', says: 'Show all folders' }],
  commands: [
    {
      name: 'tree',
      summary: 'show folders as a tree',
      description: 'In a pipe and as JSON, prints a list of folders with path, handle and depth.',
      arguments: [{ syntax: '[path]', description: 'the folder to start at (the company root)' }],
      options: [{ flags: '--depth <n>', description: 'the number of levels', parse: wholeNumber(0) }],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        { command: 'ips folder tree MyCompany/Shoes/ --depth 2', says: 'Two levels' },
        { command: 'ips folder tree --json path', says: 'Paths, for programs' },
      ],
      load: () => import('../commands/folder-tree.js'),
    },
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'list the subfolders of a folder',
      arguments: [{ syntax: '[path]', description: 'the folder (the company root)' }],
      prints: true,
      lists: true,
      connects: true,
      examples: [{ command: 'ips folder list MyCompany/', says: 'List direct subfolders' }],
      load: () => import('../commands/folder-list.js'),
    },
    {
      name: 'create',
      summary: 'create a folder',
      arguments: [{ syntax: '<path>', description: 'MyCompany/Shoes/Spring/' }],
      options: [
        {
          flags: '-p, --parents',
          description: 'create missing parent folders, and accept an existing folder',
        },
      ],
      prints: true,
      connects: true,
      hasDryRun: true,
      examples: [
        { command: 'ips folder create MyCompany/Shoes/', says: 'Create a folder and print its handle' },
      ],
      load: () => import('../commands/folder-create.js'),
    },
    {
      name: 'rename',
      summary: 'rename a folder',
      arguments: [FOLDER, { syntax: '<name>', description: 'the new name, without the path' }],
      prints: true,
      connects: true,
      hasDryRun: true,
      examples: [
        {
          command: 'ips folder rename MyCompany/Shoes/ Boots',
          says: 'Rename a folder and print its new handle',
        },
      ],
      load: () => import('../commands/folder-rename.js'),
    },
    {
      name: 'move',
      aliases: ['mv'],
      summary: 'move a folder into another folder',
      arguments: [FOLDER],
      options: [
        { flags: '--to <folder>', description: 'the path or handle of the target folder (required)' },
      ],
      prints: true,
      connects: true,
      hasDryRun: true,
      examples: [
        {
          command: 'ips folder move MyCompany/Shoes/ --to MyCompany/Archive/',
          says: 'Move a folder and print its new handle',
        },
      ],
      load: () => import('../commands/folder-move.js'),
    },
    {
      name: 'delete',
      aliases: ['rm'],
      summary: 'delete folders and everything in them',
      arguments: [{ ...FOLDER, syntax: '<folders...>' }],
      connects: true,
      hasDryRun: true,
      asks: true,
      examples: [{ command: 'ips folder delete MyCompany/Old/ --yes', says: 'Without a prompt' }],
      load: () => import('../commands/folder-delete.js'),
    },
  ],
};
