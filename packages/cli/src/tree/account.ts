import type { CommandSpec } from '../spec.js';

/** Commands about who calls. */
export const account: readonly CommandSpec[] = [
  {
    name: 'login',
    summary: 'log in: keep where the service is, who you are, and your password',
    description:
      'Asks for what is not given, tries it out, and keeps it as a profile. The password or token goes into the keychain of the ' +
      'system, or into a file that only you may read where there is none. IPS_KEYCHAIN=off keeps the keychain out.',
    options: [
      {
        flags: '--password-stdin',
        description: 'read the password from stdin; otherwise IPS_PASSWORD, or a prompt',
      },
      { flags: '--token-stdin', description: 'read an access token from stdin, in place of a password' },
      { flags: '--no-check', description: 'keep it without asking the service whether it is right' },
    ],
    connects: true,
    examples: [
      { command: 'ips login', says: 'Be asked for everything' },
      {
        command:
          'ips login --region na --stage staging --company MyCompany --user ann@example.com --password-stdin < password.txt',
        says: 'Be asked for nothing',
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
    description: 'The rest of the profile stays; ips profile delete takes that away too.',
    options: [{ flags: '--all', description: 'of all profiles' }],
    connects: true,
    examples: [{ command: 'ips logout', says: 'Forget the password of the current profile' }],
    load: () => import('../commands/logout.js'),
  },
  {
    name: 'whoami',
    summary: 'tell where you work, as whom, and what you may do',
    description: 'Asks the service, so it also tells whether the login still works.',
    prints: true,
    connects: true,
    examples: [
      { command: 'ips whoami', says: 'For people' },
      { command: 'ips whoami --jq .role', says: 'The role alone' },
    ],
    load: () => import('../commands/whoami.js'),
  },
];

/** Commands about profiles. */
export const profile: CommandSpec = {
  name: 'profile',
  summary: 'places and users to work with',
  description:
    'A profile says where the service is, which company, and who calls. The environment wins over it: IPS_ENDPOINT or IPS_REGION ' +
    'and IPS_STAGE, IPS_COMPANY, IPS_USER, IPS_PASSWORD or IPS_ACCESS_TOKEN, IPS_PROFILE. Options win over both.',
  examples: [{ command: 'ips profile list', says: 'The profiles, the current one marked' }],
  commands: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'list the profiles',
      prints: true,
      examples: [
        { command: 'ips profile list', says: 'The profiles, the current one marked' },
        { command: 'ips profile list --jq ".[].name"', says: 'Their names' },
      ],
      load: () => import('../commands/profile-list.js'),
    },
    {
      name: 'show',
      summary: 'show a profile, the current one unless named',
      arguments: [{ syntax: '[name]', description: 'the profile', completion: 'profile' }],
      prints: true,
      examples: [{ command: 'ips profile show staging', says: 'What it says; never its secret' }],
      load: () => import('../commands/profile-show.js'),
    },
    {
      name: 'set',
      summary: 'make or change a profile',
      arguments: [
        { syntax: '<name>', description: 'the profile', completion: 'profile' },
        {
          syntax: '<field=value...>',
          description: 'endpoint, region, stage, company or user; nothing after the = takes it away',
          completion: ['endpoint=', 'region=', 'stage=', 'company=', 'user='],
        },
      ],
      examples: [
        {
          command: 'ips profile set staging region=emea stage=staging company=MyCompany',
          says: 'Where and what',
        },
        { command: 'ips profile set staging company=', says: 'No company any more' },
      ],
      load: () => import('../commands/profile-set.js'),
    },
    {
      name: 'use',
      summary: 'make a profile the current one',
      arguments: [{ syntax: '<name>', description: 'the profile', completion: 'profile' }],
      examples: [{ command: 'ips profile use staging', says: 'From now on' }],
      load: () => import('../commands/profile-use.js'),
    },
    {
      name: 'delete',
      aliases: ['rm'],
      summary: 'delete a profile and its secret',
      arguments: [{ syntax: '<name>', description: 'the profile', completion: 'profile' }],
      asks: true,
      examples: [{ command: 'ips profile delete staging --yes', says: 'Without a question' }],
      load: () => import('../commands/profile-delete.js'),
    },
  ],
};
