import { positiveTime, wholeNumber } from '../duration.js';
import type { CommandSpec, OptionSpec } from '../spec.js';
import { databaseUrl, httpUrl } from '../url-values.js';

const DATA: OptionSpec = {
  flags: '--data <folder>',
  description: "the server's data folder (in your state folder)",
  completion: 'file',
};

/** `ips server` */
export const server: CommandSpec = {
  name: 'server',
  summary: 'run a local server that is compatible with the service',
  description:
    'For development and tests, without an account. Requires the package @ips-sdk/server, installed in the current project, next to ' +
    'ips, or globally.',
  examples: [{ command: 'ips server start && ips whoami', says: 'Start the server and use it' }],
  commands: [
    {
      name: 'start',
      summary: 'start the server in the background, and save a profile for it',
      description:
        'Saves the endpoint, company, user and password as the profile "local". Other commands reach the server with --profile local.',
      options: [
        {
          flags: '--port <n>',
          description: 'the port; 0 for any free port',
          default: '0',
          parse: wholeNumber(0, 65_535),
        },
        DATA,
        { flags: '--company <name>', description: 'the name of the first company', default: 'MyCompany' },
        {
          flags: '--admin <email>',
          description: 'the administrator of that company',
          default: 'admin@example.com',
        },
        {
          flags: '--admin-password-file <file>',
          description:
            'the file with the password, or - for stdin; otherwise IPS_ADMIN_PASSWORD, the profile, or a random one',
          completion: 'file',
        },
        {
          flags: '--reset-admin',
          description: 'replace the password of an existing administrator and enable the account',
        },
        {
          flags: '--database-url <url>',
          description: 'use this PostgreSQL database instead of the embedded one',
          parse: databaseUrl,
        },
        {
          flags: '--allow-private',
          description: 'let jobs fetch URLs from this machine and from private networks',
        },
        { flags: '--profile <name>', description: 'the name of the profile to save', default: 'local' },
        {
          flags: '--timeout <time>',
          description: 'the time limit for starting',
          parse: positiveTime,
          default: 120_000,
          defaultText: '2m',
        },
        { flags: '--foreground', description: 'run in the foreground until Ctrl-C' },
      ],
      prints: true,
      examples: [
        { command: 'ips server start', says: 'On a free port' },
        {
          command: 'ips server start --port 8080 --admin ann@example.com --admin-password-file password.txt',
          says: 'With a given port, administrator and password',
        },
      ],
      load: () => import('../commands/server-start.js'),
    },
    {
      name: 'stop',
      summary: 'stop the server and keep its data',
      options: [DATA],
      examples: [{ command: 'ips server stop', says: 'Stop; active jobs continue after the next start' }],
      load: () => import('../commands/server-stop.js'),
    },
    {
      name: 'status',
      summary: 'show whether the server is running, and where',
      options: [DATA],
      prints: true,
      examples: [{ command: 'ips server status --jq .endpoint', says: 'Print the endpoint' }],
      load: () => import('../commands/server-status.js'),
    },
    {
      name: 'reset',
      summary: 'stop the server and delete its data',
      options: [DATA],
      asks: true,
      examples: [{ command: 'ips server reset --yes', says: 'Start over' }],
      load: () => import('../commands/server-reset.js'),
    },
  ],
};

/** `ips console` */
export const consoleCommand: CommandSpec = {
  name: 'console',
  summary: 'see and steer jobs and assets in a browser',
  description:
    'Serves the web console for the service of the profile, and prints its URL. The URL logs in with the password of the profile: keep it ' +
    'private. Passwords stay in the process; browsers do not get them. Requires the package @ips-sdk/server, installed in the current ' +
    'project, next to ips, or globally. A local server has the console at its own URL.',
  options: [
    {
      flags: '--port <n>',
      description: 'the port; 0 for any free port',
      default: '0',
      parse: wholeNumber(0, 65_535),
    },
    {
      flags: '--host <host>',
      description: 'the address to listen on; anything but a loopback address lets other machines in',
      default: '127.0.0.1',
    },
    {
      flags: '--public-url <url>',
      description: 'where browsers reach it, if that is another URL',
      parse: httpUrl,
    },
    { flags: '--read-only', description: 'change nothing, whatever the role allows' },
  ],
  connects: true,
  examples: [
    { command: 'ips console', says: 'For the profile in use, until Ctrl-C' },
    { command: 'ips console --profile live --read-only', says: 'Only look' },
  ],
  load: () => import('../commands/console.js'),
};

/** `ips version` */
export const versionCommand: CommandSpec = {
  name: 'version',
  summary: 'print the version',
  prints: true,
  examples: [
    { command: 'ips version', says: 'Only the version' },
    { command: 'ips version --json', says: 'With Node.js version and platform, for bug reports' },
  ],
  load: () => import('../commands/version.js'),
};

/** `ips completion` */
export const completion: CommandSpec = {
  name: 'completion',
  summary: 'print a completion script for your shell',
  arguments: [
    {
      syntax: '<shell>',
      description: 'bash, zsh, fish or powershell',
      completion: ['bash', 'zsh', 'fish', 'powershell'],
    },
  ],
  examples: [
    { command: 'source <(ips completion bash)', says: 'bash: in ~/.bashrc' },
    { command: 'ips completion zsh > ~/.zfunc/_ips', says: 'zsh: once, into a folder in fpath' },
    { command: 'ips completion fish > ~/.config/fish/completions/ips.fish', says: 'fish: once' },
    {
      command: 'ips completion powershell | Out-String | Invoke-Expression',
      says: 'PowerShell: in $PROFILE',
    },
  ],
  load: () => import('../commands/completion.js'),
};
