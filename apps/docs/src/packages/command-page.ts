import type { Page } from '../page.ts';
import { blocks, code, codeBlock, escapeMarkdown, table } from '../reference/markdown.ts';

/** A positional argument of a command. */
export interface ArgumentSpec {
  readonly syntax: string;
  readonly description: string;
}

/** An option of a command. */
export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: unknown;
}

/** A command as the command line describes it; help and completion use the same data. */
export interface CommandSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly examples: readonly { readonly command: string; readonly says: string }[];
  readonly prints?: boolean;
  readonly connects?: boolean;
  readonly commands?: readonly CommandSpec[];
}

/** The options of a command, by group. */
export interface OptionGroups {
  readonly own: readonly OptionSpec[];
  readonly output: readonly OptionSpec[];
  readonly connection: readonly OptionSpec[];
  readonly common: readonly OptionSpec[];
}

export type OptionsOf = (command: CommandSpec) => OptionGroups;

const PACKAGE = import.meta.resolve('@ips-sdk/cli/package.json');

/** The commands of `ips` as it was built, and the function that lists the options of one. */
export async function commandTree(): Promise<{ tree: CommandSpec; optionsOf: OptionsOf }> {
  const { tree } = (await import(new URL('dist/tree.js', PACKAGE).href)) as { tree: CommandSpec };
  const { optionsOf } = (await import(new URL('dist/spec.js', PACKAGE).href)) as { optionsOf: OptionsOf };
  return { tree, optionsOf };
}

/** All commands of `ips` with their arguments, options and examples. */
export async function commandPage(): Promise<Page> {
  const { tree, optionsOf } = await commandTree();
  const shared = optionsOf({ ...tree, prints: true, connects: true });
  return {
    path: 'packages/cli/commands',
    title: 'Commands of ips',
    description: 'Every command of ips, with its arguments, options and examples.',
    section: 'packages',
    group: 'cli',
    body: blocks(
      escapeMarkdown(tree.description ?? tree.summary),
      examples(tree),
      ...(tree.commands ?? []).flatMap((command) => sections(command, 'ips', 2, optionsOf)),
      '## Shared options',
      'Every command accepts:',
      optionTable(shared.common),
      'Commands that call the service also accept:',
      optionTable(shared.connection),
      'Commands that print data also accept:',
      optionTable(shared.output),
    ),
  };
}

/** A command, and those below it. */
function sections(command: CommandSpec, parent: string, level: number, optionsOf: OptionsOf): string[] {
  const line = `${parent} ${command.name}`;
  const below = command.commands ?? [];
  const { own } = optionsOf(command);
  const usage = [
    line,
    ...(command.arguments ?? []).map(({ syntax }) => syntax),
    ...(own.length > 0 ? ['[options]'] : []),
  ];
  return [
    `${'#'.repeat(level)} ${line}`,
    sentence(command.summary),
    command.description === undefined ? '' : escapeMarkdown(command.description),
    command.aliases === undefined
      ? ''
      : `Alias: ${command.aliases.map((alias) => code(`${parent} ${alias}`)).join(', ')}.`,
    below.length > 0 || usage.length === 1 ? '' : codeBlock('sh', usage.join(' ')),
    argumentTable(command.arguments ?? []),
    below.length > 0 || own.length === 0 ? '' : optionTable(own),
    examples(command),
    ...below.flatMap((each) => sections(each, line, level + 1, optionsOf)),
  ];
}

function sentence(summary: string): string {
  const text = escapeMarkdown(summary);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function argumentTable(specs: readonly ArgumentSpec[]): string {
  if (specs.length === 0) return '';
  return table(
    ['Argument', 'Meaning'],
    specs.map(({ syntax, description }) => [code(syntax), escapeMarkdown(description)]),
  );
}

function optionTable(specs: readonly OptionSpec[]): string {
  return table(
    ['Option', 'Meaning'],
    specs.map((spec) => [code(spec.flags), optionMeaning(spec)]),
  );
}

function optionMeaning({ description, choices, default: fallback }: OptionSpec): string {
  const more = [
    choices === undefined ? '' : ` One of ${choices.map(code).join(', ')}.`,
    fallback === undefined ? '' : ` Default: ${code(String(fallback))}.`,
  ].join('');
  const text = escapeMarkdown(description);
  return more === '' || text.endsWith('.') ? text + more : `${text}.${more}`;
}

function examples({ examples: all }: CommandSpec): string {
  if (all.length === 0) return '';
  return codeBlock('sh', all.map(({ command, says }) => `# ${says}\n${command}`).join('\n\n'));
}
