import { childOf, GLOBAL_OPTIONS, takes } from '../globals.js';
import type { ArgumentSpec, CommandSpec, Completion, OptionSpec } from '../spec.js';
import { optionsOf } from '../spec.js';
import { tree } from '../tree/tree.js';

/** A possible completion of a word. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** The completions of the last word, and whether files complete it too. */
export interface Completions {
  readonly candidates: readonly Candidate[];
  readonly files: boolean;
}

/** Prints completions for a shell. */
export async function printCompletions(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  stdout: NodeJS.WriteStream,
): Promise<number> {
  // PowerShell cannot pass an empty word.
  const given = words.map((word) => (word === '""' ? '' : word));
  const { candidates, files } = await complete(given, env);
  const lines = candidates.map(({ value, description }) => `${value}\t${description.replace(/\s+/g, ' ')}`);
  if (files) lines.push(':files');
  stdout.write(lines.map((line) => `${line}\n`).join(''));
  return 0;
}

/**
 * Completes the last word.
 *
 * @param words - The words after `ips`. The last one may be incomplete or empty.
 */
export async function complete(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Completions> {
  const typed = words.at(-1) ?? '';
  let at: CommandSpec = tree;
  let positional = 0;
  let before: OptionSpec | undefined;
  const done = words.slice(0, -1);
  let isHelp = false;
  for (const word of done) {
    const isValue = before?.flags.includes('<') ? !word.startsWith('-') : before && takes(before, at, word);
    before = undefined;
    if (isValue) continue;
    const child = childOf(at, word);
    if (child !== undefined) at = child;
    else if (word === 'help' && at.commands !== undefined) isHelp = true;
    else if (word.startsWith('-')) before = word.includes('=') ? undefined : findOption(at, word);
    else positional += 1;
  }
  const assigned = /^(--[\w-]+)=(.*)$/s.exec(typed);
  if (assigned !== null) {
    const [, name = '', value = ''] = assigned;
    const found = await completeOption(findOption(at, name), value, env);
    return {
      ...found,
      candidates: found.candidates.map((one) => ({ ...one, value: `${name}=${one.value}` })),
    };
  }
  if (typed.startsWith('-')) return { candidates: starting(optionCandidates(at), typed), files: false };
  if (before?.flags.includes('<')) return completeOption(before, typed, env);
  if (at.commands !== undefined) {
    const commands = at.commands.map(({ name, summary }) => ({ value: name, description: summary }));
    const help = isHelp ? [] : [{ value: 'help', description: 'show help for a command' }];
    return { candidates: starting([...commands, ...help], typed), files: false };
  }
  const argument = argumentAt(at, positional);
  return argument === undefined
    ? { candidates: [], files: false }
    : completeWith(argument.completion, typed, env, at);
}

function argumentAt({ arguments: all = [] }: CommandSpec, index: number): ArgumentSpec | undefined {
  const last = all.at(-1);
  return all[index] ?? (last?.syntax.includes('...') ? last : undefined);
}

function allOptions(command: CommandSpec): readonly OptionSpec[] {
  if (command.commands !== undefined) return GLOBAL_OPTIONS;
  const { own, output, connection, common } = optionsOf(command);
  return [...own, ...output, ...connection, ...common];
}

function findOption(command: CommandSpec, word: string): OptionSpec | undefined {
  return allOptions(command).find(({ flags }) => flags.split(/[ ,]+/).includes(word));
}

function optionCandidates(command: CommandSpec): Candidate[] {
  const options = allOptions(command).map(({ flags, description }) => ({
    value: /--[\w-]+/.exec(flags)?.[0] ?? flags,
    description,
  }));
  const version = command === tree ? [{ value: '--version', description: 'print the version' }] : [];
  return [...options, ...version, { value: '--help', description: 'show help for the command' }];
}

async function completeOption(
  option: OptionSpec | undefined,
  typed: string,
  env: NodeJS.ProcessEnv,
): Promise<Completions> {
  if (option?.choices !== undefined) return completeWith(option.choices, typed, env);
  return completeWith(option?.completion, typed, env);
}

async function completeWith(
  completion: Completion | undefined,
  typed: string,
  env: NodeJS.ProcessEnv,
  command?: CommandSpec,
): Promise<Completions> {
  if (completion === 'file') return { candidates: [], files: true };
  const candidates = completion === undefined ? [] : await candidatesOf(completion, env, command);
  return { candidates: starting(candidates, typed), files: false };
}

async function candidatesOf(
  completion: Completion,
  env: NodeJS.ProcessEnv,
  command: CommandSpec | undefined,
): Promise<Candidate[]> {
  const plain = (values: readonly string[]): Candidate[] =>
    values.map((value) => ({ value, description: '' }));
  if (typeof completion !== 'string') return plain(completion);
  switch (completion) {
    case 'operation': {
      const { docs } = await import('@ips-sdk/types/docs');
      return Object.entries(docs.operations).map(([value, { description = '' }]) => ({
        value,
        description: description.split('. ')[0] ?? '',
      }));
    }
    case 'profile': {
      const { Profiles } = await import('../config/profiles.js');
      // Completion cannot report an invalid file.
      const profiles = await Profiles.load(env).catch(() => undefined);
      return plain(profiles?.names ?? []);
    }
    case 'schema': {
      const { schemaNames } = await import('../commands/schema-names.js');
      return plain(schemaNames());
    }
    case 'job-kind': {
      const { jobKinds } = await import('@ips-sdk/types/jobs');
      return plain(jobKinds.filter((kind) => kind !== 'uploadPostJob'));
    }
    case 'asset-type': {
      const { assetTypes } = await import('@ips-sdk/types/constants');
      return plain(assetTypes);
    }
    case 'command':
      return (command?.commands ?? []).map(({ name, summary }) => ({ value: name, description: summary }));
    default:
      return [];
  }
}

function starting(candidates: readonly Candidate[], typed: string): Candidate[] {
  const wanted = typed.toLowerCase();
  return candidates.filter(({ value }) => value.toLowerCase().startsWith(wanted));
}
