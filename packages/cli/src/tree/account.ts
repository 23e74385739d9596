import type { CommandSpec } from '../spec.js';

/** Commands about the user. */
export const account: readonly CommandSpec[] = [
  {
    name: 'login',
    summary: 'log in: save the service, your user name and your password',
    description:
      'Prompts for anything missing, checks the login and saves it as a profile. The password or token is stored in the system ' +
      'keychain or, if there is none, in a file that only you can read. IPS_KEYCHAIN=off always uses the file.',
    options: [
      {
        flags: '--password-stdin',
        description: 'read the password from stdin; otherwise IPS_PASSWORD, or a prompt',
      },
      { flags: '--token-stdin', description: 'read an access token from stdin, instead of a password' },
      { flags: '--no-check', description: 'save the login without checking it against the service' },
    ],
    connects: true,
    examples: [
      { command: 'ips login', says: 'Prompt for everything' },
      {
        command:
          'ips login --region na --stage staging --company MyCompany --user ann@example.com --password-stdin < password.txt',
        says: 'Log in without prompts',
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
    summary: "remove a profile's password",
    description: 'Keeps the rest of the profile; ips profile delete removes the whole profile.',
    options: [{ flags: '--all', description: 'log out of all profiles' }],
    connects: true,
    examples: [{ command: 'ips logout', says: 'Log out of the current profile' }],
    load: () => import('../commands/logout.js'),
  },
  {
    name: 'whoami',
    summary: 'show the current service, user, company and role',
    description: 'Calls the service, so it also checks that the login still works.',
    prints: true,
    connects: true,
    examples: [
      { command: 'ips whoami', says: 'Everything' },
      { command: 'ips whoami --jq .role', says: 'Only the role' },
    ],
    load: () => import('../commands/whoami.js'),
  },
];

/** Commands about profiles. */
export const profile: CommandSpec = {
  name: 'profile',
  summary: 'manage saved services and users',
  description:
    'A profile stores the service, the company and the user. These environment variables override it: IPS_PROFILE, IPS_ENDPOINT ' +
    'or IPS_REGION and IPS_STAGE, IPS_COMPANY, IPS_USER, IPS_PASSWORD or IPS_ACCESS_TOKEN. Options override both.',
  examples: [{ command: 'ips profile list', says: 'List all profiles and mark the current one' }],
  commands: [
    {
      name: 'list',
      aliases: ['ls'],
      summary: 'list the profiles',
      prints: true,
      lists: true,
      examples: [
        { command: 'ips profile list', says: 'List all profiles and mark the current one' },
        { command: 'ips profile list --jq ".[].name"', says: 'Names only' },
      ],
      load: () => import('../commands/profile-list.js'),
    },
    {
      name: 'show',
      summary: 'show a profile (the current one)',
      arguments: [{ syntax: '[name]', description: 'the profile', completion: 'profile' }],
      prints: true,
      examples: [{ command: 'ips profile show staging', says: 'Everything except the password' }],
      load: () => import('../commands/profile-show.js'),
    },
    {
      name: 'set',
      summary: 'create or change a profile',
      arguments: [
        { syntax: '<name>', description: 'the profile', completion: 'profile' },
        {
          syntax: '<field=value...>',
          description: 'endpoint, region, stage, company or user; an empty value clears the field',
          completion: ['endpoint=', 'region=', 'stage=', 'company=', 'user='],
        },
      ],
      examples: [
        {
          command: 'ips profile set staging region=emea stage=staging company=MyCompany',
          says: 'Set the service and the company',
        },
        { command: 'ips profile set staging company=', says: 'Clear the company' },
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
      summary: 'delete a profile and its password',
      arguments: [{ syntax: '<name>', description: 'the profile', completion: 'profile' }],
      asks: true,
      examples: [{ command: 'ips profile delete staging --yes', says: 'Without a prompt' }],
      load: () => import('../commands/profile-delete.js'),
    },
  ],
};
