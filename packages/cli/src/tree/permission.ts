import { wholeNumber } from '../duration.js';
import { parseGroupRights } from '../group-rights.js';
import type { ArgumentSpec, CommandSpec } from '../spec.js';

const TARGET: ArgumentSpec = {
  syntax: '<target>',
  description: 'a folder with its slash, or an asset: MyCompany/Shoes/, red-shoe, or a handle',
};

/** Commands about permissions of folders and assets. */
export const permission: CommandSpec = {
  name: 'permission',
  summary: 'manage what groups of portal users may see and change',
  description:
    'Users with the roles ImagePortalUser, ImagePortalContrib and ImagePortalContribUser see and change only what their groups may. ' +
    'A folder or asset without permissions of its own follows the folder above.',
  examples: [
    { command: 'ips permission set MyCompany/ --allow Download=Read', says: 'Let a group see everything' },
    { command: 'ips permission show', says: 'Show all permissions' },
  ],
  commands: [
    {
      name: 'show',
      summary: 'show the permissions of a folder tree or an asset',
      description: 'Lists the first folder and all folders below that have permissions of their own.',
      arguments: [{ ...TARGET, syntax: '[target]', description: `${TARGET.description} (the company root)` }],
      options: [
        { flags: '--depth <n>', description: 'the number of levels', parse: wholeNumber(0) },
        { flags: '--all', description: 'also list folders that follow another folder' },
      ],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        { command: 'ips permission show MyCompany/Shoes/', says: 'A folder and everything below' },
        { command: 'ips permission show red-shoe --json group,read', says: 'An asset, as JSON' },
      ],
      load: () => import('../commands/permission-show.js'),
    },
    {
      name: 'set',
      summary: 'give groups permissions on a folder or an asset',
      description:
        'Replaces all permissions of the folder or asset, or changes only the given ones with --merge. What is not allowed is denied. A ' +
        'user in several groups may do what one of them may.',
      arguments: [TARGET],
      options: [
        {
          flags: '--allow <group=rights>',
          description: 'allow a group Read, Write, Delete or all: --allow Upload=Read,Write',
          repeatable: true,
          parse: parseGroupRights,
        },
        {
          flags: '--deny <group=rights>',
          description: 'deny a group rights that the folder above allows',
          repeatable: true,
          parse: parseGroupRights,
        },
        { flags: '--none', description: 'remove all entries: no portal user has access' },
        { flags: '--merge', description: 'keep all other permissions of the folder or asset' },
        {
          flags: '--no-override',
          description: 'let the entries apply only where the folder above says nothing about the group',
        },
        { flags: '--cascade', description: 'also apply to all folders and assets below' },
      ],
      connects: true,
      hasDryRun: true,
      asks: true,
      examples: [
        {
          command: 'ips permission set MyCompany/ --allow Download=Read --allow Upload=Read,Write',
          says: 'One group sees everything, another also changes it',
        },
        {
          command: 'ips permission set MyCompany/Drafts/ --merge --deny Download=Read --cascade',
          says: 'Hide a folder and everything below from a group',
        },
      ],
      load: () => import('../commands/permission-set.js'),
    },
    {
      name: 'remove',
      aliases: ['rm'],
      summary: 'let a folder or an asset follow the folder above again',
      arguments: [TARGET],
      options: [{ flags: '--cascade', description: 'also all folders below' }],
      connects: true,
      hasDryRun: true,
      asks: true,
      examples: [{ command: 'ips permission remove red-shoe', says: 'Let an asset follow its folder' }],
      load: () => import('../commands/permission-remove.js'),
    },
    {
      name: 'explain',
      summary: 'explain what a user may do with a folder or an asset, and why',
      description:
        'Shows for Read, Write and Delete which group and which folder decide. The role of the user must also allow the operation.',
      arguments: [
        { syntax: '<user>', description: 'the email address or handle of the user' },
        { ...TARGET, syntax: '[target]', description: `${TARGET.description} (the company root)` },
      ],
      prints: true,
      lists: true,
      connects: true,
      examples: [
        {
          command: 'ips permission explain pat@example.com MyCompany/Shoes/',
          says: 'Why a user sees a folder or not',
        },
        {
          command: 'ips permission explain pat@example.com red-shoe --jq ".[0].allowed"',
          says: 'Whether a user can read an asset',
        },
      ],
      load: () => import('../commands/permission-explain.js'),
    },
  ],
};
