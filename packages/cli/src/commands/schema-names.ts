import { contract } from '@ips-sdk/types/contract';
import { docs } from '@ips-sdk/types/docs';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import { nearest } from '../nearest.js';

/** The names of all types, messages and lists of constants that have a schema. */
export function schemaNames(): string[] {
  const names = [
    ...Object.keys(contract.messages),
    ...Object.keys(contract.types),
    ...Object.keys(docs.constants),
  ];
  return [...new Set(names)].sort();
}

/**
 * The name as the contract has it: `submitJobParam` is `SubmitJobParam`, and `submitJob` too.
 *
 * @throws CliError when there is none.
 */
export function schemaName(text: string): string {
  const names = schemaNames();
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  const found = names.find((name) => name === text || name === upper);
  if (found !== undefined) return found;
  const operation = Object.hasOwn(contract.operations, text) ? contract.operations[text] : undefined;
  if (operation !== undefined) return operation.input;
  const meant = nearest(text, [...names, ...Object.keys(contract.operations)]);
  throw new CliError(
    EXIT.usage,
    `the contract has no type or message ${JSON.stringify(text)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    'ips schema lists all names',
  );
}
