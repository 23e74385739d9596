import type { CommandName } from './command-values.js';
import { findCommand } from './commands.js';
import { definedBy, macroTokens, withVariables } from './macro-tokens.js';
import { LIMITS, type ParseOptions } from './parse-options.js';
import { decodeValue } from './request-text.js';

/**
 * The texts of some commands of a request, before it is parsed as a whole: `template` and `locale` decide what else belongs to it.
 *
 * @returns The decoded text of the last occurrence of each command.
 * @throws DeliveryError for a value that is not encoded properly, or a request that exceeds its limits.
 *
 * @example
 * ```ts
 * import { namedTexts } from '@ips-sdk/delivery';
 *
 * console.log(namedTexts('template=Card&$text=Sale', ['template', 'locale'])); // { template: 'Card' }
 * ```
 */
export function namedTexts<Name extends CommandName>(
  text: string,
  names: readonly Name[],
  { macro, object, variables = {}, limits }: ParseOptions = {},
): { readonly [Found in Name]?: string } {
  const found: { [Found in Name]?: string } = {};
  const known = new Map(Object.entries(variables));
  if (object !== undefined) known.set('object', object);
  for (const token of macroTokens(text, macro, {
    limits: { ...LIMITS, ...limits },
    length: 0,
    commands: 0,
  })) {
    const variable = definedBy(token);
    if (variable !== undefined && token.value !== undefined)
      known.set(variable, decodeValue(token.name, token.value));
    const name = names.find((one) => one === findCommand(token.name));
    if (name !== undefined) found[name] = withVariables(decodeValue(name, token.value ?? ''), known);
  }
  return found;
}
