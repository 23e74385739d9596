import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-code.js';
import { quoted } from './quoted.js';
import type { CommandSpec } from './spec.js';
import { tree } from './tree/tree.js';

/**
 * Creates the error for an unknown command; `undefined` if every word is a known command.
 *
 * @param path - The known commands at the beginning of the line.
 * @param args - The whole line.
 */
export function unknownCommand(path: readonly CommandSpec[], args: readonly string[]): CliError | undefined {
  const { commands } = path.at(-1) ?? tree;
  const [word, ...rest] = args.slice(path.length);
  if (commands === undefined || word === undefined || word.startsWith('-')) return undefined;
  const names = path.map(({ name }) => name);
  const meant = meantBy(word, commands);
  if (meant !== undefined) {
    const line = ['ips', ...names, meant, ...rest.map(quoted)].join(' ');
    return new CliError(EXIT.usage, `unknown command '${word}'; did you mean ${meant}?`, line);
  }
  const hint = path.length === 0 ? elsewhere(word, rest, commands) : undefined;
  const list = path.length === 0 ? 'ips --help lists the commands' : `ips ${names.join(' ')} --help`;
  return new CliError(EXIT.usage, `unknown command '${word}'`, hint ?? list);
}

/** The name of the command that a misspelled or abbreviated word probably means. */
function meantBy(word: string, commands: readonly CommandSpec[]): string | undefined {
  const begun = commands.filter(({ name }) => name.startsWith(word));
  if (begun.length === 1) return begun[0]?.name;
  const all = commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const found = nearest(word, all);
  return commands.find(({ name, aliases }) => name === found || aliases?.includes(found ?? ''))?.name;
}

/** The hint for a verb in place of a noun: `ips list jobs`, or only `ips list`. */
function elsewhere(word: string, rest: readonly string[], nouns: readonly CommandSpec[]): string | undefined {
  const having = nouns.filter(({ commands = [] }) =>
    commands.some(({ name, aliases }) => name === word || aliases?.includes(word)),
  );
  if (having.length === 0) return undefined;
  const [noun, ...more] = rest;
  const meant = noun === undefined ? undefined : meantBy(noun, having);
  if (meant !== undefined) return ['ips', meant, word, ...more.map(quoted)].join(' ');
  return having.map(({ name }) => `ips ${name} ${word}`).join(', ');
}
