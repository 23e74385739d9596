import type { Context } from './context.js';

/** What a value on the command line can be completed with. */
export type Completion =
  | 'operation'
  | 'profile'
  | 'schema'
  | 'job-kind'
  | 'asset-type'
  | 'command'
  | 'file'
  | readonly string[];

/** A positional argument: `<job>` is required, `[path]` is optional, `<assets...>` takes several. */
export interface ArgumentSpec {
  readonly syntax: string;
  readonly description: string;
  readonly completion?: Completion;
}

/** An option. */
export interface OptionSpec {
  /** As commander reads it: `-f, --field <key=value>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: unknown;
  /** Whether it may be repeated, in which case its values are collected. */
  readonly repeatable?: true;
  readonly parse?: (text: string) => unknown;
  readonly completion?: Completion;
}

/** The implementation of a command, in its own module, so that no other command loads it. */
export interface CommandModule {
  readonly run: (context: Context, options: never, ...args: never[]) => Promise<number | undefined>;
}

/** A noun with verbs, or a verb. Help, completion and documentation are made from it. */
export interface CommandSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line, for lists. */
  readonly summary: string;
  /** More than the summary says. */
  readonly description?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly { readonly command: string; readonly says: string }[];
  /** Whether it prints data, which is then available as JSON too. */
  readonly prints?: boolean;
  /** Whether it calls the service. */
  readonly connects?: boolean;
  /** Whether it can show what it would do. */
  readonly hasDryRun?: boolean;
  /** Whether it destroys something and therefore asks first. */
  readonly asks?: boolean;
  /** The verbs of a noun. */
  readonly commands?: readonly CommandSpec[];
  /** Loads the implementation; absent for a noun, which only has verbs. */
  readonly load?: () => Promise<CommandModule>;
}

/** Options of commands that print data. */
export const PRINT_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json [fields]', description: 'print JSON, with all fields or only those named: name,state' },
  { flags: '--jq <expression>', description: 'apply a jq expression to the JSON and print the result' },
  {
    flags: '--template <template>',
    description: 'print a Mustache template for each row: "{{name}} {{state}}"',
  },
];

/** Options of commands that call the service. */
export const CONNECT_OPTIONS: readonly OptionSpec[] = [
  { flags: '--profile <name>', description: 'use this profile', completion: 'profile' },
  { flags: '--endpoint <url>', description: 'the URL of the SOAP service, in place of region and stage' },
  {
    flags: '--region <region>',
    description: 'where the account is',
    choices: ['na', 'emea', 'apac'],
  },
  { flags: '--stage <stage>', description: 'which service', choices: ['production', 'staging'] },
  { flags: '--company <name>', description: 'the company to work in, by name or handle' },
  { flags: '--user <email>', description: 'the user, by e-mail address' },
  { flags: '--debug-http', description: 'show each request and answer on stderr, without secrets' },
];

/** Options of all commands. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '-q, --quiet', description: 'no messages and no progress on stderr, only errors' },
  { flags: '-v, --verbose', description: 'more messages on stderr, and stack traces of errors' },
];

/** The option of commands that can show what they would do. */
export const DRY_RUN_OPTION: OptionSpec = {
  flags: '--dry-run',
  description: 'change nothing; show the XML that would be sent, without secrets',
};

/** The option of commands that ask first. */
export const ASK_OPTION: OptionSpec = { flags: '-y, --yes', description: 'do not ask' };

/** All options of a command, its own first. */
export function optionsOf(command: CommandSpec): {
  readonly own: readonly OptionSpec[];
  readonly output: readonly OptionSpec[];
  readonly connection: readonly OptionSpec[];
  readonly common: readonly OptionSpec[];
} {
  return {
    own: [
      ...(command.options ?? []),
      ...(command.hasDryRun ? [DRY_RUN_OPTION] : []),
      ...(command.asks ? [ASK_OPTION] : []),
    ],
    output: command.prints ? PRINT_OPTIONS : [],
    connection: command.connects ? CONNECT_OPTIONS : [],
    common: COMMON_OPTIONS,
  };
}
