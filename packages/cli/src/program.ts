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

/** A command line that was understood: what to run, with what. */
export interface ParsedCommand {
  /** Its words: `job`, `list`. */
  readonly path: readonly string[];
  readonly load: () => Promise<CommandModule>;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command line that ends here: help was printed, or it is wrong. */
export interface EndedCommand {
  readonly path: readonly string[];
  readonly exitCode: number;
  readonly error?: CliError;
}

/** What became of a command line. */
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
    // The value of an option is wrong.
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
  else if (read) option.argParser((text) => readValue(option.long ?? flags, text, read));
  return option;
}

/** Reads the value of an option. An error names the option. */
function readValue(option: string, text: string, read: (text: string) => unknown): unknown {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(error.exitCode, `${option}: ${error.message}`, error.hint);
  }
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
  const taken = args.indexOf('--json');
  const fields = args[taken + 1];
  // `--json` takes the next word as its fields.
  if (error.code === 'commander.missingArgument' && taken !== -1 && fields !== undefined)
    message += `; --json took ${JSON.stringify(fields)} as its fields, so put it last`;
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
