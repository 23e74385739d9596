import type { Context } from './context.js';
import { httpUrl } from './url-values.js';

/** The source of completions for a value. */
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
  /** The flags in the syntax of commander: `-f, --field <key=value>`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: unknown;
  /** How help shows the default, if not as its value. */
  readonly defaultText?: string;
  /** Whether the option may be repeated. Its values are collected in an array. */
  readonly repeatable?: true;
  /** Parses or checks each value while the command line is read, before the command runs. */
  readonly parse?: (text: string) => unknown;
  readonly completion?: Completion;
}

/** The implementation of a command. Each has its own module, loaded only when the command runs. */
export interface CommandModule {
  readonly run: (context: Context, options: never, ...args: never[]) => Promise<number | undefined>;
  /** The fields that `--json` and `--csv` accept, if it prints data. */
  readonly fields?: readonly string[] | ((options: never, ...args: never[]) => readonly string[]);
}

/** The specification of a command: a noun with verbs, or a verb. Help and completion are generated from it. */
export interface CommandSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line, for lists. */
  readonly summary: string;
  /** Details, shown in help below the summary. */
  readonly description?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  readonly examples: readonly { readonly command: string; readonly says: string }[];
  /** Whether it prints data, which adds the output options. */
  readonly prints?: boolean;
  /** Whether it prints a list, which adds `--csv`. */
  readonly lists?: boolean;
  /** Whether it calls the service. */
  readonly connects?: boolean;
  /** Whether it has `--dry-run`. */
  readonly hasDryRun?: boolean;
  /** Whether it prompts before a destructive change, which adds `--yes`. */
  readonly asks?: boolean;
  /** The verbs of a noun. */
  readonly commands?: readonly CommandSpec[];
  /** Loads the implementation; absent for a noun. */
  readonly load?: () => Promise<CommandModule>;
}

/** Options of commands that print data. */
export const PRINT_OPTIONS: readonly OptionSpec[] = [
  { flags: '--json [fields]', description: 'print JSON with all fields, or only these: name,state' },
  { flags: '--jq <expression>', description: 'apply a jq expression to the JSON and print the result' },
  {
    flags: '--template <template>',
    description: 'print a Mustache template for each row: "{{name}} {{state}}"',
  },
];

/** The option of commands that print lists. */
export const CSV_OPTION: OptionSpec = {
  flags: '--csv [fields]',
  description: 'print CSV with a header line and the columns of the table, or only these fields',
};

/** Options of commands that call the service. */
export const CONNECT_OPTIONS: readonly OptionSpec[] = [
  { flags: '--profile <name>', description: 'use this profile', completion: 'profile' },
  {
    flags: '--endpoint <url>',
    description: 'the URL of the SOAP service, instead of region and stage',
    parse: httpUrl,
  },
  {
    flags: '--region <region>',
    description: 'the region of the account',
    choices: ['na', 'emea', 'apac'],
  },
  {
    flags: '--stage <stage>',
    description: 'the environment of the service',
    choices: ['production', 'staging'],
  },
  { flags: '--company <name>', description: 'the company, by name or handle' },
  { flags: '--user <email>', description: 'the email address of the user' },
  { flags: '--debug-http', description: 'print each request and response to stderr, without secrets' },
];

/** Options of all commands. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { flags: '-q, --quiet', description: 'print only errors to stderr, no messages or progress' },
  { flags: '-v, --verbose', description: 'print more messages and stack traces to stderr' },
];

/** The option of commands that can show their requests without sending them. */
export const DRY_RUN_OPTION: OptionSpec = {
  flags: '--dry-run',
  description: 'print the XML that would be sent, without secrets, and change nothing',
};

/** The option of commands that prompt. */
export const ASK_OPTION: OptionSpec = { flags: '-y, --yes', description: 'continue without a prompt' };

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
    output: [...(command.prints ? PRINT_OPTIONS : []), ...(command.lists ? [CSV_OPTION] : [])],
    connection: command.connects ? CONNECT_OPTIONS : [],
    common: COMMON_OPTIONS,
  };
}
