import { parse } from 'shell-quote';
import { type CommandSpec, commandTree, type OptionSpec } from '../src/packages/command-page.ts';

const { tree, optionsOf } = await commandTree();

/** The calls of `ips` in a script, each as its words without `ips`: those of pipelines and lists, and those behind `npx`. */
export function ipsCalls(script: string): string[][] {
  // Line by line: the parser takes a line break for a space. A line that ends with a backslash continues.
  return script.replace(/\\\n/g, ' ').split('\n').flatMap(callsOfLine);
}

function callsOfLine(line: string): string[][] {
  const commands: string[][] = [[]];
  let redirects = false;
  for (const token of parse(line, (name) => `$${name}`)) {
    if (typeof token === 'object' && 'comment' in token) break;
    if (typeof token === 'object' && token.op !== 'glob') {
      redirects = /^[<>]/.test(token.op);
      if (!redirects) commands.push([]);
    } else if (redirects) redirects = false;
    else commands.at(-1)?.push(typeof token === 'string' ? token : 'pattern' in token ? token.pattern : '');
  }
  return commands
    .map((words) => words.slice(words.findIndex((word) => !/^\w+=/.test(word) && word !== 'npx')))
    .filter(([command]) => command === 'ips')
    .map(([, ...words]) => words);
}

/**
 * Checks one call of `ips` against its commands: that commands and options exist, that options have values where they take them, among
 * their choices, and that no required argument is missing.
 *
 * @returns The first mistake, or `undefined`.
 */
export function mistakeOf(words: readonly string[]): string | undefined {
  let command: CommandSpec = tree;
  const path = ['ips'];
  const options: OptionSpec[] = [];
  const operands: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      if (path.join(' ') === 'ips record') return mistakeOf(rest);
      operands.push(...rest.splice(0));
    } else if (word.startsWith('-') && word !== '-') {
      const [flag = '', inline] = word.split(/=(.*)/s);
      if (flag === '--help') return undefined;
      const found = optionNamed(command, flag);
      if (found === undefined) return `${path.join(' ')} has no option ${flag}`;
      options.push(found);
      const value = takesValue(found, inline, rest);
      if (value === undefined && found.flags.includes('<')) return `${flag} needs a value`;
      if (value !== undefined && found.choices !== undefined && !found.choices.includes(value))
        return `${flag} has no choice ${value}`;
    } else {
      const below: CommandSpec | undefined = (command.commands ?? []).find(
        ({ name, aliases }) => name === word || aliases?.includes(word),
      );
      if (below !== undefined) {
        command = below;
        path.push(word);
      } else if (command.commands !== undefined) return `${path.join(' ')} has no command ${word}`;
      else operands.push(word);
    }
  }
  const required = (command.arguments ?? []).filter(({ syntax }) => syntax.startsWith('<')).length;
  const isVariadic = command.arguments?.some(({ syntax }) => syntax.includes('...')) ?? false;
  if (command.commands !== undefined && path.length > 1) return `${path.join(' ')} needs a command`;
  if (operands.length < required) return `${path.join(' ')} needs more arguments`;
  if (!isVariadic && operands.length > (command.arguments?.length ?? 0))
    return `${path.join(' ')} takes no argument ${operands.at(-1)}`;
  return undefined;
}

/** Shared options of a command can come before it, so a noun accepts those of its verbs. */
function optionNamed(command: CommandSpec, flag: string): OptionSpec | undefined {
  const { own, output, connection, common } = optionsOf(command);
  const here = [...own, ...output, ...connection, ...common].find(({ flags }) =>
    flags.split(/[ ,]+/).includes(flag),
  );
  if (here !== undefined || command.commands === undefined) return here;
  const shared = optionsOf({ ...command, prints: true, connects: true });
  return [...shared.output, ...shared.connection].find(({ flags }) => flags.split(/[ ,]+/).includes(flag));
}

function takesValue({ flags }: OptionSpec, inline: string | undefined, rest: string[]): string | undefined {
  if (inline !== undefined) return inline;
  if (flags.includes('<')) return rest.shift();
  const next = rest[0];
  // An optional value, as of --json, is the next word unless that is an option.
  return flags.includes('[') && next !== undefined && !next.startsWith('-') ? rest.shift() : undefined;
}
