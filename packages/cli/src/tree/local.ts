import { timeLimit, wholeNumber } from '../duration.js';
import type { CommandSpec, OptionSpec } from '../spec.js';

const DATA: OptionSpec = {
  flags: '--data <folder>',
  description: 'the folder of its data (a folder of this user)',
  completion: 'file',
};

/** `ips server` */
export const server: CommandSpec = {
  name: 'server',
  summary: 'a local server that is compatible with the service',
  description:
    'To try things out and to test, without an account. It is the package @ips-sdk/server, which is found wherever it is ' +
    'installed: in the current project, next to this program, or globally.',
  examples: [{ command: 'ips server start && ips whoami', says: 'Start it and use it' }],
  commands: [
    {
      name: 'start',
      summary: 'start it in the background, and log in to it',
      description:
        'Its endpoint, company, user and password are saved as the profile "local", so that other commands find it with --profile local.',
      options: [
        {
          flags: '--port <n>',
          description: 'the port; 0 for any free one',
          default: '0',
          parse: wholeNumber(0, 65_535),
        },
        DATA,
        { flags: '--company <name>', description: 'the first company', default: 'MyCompany' },
        { flags: '--admin <email>', description: 'its administrator', default: 'admin@example.com' },
        { flags: '--database-url <url>', description: 'a PostgreSQL server, in place of the embedded one' },
        {
          flags: '--allow-private',
          description: 'let jobs fetch URLs of this machine and of private networks',
        },
        { flags: '--profile <name>', description: 'the profile to save it as', default: 'local' },
        {
          flags: '--timeout <time>',
          description: 'how long it may take to start',
          parse: timeLimit,
          default: 120_000,
        },
        { flags: '--foreground', description: 'run in the foreground until Ctrl-C' },
      ],
      prints: true,
      examples: [
        { command: 'ips server start', says: 'On a free port' },
        {
          command: 'IPS_ADMIN_PASSWORD=secret-1234 ips server start --port 8080 --admin ann@example.com',
          says: 'With a port and a user of your own',
        },
      ],
      load: () => import('../commands/server-start.js'),
    },
    {
      name: 'stop',
      summary: 'stop it; its data remains',
      options: [DATA],
      examples: [{ command: 'ips server stop', says: 'Active jobs continue when it starts again' }],
      load: () => import('../commands/server-stop.js'),
    },
    {
      name: 'status',
      summary: 'show whether it runs, and where',
      options: [DATA],
      prints: true,
      examples: [{ command: 'ips server status --jq .endpoint', says: 'Where it is' }],
      load: () => import('../commands/server-status.js'),
    },
    {
      name: 'reset',
      summary: 'delete all its data',
      options: [DATA],
      asks: true,
      examples: [{ command: 'ips server reset --yes', says: 'Start over' }],
      load: () => import('../commands/server-reset.js'),
    },
  ],
};

/** `ips version` */
export const versionCommand: CommandSpec = {
  name: 'version',
  summary: 'print the version',
  prints: true,
  examples: [
    { command: 'ips version', says: 'Only the version' },
    { command: 'ips version --json', says: 'With Node and platform, for a report of a bug' },
  ],
  load: () => import('../commands/version.js'),
};

/** `ips completion` */
export const completion: CommandSpec = {
  name: 'completion',
  summary: 'print a script that completes commands in your shell',
  arguments: [
    {
      syntax: '<shell>',
      description: 'bash, zsh, fish or powershell',
      completion: ['bash', 'zsh', 'fish', 'powershell'],
    },
  ],
  examples: [
    { command: 'source <(ips completion bash)', says: 'bash: in ~/.bashrc' },
    { command: 'ips completion zsh > ~/.zfunc/_ips', says: 'zsh: once, into a folder of fpath' },
    { command: 'ips completion fish > ~/.config/fish/completions/ips.fish', says: 'fish: once' },
    {
      command: 'ips completion powershell | Out-String | Invoke-Expression',
      says: 'PowerShell: in $PROFILE',
    },
  ],
  load: () => import('../commands/completion.js'),
};
