import { contract } from '@ips-sdk/types/contract';
import { docs } from '@ips-sdk/types/docs';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/** The names of all schemas: types, and messages by their element names, such as `submitJobParam`. */
export function schemaNames(): string[] {
  const elements = Object.values(contract.messages).map(({ element }) => element);
  return [...new Set([...elements, ...Object.keys(contract.types), ...Object.keys(docs.constants)])].sort();
}

/**
 * Resolves the name of a schema. `SubmitJobParam` and `submitJob` are aliases of `submitJobParam`.
 *
 * @throws CliError for an unknown name.
 */
export function schemaName(text: string): string {
  const names = new Set(schemaNames());
  if (names.has(text)) return text;
  const lower = text.charAt(0).toLowerCase() + text.slice(1);
  if (names.has(lower)) return lower;
  const operation = Object.hasOwn(contract.operations, text) ? contract.operations[text] : undefined;
  const element = operation === undefined ? undefined : contract.messages[operation.input]?.element;
  if (element !== undefined) return element;
  const meant = nearest(text, [...names, ...Object.keys(contract.operations)]);
  throw new CliError(
    EXIT.usage,
    `unknown type or message ${JSON.stringify(text)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    'ips schema lists all names',
  );
}
