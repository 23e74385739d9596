import type { CommandSpec } from '../spec.js';

/** Commands about the user. */
export const account: readonly CommandSpec[] = [
  {
    name: 'login',
    summary: 'log in: save the service, your user name and your password',
    description:
      'Prompts for what is not given, checks the login, and saves it as a profile. The password or token goes into the keychain of the ' +
      'system, or, without one, into a file that only you may read. IPS_KEYCHAIN=off always uses the file.',
    options: [
      {
        flags: '--password-stdin',
        description: 'read the password from stdin; otherwise IPS_PASSWORD, or a prompt',
      },
      { flags: '--token-stdin', description: 'read an access token from stdin, in place of a password' },
      { flags: '--no-check', description: 'save the login without checking it with the service' },
    ],
    connects: true,
    examples: [
      { command: 'ips login', says: 'Prompt for everything' },
      {
        command:
          'ips login --region na --stage staging --company MyCompany --user ann@example.com --password-stdin < password.txt',
        says: 'Prompt for nothing',
      },
      {
        command: 'ips login --profile local --endpoint http://127.0.0.1:8080/scene7/services/IpsApiService',
        says: 'A second profile, for a local server',
      },
    ],
    load: () => import('../commands/login.js'),
  },
  {
    name: 'logout',
    summary: 'forget the password of a profile',
    description: 'The rest of the profile remains; ips profile delete removes that too.',
    options: [{ flags: '--all', description: 'of all profiles' }],
    connects: true,
    examples: [{ command: 'ips logout', says: 'Forget the password of the current profile' }],
    load: () => import('../commands/logout.js'),
  },
  {
    name: 'whoami',
    summary: 'show the service, the user and what the user may do',
    description: 'It asks the service, so it also shows whether the login still works.',
    prints: true,
    connects: true,
    examples: [
      { command: 'ips whoami', says: 'For people' },
      { command: 'ips whoami --jq .role', says: 'Only the role' },
    ],
    load: () => import('../commands/whoami.js'),
  },
];

/** Commands about profiles. */
export const profile: CommandSpec = {
  name: 'profile',
  summary: 'saved services and users',
  description:
    'A profile names the service, the company and the user. The environment overrides it: IPS_ENDPOINT or IPS_REGION ' +
    'and IPS_STAGE, IPS_COMPANY, IPS_USER, IPS_PASSWORD or IPS_ACCESS_TOKEN, IPS_PROFILE. Options override both.',
  examples: [{ command: 'ips profile list', says: 'All profiles, with the current one marked' }],
  commands: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'list the profiles',
      prints: true,
      lists: true,
      examples: [
        { command: 'ips profile list', says: 'All profiles, with the current one marked' },
        { command: 'ips profile list --jq ".[].name"', says: 'Their names' },
      ],
      load: () => import('../commands/profile-list.js'),
    },
    {
      name: 'show',
      summary: 'show a profile, by default the current one',
      arguments: [{ syntax: '[name]', description: 'the profile', completion: 'profile' }],
      prints: true,
      examples: [{ command: 'ips profile show staging', says: 'Everything but its secret' }],
      load: () => import('../commands/profile-show.js'),
    },
    {
      name: 'set',
      summary: 'create or change a profile',
      arguments: [
        { syntax: '<name>', description: 'the profile', completion: 'profile' },
        {
          syntax: '<field=value...>',
          description: 'endpoint, region, stage, company or user; an empty value removes it',
          completion: ['endpoint=', 'region=', 'stage=', 'company=', 'user='],
        },
      ],
      examples: [
        {
          command: 'ips profile set staging region=emea stage=staging company=MyCompany',
          says: 'Set service and company',
        },
        { command: 'ips profile set staging company=', says: 'Remove the company' },
      ],
      load: () => import('../commands/profile-set.js'),
    },
    {
      name: 'use',
      summary: 'make a profile the current one',
      arguments: [{ syntax: '<name>', description: 'the profile', completion: 'profile' }],
      examples: [{ command: 'ips profile use staging', says: 'Use it from now on' }],
      load: () => import('../commands/profile-use.js'),
    },
    {
      name: 'delete',
      aliases: ['rm'],
      summary: 'delete a profile and its secret',
      arguments: [{ syntax: '<name>', description: 'the profile', completion: 'profile' }],
      asks: true,
      examples: [{ command: 'ips profile delete staging --yes', says: 'Without a prompt' }],
      load: () => import('../commands/profile-delete.js'),
    },
  ],
};
