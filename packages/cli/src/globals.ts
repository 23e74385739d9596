import {
  ASK_OPTION,
  COMMON_OPTIONS,
  CONNECT_OPTIONS,
  type CommandSpec,
  DRY_RUN_OPTION,
  type OptionSpec,
  PRINT_OPTIONS,
} from './spec.js';
import { tree } from './tree/tree.js';

/** Options allowed before or after the command. Not every command has all of them. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  ...CONNECT_OPTIONS,
  ...PRINT_OPTIONS,
  DRY_RUN_OPTION,
  ASK_OPTION,
  ...COMMON_OPTIONS,
];

/** A command line split into its parts. */
export interface CommandLine {
  /** The noun and verb at the beginning. */
  readonly path: readonly CommandSpec[];
  /** Everything after the path, without the global options inside the path. */
  readonly rest: readonly string[];
  /** The path, followed by the global options found inside it and the rest. */
  readonly words: readonly string[];
  /** Whether the path contains `help` or `--help`. */
  readonly wantsHelp: boolean;
  /** Whether the path contains `--version`. */
  readonly wantsVersion: boolean;
}

/** Splits a command line. Global options and `help` may appear anywhere among the words of a command. */
export function readLine(args: readonly string[]): CommandLine {
  const path: CommandSpec[] = [];
  const moved: string[] = [];
  const last: string[] = [];
  let at: CommandSpec = tree;
  let wantsHelp = false;
  let wantsVersion = false;
  let i = 0;
  for (; i < args.length && at.commands !== undefined; i += 1) {
    const word = args[i] ?? '';
    const child = childOf(at, word);
    if (child !== undefined) {
      path.push(child);
      at = child;
    } else if (/^(?:help|-h|--help)$/.test(word)) wantsHelp = true;
    else if (/^(?:-V|--version)$/.test(word)) wantsVersion = true;
    else {
      const found = globalOption(word);
      if (found === undefined) break;
      const next = args[i + 1];
      if (found === 'switches' || word.includes('=')) moved.push(word);
      else if (found.flags.includes('<')) {
        moved.push(word, ...(next === undefined ? [] : [next]));
        i += 1;
      } else if (takes(found, at, next)) {
        moved.push(`${word}=${next}`);
        i += 1;
        // Moved to the end; otherwise it would take the next word as its value.
      } else if (found.flags.includes('[')) last.push(word);
      else moved.push(word);
    }
  }
  const rest = args.slice(i);
  const names = path.map(({ name }) => name);
  const end = rest.indexOf('--');
  const [own, behind] = end === -1 ? [rest, []] : [rest.slice(0, end), rest.slice(end)];
  return { path, rest, words: [...names, ...moved, ...own, ...last, ...behind], wantsHelp, wantsVersion };
}

/** Finds a subcommand by name or alias. */
export function childOf({ commands }: CommandSpec, word: string): CommandSpec | undefined {
  return commands?.find(({ name, aliases }) => name === word || aliases?.includes(word));
}

/** Whether an option with an optional value takes the next word. It does not take the name of a command. */
export function takes(option: OptionSpec, at: CommandSpec, next: string | undefined): boolean {
  if (!option.flags.includes('[') || next === undefined || next.startsWith('-')) return false;
  return next !== 'help' && (at.commands === undefined || childOf(at, next) === undefined);
}

function globalOption(word: string): OptionSpec | 'switches' | undefined {
  if (!word.startsWith('-') || word === '-' || word === '--') return undefined;
  const name = word.split('=', 1)[0] ?? '';
  const found = GLOBAL_OPTIONS.find(({ flags }) => flags.split(/[ ,]+/).includes(name));
  if (found !== undefined) return found;
  const letters = /^-([A-Za-z]{2,})$/.exec(word)?.[1];
  const areSwitches = letters?.split('').every((letter) => {
    const one = GLOBAL_OPTIONS.find(({ flags }) => flags.startsWith(`-${letter},`));
    return one !== undefined && !/[<[]/.test(one.flags);
  });
  return areSwitches ? 'switches' : undefined;
}
