import { Argument, Command, CommanderError, Option } from 'commander';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-code.js';
import { painter, wantsColor } from './output/colors.js';
import { quoted } from './quoted.js';
import {
  type ArgumentSpec,
  type CommandModule,
  type CommandSpec,
  type OptionSpec,
  optionsOf,
} from './spec.js';
import { tree } from './tree/tree.js';
import { unknownCommand } from './unknown-command.js';
import { version } from './version.js';

/** A command line that was understood: what to run, with what. */
export interface ParsedCommand {
  readonly load: () => Promise<CommandModule>;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** What became of a command line: a command to run, or the end already: help was printed, or there is an error. */
export type Parsed = ParsedCommand | { readonly exitCode: number; readonly error?: CliError };

/** Parses a command line. */
export async function parse(
  args: readonly string[],
  stdout: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv,
): Promise<Parsed> {
  // `ips help job list` is `ips job list --help`.
  const given = args[0] === 'help' ? [...args.slice(1), '--help'] : [...args];
  const path = commandPath(given);
  const last = path.at(-1) ?? tree;
  const unknown = unknownCommand(path, given);
  if (unknown !== undefined) return { exitCode: EXIT.usage, error: unknown };
  // A noun without a verb prints its verbs.
  if (last.commands !== undefined && given.length === path.length) given.push('--help');
  let found: Parsed | undefined;
  const program = build(tree, path, (parsed) => {
    found = parsed;
  });
  program.version(version(), '-V, --version', 'print the version');
  decorate(program, stdout, env);
  if (last.name === 'call' && given.includes('--help')) {
    const operation = given.find((word, i) => i > 0 && !word.startsWith('-'));
    if (operation !== undefined) {
      const { operationHelp } = await import('./commands/operation-help.js');
      stdout.write(operationHelp(operation, painter(wantsColor(stdout, env))));
      return { exitCode: EXIT.ok };
    }
  }
  try {
    program.parse(given, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { exitCode: EXIT.ok };
    return { exitCode: EXIT.usage, error: usageError(error, path, given) };
  }
  return found ?? { exitCode: EXIT.ok };
}

/** The nouns and verb that a command line begins with. */
function commandPath(args: readonly string[]): CommandSpec[] {
  const path: CommandSpec[] = [];
  let at: CommandSpec = tree;
  for (const word of args) {
    const next = at.commands?.find(({ name, aliases }) => name === word || aliases?.includes(word));
    if (next === undefined) break;
    path.push(next);
    at = next;
  }
  return path;
}

function build(spec: CommandSpec, path: readonly CommandSpec[], found: (parsed: Parsed) => void): Command {
  const command = new Command(spec.name).summary(spec.summary).exitOverride();
  command.description(
    spec.description === undefined ? spec.summary : `${spec.summary}\n\n${spec.description}`,
  );
  if (spec.aliases?.length) command.aliases([...spec.aliases]);
  const [next, ...rest] = path;
  for (const child of spec.commands ?? []) {
    // The other commands are added only for lists and suggestions.
    command.addCommand(child === next ? build(child, rest, found) : stub(child));
  }
  if (spec.commands !== undefined) command.helpCommand(false);
  const { load } = spec;
  if (load !== undefined) {
    for (const argument of spec.arguments ?? []) command.addArgument(argumentOf(argument));
    const { own, output, connection, common } = optionsOf(spec);
    for (const option of own) command.addOption(optionOf(option));
    for (const option of output) command.addOption(optionOf(option).helpGroup('Output:'));
    for (const option of connection) command.addOption(optionOf(option).helpGroup('Connection:'));
    for (const option of common) command.addOption(optionOf(option).helpGroup('Common:'));
    command.action((...values: unknown[]) => {
      const args = values.slice(0, -2);
      found({ load, args, options: values.at(-2) as Record<string, unknown> });
    });
  }
  if (spec.examples.length > 0) command.addHelpText('after', () => examplesText(spec));
  return command;
}

function stub(spec: CommandSpec): Command {
  const command = new Command(spec.name).summary(spec.summary).description(spec.summary);
  if (spec.aliases?.length) command.aliases([...spec.aliases]);
  for (const argument of spec.arguments ?? []) command.addArgument(argumentOf(argument));
  return command;
}

function argumentOf({ syntax, description }: ArgumentSpec): Argument {
  return new Argument(syntax, description);
}

function optionOf({
  flags,
  description,
  choices,
  default: value,
  repeatable,
  parse: read,
}: OptionSpec): Option {
  const option = new Option(flags, description);
  if (choices) option.choices([...choices]);
  if (value !== undefined) option.default(value);
  if (repeatable) option.argParser((text, before?: string[]) => [...(before ?? []), text]);
  else if (read) option.argParser((text) => read(text));
  return option;
}

/** The examples at the end of a help text. */
function examplesText({ examples }: CommandSpec): string {
  const lines = examples.map(({ command, says }) => `  # ${says}\n  $ ${command}`);
  return `\nExamples:\n${lines.join('\n\n')}`;
}

/** Colors and widths for the whole tree. */
function decorate(command: Command, stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): void {
  const colored = wantsColor(stdout, env);
  const paint = painter(colored);
  command.configureOutput({
    writeOut: (text) => void stdout.write(text),
    // All errors are printed in one form, by main.
    outputError: () => undefined,
    writeErr: () => undefined,
    getOutHasColors: () => colored,
    getOutHelpWidth: () => Math.min(100, stdout.columns ?? 80),
  });
  command.configureHelp({
    showGlobalOptions: false,
    styleTitle: (text) => paint('bold', text),
    styleCommandText: (text) => paint('cyan', text),
    styleSubcommandText: (text) => paint('cyan', text),
    styleOptionText: (text) => paint('cyan', text),
    styleArgumentText: (text) => paint('cyan', text),
    subcommandTerm: (one) => [one.name(), ...one.registeredArguments.map((a) => termOf(a))].join(' '),
  });
  for (const child of command.commands) decorate(child, stdout, env);
}

function termOf(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '...' : '');
  return argument.required ? `<${name}>` : `[${name}]`;
}

function usageError(error: CommanderError, path: readonly CommandSpec[], args: readonly string[]): CliError {
  const command = ['ips', ...path.map(({ name }) => name)].join(' ');
  let message = error.message
    .replace(/^error: /, '')
    .replace(/\n\((Did you mean .*)\)$/s, (_, meant: string) => {
      return `; ${meant.charAt(0).toLowerCase()}${meant.slice(1)}`;
    });
  const option = args.includes('--json') ? '--json' : '--csv';
  const taken = args.indexOf(option);
  const fields = args[taken + 1];
  // Both take the next word as their fields.
  if (error.code === 'commander.missingArgument' && taken !== -1 && fields !== undefined)
    message += `; ${option} took ${JSON.stringify(fields)} as its fields, so put it last`;
  if (path.length === 0 && error.code === 'commander.unknownOption') {
    const options = args.findIndex((word) => !word.startsWith('-'));
    const behind = options === -1 ? [] : args.slice(options);
    const hint =
      commandPath(behind).length === 0
        ? 'ips --help lists the commands; ips --version prints the version'
        : `options go after the command: ips ${[...behind, ...args.slice(0, options)].map(quoted).join(' ')}`;
    return new CliError(EXIT.usage, message, hint);
  }
  return new CliError(EXIT.usage, message, `${command} --help`);
}
