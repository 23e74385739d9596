import { Argument, Command, CommanderError, Option } from 'commander';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-code.js';
import { childOf, readLine } from './globals.js';
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

/** A valid command line: the command to run, with its arguments and options. */
export interface ParsedCommand {
  /** The words of the command: `job`, `list`. */
  readonly path: readonly string[];
  readonly load: () => Promise<CommandModule>;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command line with nothing left to run: help was printed, or the command line is invalid. */
export interface EndedCommand {
  readonly path: readonly string[];
  readonly exitCode: number;
  readonly error?: CliError;
}

/** The result of parsing a command line. */
export type Parsed = ParsedCommand | EndedCommand;

/** Parses a command line. */
export async function parse(
  args: readonly string[],
  stdout: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv,
): Promise<Parsed> {
  const line = readLine(args);
  const { path, rest } = line;
  const names = path.map(({ name }) => name);
  if (line.wantsVersion) {
    stdout.write(`${version()}\n`);
    return { path: names, exitCode: EXIT.ok };
  }
  const last = path.at(-1) ?? tree;
  const unknown = unknownCommand(path, [...names, ...rest]);
  if (unknown !== undefined) return { path: names, exitCode: EXIT.usage, error: unknown };
  // A noun without a verb prints its verbs.
  const isNoun = last.commands !== undefined && rest.length === 0;
  const given = isNoun ? [...names, '--help'] : [...line.words];
  if (line.wantsHelp && !isNoun) given.splice(names.length, 0, '--help');
  let found: Parsed | undefined;
  const program = build(tree, path, (parsed) => {
    found = { ...parsed, path: names };
  });
  program.version(version(), '-V, --version', 'print the version');
  decorate(program, stdout, env);
  if (last.name === 'call' && given.includes('--help')) {
    const operation = rest.find((word) => !word.startsWith('-'));
    if (operation !== undefined) {
      const { operationHelp } = await import('./commands/operation-help.js');
      stdout.write(operationHelp(operation, painter(wantsColor(stdout, env))));
      return { path: names, exitCode: EXIT.ok };
    }
  }
  try {
    program.parse(given, { from: 'user' });
  } catch (error) {
    // An option has an invalid value.
    if (error instanceof CliError) return { path: names, exitCode: EXIT.usage, error };
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { path: names, exitCode: EXIT.ok };
    return { path: names, exitCode: EXIT.usage, error: usageError(error, path, given) };
  }
  return found ?? { path: names, exitCode: EXIT.ok };
}

function build(
  spec: CommandSpec,
  path: readonly CommandSpec[],
  found: (parsed: Omit<ParsedCommand, 'path'>) => void,
): Command {
  const command = new Command(spec.name).summary(spec.summary).exitOverride();
  command.description(
    spec.description === undefined ? spec.summary : `${spec.summary}\n\n${spec.description}`,
  );
  if (spec.aliases?.length) command.aliases([...spec.aliases]);
  const [next, ...rest] = path;
  for (const child of spec.commands ?? []) {
    // Other commands are added only to be listed and suggested.
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
  default: preset,
  defaultText,
  repeatable,
  parse: read,
}: OptionSpec): Option {
  const option = new Option(flags, description);
  if (choices) option.choices([...choices]);
  if (preset !== undefined) option.default(preset, defaultText);
  const value = (text: string): unknown =>
    read === undefined ? text : readValue(option.long ?? flags, text, read);
  if (repeatable) option.argParser((text, before?: unknown[]) => [...(before ?? []), value(text)]);
  else if (read) option.argParser(value);
  return option;
}

/** Parses the value of an option. Adds the name of the option to an error. */
function readValue(option: string, text: string, read: (text: string) => unknown): unknown {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(error.exitCode, `${option}: ${error.message}`, error.hint);
  }
}

/** The examples section of a help text. */
function examplesText({ examples }: CommandSpec): string {
  const lines = examples.map(({ command, says }) => `  # ${says}\n  $ ${command}`);
  return `\nExamples:\n${lines.join('\n\n')}`;
}

/** Configures colors and widths for a command and its subcommands. */
function decorate(command: Command, stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv): void {
  const colored = wantsColor(stdout, env);
  const paint = painter(colored);
  command.configureOutput({
    writeOut: (text) => void stdout.write(text),
    // reportError prints all errors.
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
  message = message.replace(
    /^option '.*?(--[\w-]+)[^']*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
    (_, name: string, given: string, choices: string) =>
      `${name}: expected ${choices.replace(/, ([^,]+)$/, ' or $1')}, found ${JSON.stringify(given)}`,
  );
  const option = args.includes('--json') ? '--json' : '--csv';
  const taken = args.indexOf(option);
  const fields = args[taken + 1];
  // --json and --csv take the next word as their list of fields.
  if (error.code === 'commander.missingArgument' && taken !== -1 && fields !== undefined)
    message += `; ${option} took ${JSON.stringify(fields)} as its fields, so put it last`;
  const at = path.at(-1) ?? tree;
  if (at.commands !== undefined && error.code === 'commander.unknownOption') {
    const more = args.slice(path.length);
    const word = more.findIndex((one) => childOf(at, one) !== undefined);
    const hint =
      word === -1
        ? `${command} --help lists the commands`
        : `options go after the command: ${[command, ...[...more.slice(word), ...more.slice(0, word)].map(quoted)].join(' ')}`;
    return new CliError(EXIT.usage, message, hint);
  }
  return new CliError(EXIT.usage, message, `${command} --help`);
}
