import type { Right } from '@ips-sdk/client';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from './cli-error.js';
import { EXIT } from './exit-code.js';

/** Rights of one group, as on the command line: `Upload=Read,Write`. */
export interface GroupRights {
  /** Name or handle of the group. */
  readonly group: string;
  readonly rights: readonly Right[];
}

const RIGHTS: readonly Right[] = ['Read', 'Write', 'Delete'];
const WORDS = [...RIGHTS, 'all'];

/** @throws CliError if the text is not a group with rights. */
export function parseGroupRights(text: string): GroupRights {
  // Names of groups may contain an equals sign, rights do not.
  const at = text.lastIndexOf('=');
  const group = text.slice(0, Math.max(0, at)).trim();
  if (group === '') throw refused(text);
  const words = text
    .slice(at + 1)
    .split(',')
    .map((word) => word.trim());
  const rights = words.flatMap((word) => {
    if (word.toLowerCase() === 'all') return RIGHTS;
    const right = RIGHTS.find((each) => each.toLowerCase() === word.toLowerCase());
    if (right === undefined) throw refused(text, nearest(word, WORDS));
    return [right];
  });
  return { group, rights: [...new Set(rights)] };
}

function refused(text: string, meant?: string): CliError {
  return new CliError(
    EXIT.usage,
    `expected a group and its rights such as Upload=Read,Write, found ${JSON.stringify(text)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    `the rights are ${RIGHTS.join(', ')}, or all for the three of them`,
  );
}
