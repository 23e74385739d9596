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

/** The options that may stand before or after the command. Not every command has all of them. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  ...CONNECT_OPTIONS,
  ...PRINT_OPTIONS,
  DRY_RUN_OPTION,
  ASK_OPTION,
  ...COMMON_OPTIONS,
];

/** A command line, taken apart. */
export interface CommandLine {
  /** The nouns and verb that it begins with. */
  readonly path: readonly CommandSpec[];
  /** Everything after them, without global options that stand among them. */
  readonly rest: readonly string[];
  /** The path, the global options that stand among its words, and the rest. */
  readonly words: readonly string[];
  /** Whether the word `help` or the option stands among the words of the path. */
  readonly wantsHelp: boolean;
  /** Whether the option for the version stands among them. */
  readonly wantsVersion: boolean;
}

/** Takes a command line apart: global options and `help` may stand anywhere among the words of a command. */
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
        // Behind the rest, since it would take the next word for its value.
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

/** The command of a noun with a name. */
export function childOf({ commands }: CommandSpec, word: string): CommandSpec | undefined {
  return commands?.find(({ name, aliases }) => name === word || aliases?.includes(word));
}

/** Whether the next word is the value of an option that may go without one: not where it is a command. */
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
